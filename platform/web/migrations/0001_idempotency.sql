-- The answer to a request that carried an idempotency key, so that a repeated request gets it again.
CREATE TABLE web_idempotency (
    account $ID NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    body $BYTES NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, idempotency_key)
);
CREATE INDEX web_idempotency_at ON web_idempotency (at);
