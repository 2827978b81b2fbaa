-- Who may do what: people at the page, stores at the broker, and what stores were asked.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- `admin`, `chain`, `region`, `store`.
    role TEXT NOT NULL,
    -- The regions or stores that somebody reads, as a list in JSON.
    scopes TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    added_ms BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);

-- Failures to sign in, so that a restart forgives none.
CREATE TABLE lockouts (
    key TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until_ms BIGINT NOT NULL
);

-- What the broker knows stores by. The secret has 256 bits, so its SHA-256 tells nothing of it.
CREATE TABLE credentials (
    store TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    made_ms BIGINT NOT NULL
);

CREATE TABLE commands (
    id TEXT PRIMARY KEY,
    store TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    answered_ms BIGINT,
    refused TEXT,
    answer TEXT
);
CREATE INDEX commands_by_store ON commands (store, expires_ms);
