-- Work that outlives the request that asked for it.
CREATE TABLE job (
    id $ID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    state TEXT NOT NULL,
    account $ID,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- How often the program ended while the job ran, since the job last made progress.
    interruptions BIGINT NOT NULL,
    progress_done BIGINT NOT NULL,
    progress_total BIGINT,
    progress_note TEXT NOT NULL,
    cancel_requested BOOLEAN NOT NULL,
    claim $ID,
    claimed_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE INDEX job_due ON job (state, run_at);
CREATE INDEX job_created ON job (created_at);

-- What happened, for whoever listens, in the order in which it was committed.
CREATE TABLE outbox_event (
    seq BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX outbox_event_kind ON outbox_event (kind, seq);

-- The last event, in a row of its own: whoever emits takes a turn on it, so that numbers follow commits
-- and a listener that has seen number n has seen all before it.
CREATE TABLE outbox_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO outbox_head (id, seq) VALUES (1, 0);

-- How far each listener has come.
CREATE TABLE outbox_cursor (
    subscriber TEXT NOT NULL,
    kind TEXT NOT NULL,
    seq BIGINT NOT NULL,
    delivered_at BIGINT NOT NULL,
    PRIMARY KEY (subscriber, kind)
);
