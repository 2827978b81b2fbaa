-- What headquarters decides: bundles as they were signed, and their pieces. One text for SQLite and
-- PostgreSQL.

CREATE TABLE policy_bundles (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL UNIQUE,
    pushed_ms BIGINT NOT NULL,
    effective_ms BIGINT NOT NULL,
    -- Exactly as it was signed.
    manifest TEXT NOT NULL,
    signature TEXT NOT NULL,
    withdrawn_ms BIGINT
);

CREATE TABLE policy_pieces (
    id TEXT NOT NULL,
    piece BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (id, piece)
);

-- Whose pieces a broker may keep for which store: those are taken back when they are not on offer.
CREATE TABLE policy_published (
    store TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (store, id)
);
