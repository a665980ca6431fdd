-- The audit chain: ids and hashes, never content. See the crate `audit`.
CREATE TABLE audit_entry (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    via TEXT NOT NULL,
    action TEXT NOT NULL,
    objects TEXT NOT NULL,
    digest $BYTES NOT NULL,
    seal $BYTES NOT NULL
);

-- The last entry, in a row of its own: writers take turns on it.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    seal $BYTES NOT NULL
);

INSERT INTO audit_head (id, seq, seal) VALUES (1, 0, $ZERO32);
