-- What is drilled, with whom and when. The origin is an id of whoever asked for it, which nobody here can read.
CREATE TABLE drill_topic (
    id $ID NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    goal TEXT NOT NULL,
    -- The name of the scenario that is rehearsed.
    scenario TEXT,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    -- open, done or cancelled; whether an open one has begun follows from its days.
    state TEXT NOT NULL,
    origin TEXT,
    opened_by $ID,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by $ID
);
CREATE INDEX drill_topic_origin ON drill_topic (origin);
CREATE INDEX drill_topic_state ON drill_topic (state, to_day);

CREATE TABLE drill_topic_behaviour (
    topic $ID NOT NULL REFERENCES drill_topic (id),
    behaviour $ID NOT NULL,
    -- The order in which they were chosen.
    place BIGINT NOT NULL,
    PRIMARY KEY (topic, behaviour)
) $CLUSTERED;
CREATE INDEX drill_topic_behaviour_behaviour ON drill_topic_behaviour (behaviour);

-- Who takes part. The team is the one they were in when they were added: a transfer does not hide them from those
-- who drill them.
CREATE TABLE drill_trainee (
    topic $ID NOT NULL REFERENCES drill_topic (id),
    person $ID NOT NULL,
    team $ID,
    drilled_day BIGINT,
    -- attended or rehearsed.
    how TEXT,
    PRIMARY KEY (topic, person)
) $CLUSTERED;
CREATE INDEX drill_trainee_person ON drill_trainee (person);
CREATE INDEX drill_trainee_team ON drill_trainee (team);
