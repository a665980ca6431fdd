CREATE TABLE account (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name in lower case: two names that differ in case alone would be mistaken for each other.
    name_key TEXT NOT NULL UNIQUE,
    person $ID,
    -- A PHC string, or empty where nobody can sign in with a password.
    password TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    lang TEXT,
    theme TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX account_person ON account (person);

-- At most one row: whoever inserts it sets the installation up.
CREATE TABLE identity_set_up (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- A login session ends by its row's end, never by deletion at once: where somebody has signed in before is
-- asked when others guess at the name.
CREATE TABLE login_session (
    id $ID NOT NULL PRIMARY KEY,
    secret_hash $BYTES NOT NULL UNIQUE,
    account $ID NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX login_session_account ON login_session (account, ip);

CREATE TABLE api_token (
    id $ID NOT NULL PRIMARY KEY,
    secret_hash $BYTES NOT NULL UNIQUE,
    account $ID NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    may_write BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_token_account ON api_token (account);

CREATE TABLE role (
    id $ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    shipped BOOLEAN NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE role_permission (
    role $ID NOT NULL REFERENCES role (id),
    permission TEXT NOT NULL,
    -- The widest reach the role has for it: own, units, everything.
    reach TEXT NOT NULL,
    PRIMARY KEY (role, permission)
);

CREATE TABLE role_grant (
    id $ID NOT NULL PRIMARY KEY,
    account $ID NOT NULL REFERENCES account (id),
    role $ID NOT NULL REFERENCES role (id),
    reach TEXT NOT NULL
);
CREATE INDEX role_grant_account ON role_grant (account);
CREATE INDEX role_grant_role ON role_grant (role);

CREATE TABLE role_grant_unit (
    role_grant $ID NOT NULL REFERENCES role_grant (id),
    unit $ID NOT NULL,
    PRIMARY KEY (role_grant, unit)
);

-- Failed sign-ins by name and by address. The subject is a hash: people type passwords into name fields.
CREATE TABLE sign_in_attempt (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
