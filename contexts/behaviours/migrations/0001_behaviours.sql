-- A behaviour: observable conduct. Its rule lives in versions that never change once they are live.
CREATE TABLE behaviour (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    -- Set when it came with the product: the digest of the text as shipped, to tell whether people edited it.
    shipped_digest TEXT,
    retired_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE behaviour_version (
    id $ID NOT NULL PRIMARY KEY,
    behaviour $ID NOT NULL REFERENCES behaviour (id),
    n BIGINT NOT NULL,
    -- draft, live or past; at most one live, at most one draft.
    state TEXT NOT NULL,
    rule_text TEXT NOT NULL,
    examples TEXT NOT NULL,
    note TEXT NOT NULL,
    author $ID,
    at BIGINT NOT NULL,
    published_at BIGINT,
    UNIQUE (behaviour, n)
);
CREATE INDEX behaviour_version_state ON behaviour_version (behaviour, state);

-- Named lists and rules that behaviours share.
CREATE TABLE rule_library (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    shipped_digest TEXT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- One compiled set of all live versions. Observations name the set they were made with.
CREATE TABLE rule_set (
    n BIGINT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    -- The behaviours in the order of the packed observations: ids separated by spaces.
    members TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- What the engine saw in one conversation: one packed row, replaced when it is inspected again.
CREATE TABLE observation (
    conversation $ID NOT NULL PRIMARY KEY,
    rule_set BIGINT NOT NULL,
    -- As it was when inspected: what the roll-up was given, and must be given back when inspected anew.
    day BIGINT,
    queue $ID,
    packed $BYTES NOT NULL
) $CLUSTERED;
CREATE INDEX observation_rule_set ON observation (rule_set, conversation);

-- Conversations where applicable and where shown, by day, person and queue. Kept in the transaction of the
-- observations; recounting them must give the same. Nil ids stand for “none”: they are part of the key.
CREATE TABLE uptake_day (
    behaviour $ID NOT NULL,
    day BIGINT NOT NULL,
    team $ID NOT NULL,
    person $ID NOT NULL,
    queue $ID NOT NULL,
    applicable BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    PRIMARY KEY (behaviour, day, team, person, queue)
) $CLUSTERED;
CREATE INDEX uptake_day_day ON uptake_day (day, team, person, behaviour, queue, applicable, shown);
CREATE INDEX uptake_day_person ON uptake_day (person, day);

-- What uptake is expected of a behaviour, from a day on; a line of business may have its own.
CREATE TABLE behaviour_target (
    behaviour $ID NOT NULL,
    line_of_business $ID NOT NULL,
    from_day BIGINT NOT NULL,
    ratio DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (behaviour, line_of_business, from_day)
);

-- A person marked what the engine found as right or wrong.
CREATE TABLE behaviour_review (
    id $ID NOT NULL PRIMARY KEY,
    behaviour $ID NOT NULL,
    version_n BIGINT NOT NULL,
    conversation $ID NOT NULL,
    -- What the engine had said: whether it applied, whether it was shown.
    applicable BOOLEAN NOT NULL,
    shown BOOLEAN NOT NULL,
    right_found BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    reviewer $ID NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (behaviour, version_n, conversation, reviewer)
);
