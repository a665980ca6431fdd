-- Texts by their digest: the script and the rules that a rehearsal began with, so that it goes on as it began
-- whatever is published in between.
CREATE TABLE rehearsal_text (
    digest TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL
);

CREATE TABLE rehearsal (
    id $ID NOT NULL PRIMARY KEY,
    person $ID NOT NULL,
    -- The team they were in when they began.
    team $ID,
    topic $ID,
    scenario TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The version of the scenario; 0 for a draft that is tried out.
    version_n BIGINT NOT NULL,
    script TEXT NOT NULL,
    rules TEXT NOT NULL,
    seed BIGINT NOT NULL,
    -- open, ended or given_up.
    state TEXT NOT NULL,
    -- Inputs stored so far.
    turns BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    process BIGINT,
    feeling BIGINT,
    outcome BIGINT,
    passed BOOLEAN,
    -- What the result page shows, as it was when it ended.
    result TEXT
);
CREATE INDEX rehearsal_person ON rehearsal (person, started_at);
CREATE INDEX rehearsal_team ON rehearsal (team, started_at);
CREATE INDEX rehearsal_topic ON rehearsal (topic);

-- What the person did, turn by turn: the rehearsal is built anew from it.
CREATE TABLE rehearsal_turn (
    rehearsal $ID NOT NULL REFERENCES rehearsal (id),
    n BIGINT NOT NULL,
    input TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (rehearsal, n)
) $CLUSTERED;
