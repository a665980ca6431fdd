-- The unit tree: one organisation, its sites, their teams.
CREATE TABLE unit (
    id $ID NOT NULL PRIMARY KEY,
    parent $ID REFERENCES unit (id),
    kind TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone TEXT,
    closed_from BIGINT,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by $ID
);
CREATE INDEX unit_parent ON unit (parent);

CREATE TABLE person (
    id $ID NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    employed_from BIGINT,
    employed_to BIGINT,
    leaving_reason TEXT,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by $ID
);
CREATE INDEX person_name ON person (name, id);

-- Dated: both days belong to the membership; no last day means until further notice.
CREATE TABLE membership (
    id $ID NOT NULL PRIMARY KEY,
    person $ID NOT NULL REFERENCES person (id),
    unit $ID NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT
);
-- At most one membership as a member begins on one day; the rules keep the intervals apart.
CREATE UNIQUE INDEX membership_member ON membership (person, from_day) WHERE role = 'member';
CREATE INDEX membership_person ON membership (person, role, from_day);
CREATE INDEX membership_unit ON membership (unit, from_day);

CREATE TABLE line_of_business (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by $ID
);

CREATE TABLE queue (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    line_of_business $ID REFERENCES line_of_business (id),
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by $ID
);

CREATE TABLE skill (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by $ID
);

CREATE TABLE person_skill (
    person $ID NOT NULL REFERENCES person (id),
    skill $ID NOT NULL REFERENCES skill (id),
    level BIGINT NOT NULL,
    PRIMARY KEY (person, skill)
);

-- A file on its way in: kept between looking at it and letting it in, a day at most.
CREATE TABLE people_upload (
    id $ID NOT NULL PRIMARY KEY,
    account $ID,
    file_name TEXT NOT NULL,
    content $BYTES NOT NULL,
    created_at BIGINT NOT NULL,
    outcome TEXT,
    rejected $BYTES
);

-- Raised by every change of this context: a reader whose copy in memory has another number reads again.
CREATE TABLE people_revision (
    id BIGINT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL
);
INSERT INTO people_revision (id, n) VALUES (1, 0);
