-- An improvement: a problem somebody owns, with the measure by which it will be judged frozen as it was when the
-- improvement was opened (or opened again).
CREATE TABLE improvement (
    id $ID NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    problem TEXT NOT NULL,
    solution TEXT NOT NULL,
    result TEXT NOT NULL,
    cause TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT NOT NULL,
    owner $ID NOT NULL,
    supervisor $ID NOT NULL,
    -- Who agrees for operations, and owns it jointly.
    partner $ID NOT NULL,
    agreed_by $ID,
    agreed_at BIGINT,
    behaviour $ID NOT NULL,
    -- JSON: the frozen rule, target, baseline, what effect matters, the agreed look.
    measure TEXT NOT NULL,
    -- Raised each time it is opened again; verdicts belong to a round.
    round BIGINT NOT NULL,
    round_from BIGINT NOT NULL,
    opened_by $ID,
    opened_at BIGINT NOT NULL,
    state_since BIGINT NOT NULL,
    -- 0 in time, 1 the supervisor was told, 2 whoever manages the unit was.
    escalation BIGINT NOT NULL,
    closed_how TEXT,
    closed_reason TEXT,
    -- The last week (its Monday) up to which a closed one was watched for relapse.
    watched_to BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX improvement_state ON improvement (state, due);

-- Whom it is about, with the team they were in when it was opened.
CREATE TABLE improvement_member (
    improvement $ID NOT NULL REFERENCES improvement (id),
    person $ID NOT NULL,
    team $ID NOT NULL,
    PRIMARY KEY (improvement, person)
) $CLUSTERED;
CREATE INDEX improvement_member_person ON improvement_member (person);

-- What is done about it.
CREATE TABLE improvement_step (
    id $ID NOT NULL PRIMARY KEY,
    improvement $ID NOT NULL REFERENCES improvement (id),
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    -- The topic of a drill; the day on which anything else takes effect.
    topic $ID,
    day BIGINT,
    account $ID,
    at BIGINT NOT NULL
);
CREATE INDEX improvement_step_improvement ON improvement_step (improvement, at);

-- What happened to it and what was said: acts and comments in one line of time.
CREATE TABLE improvement_entry (
    id $ID NOT NULL PRIMARY KEY,
    improvement $ID NOT NULL REFERENCES improvement (id),
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    account $ID,
    at BIGINT NOT NULL
);
CREATE INDEX improvement_entry_improvement ON improvement_entry (improvement, at, id);

-- A reading of the proof after so many weeks, with everything needed to show it again. Look 0 is the newest four
-- weeks of one that is closed.
CREATE TABLE improvement_verdict (
    improvement $ID NOT NULL REFERENCES improvement (id),
    round BIGINT NOT NULL,
    look BIGINT NOT NULL,
    conclusion TEXT NOT NULL,
    -- Whether the weeks of this look are over, so that the reading changes no more by waiting.
    complete BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    -- Everybody with their weight; only of an agreed look that is complete, the others can be computed again.
    people TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (improvement, round, look)
) $CLUSTERED;
