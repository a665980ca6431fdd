-- A scenario in one language. Its text lives in versions that never change once they are live; what lists show of it
-- is kept beside.
CREATE TABLE scenario (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    line_of_business TEXT,
    difficulty TEXT NOT NULL,
    -- Names of the behaviours it judges, separated by spaces.
    behaviours TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (name, language)
);

CREATE TABLE scenario_version (
    id $ID NOT NULL PRIMARY KEY,
    scenario $ID NOT NULL REFERENCES scenario (id),
    n BIGINT NOT NULL,
    -- draft, live or past; at most one live, at most one draft.
    state TEXT NOT NULL,
    script TEXT NOT NULL,
    note TEXT NOT NULL,
    -- Nobody for what ships.
    author $ID,
    at BIGINT NOT NULL,
    published_at BIGINT,
    UNIQUE (scenario, n)
);
CREATE INDEX scenario_version_state ON scenario_version (scenario, state);
