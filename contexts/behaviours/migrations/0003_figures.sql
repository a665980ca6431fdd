-- One row: how often what the figures are made of has changed, observations or targets. An answer that was made at the
-- same number is still true. Whoever is about to change something moves it first, and so takes turns with the others.
CREATE TABLE figures (
    id BIGINT NOT NULL PRIMARY KEY,
    changes BIGINT NOT NULL
);
INSERT INTO figures (id, changes) VALUES (1, 0);
