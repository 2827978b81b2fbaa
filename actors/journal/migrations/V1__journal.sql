-- The journal: rows are added, never changed. A row's number in its stream is
-- position - first_position + 1, so no second index is needed.
CREATE TABLE streams (
    ordinal INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    first_position INTEGER NOT NULL UNIQUE,
    parent_stream BLOB CHECK (length(parent_stream) = 16),
    parent_sequence INTEGER,
    parent_digest BLOB CHECK (length(parent_digest) = 32),
    cause TEXT NOT NULL CHECK (cause IN ('created', 'restored', 'diverged'))
) STRICT;

CREATE TABLE journal (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (ordinal),
    sequence INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    body_version INTEGER NOT NULL,
    transaction_id BLOB CHECK (length(transaction_id) = 16),
    wall_ms INTEGER NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    boot BLOB NOT NULL CHECK (length(boot) = 16),
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    body TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'a row of the journal is never changed'); END;

CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'a row of the journal is never deleted'); END;

-- Projections: made again from the journal at any time, to the same bytes. They name a row by its
-- position. They do not refer to the journal by foreign key, so that dropping them is cheap.
CREATE TABLE transactions (
    position INTEGER PRIMARY KEY,
    transaction_id BLOB NOT NULL UNIQUE CHECK (length(transaction_id) = 16),
    status TEXT NOT NULL CHECK (status IN ('completed', 'abandoned')),
    store TEXT NOT NULL,
    workstation TEXT NOT NULL,
    number INTEGER,
    operator TEXT NOT NULL,
    business_day TEXT NOT NULL,
    opened_wall_ms INTEGER NOT NULL,
    opened_utc_offset_s INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    currency TEXT NOT NULL,
    shelf_minor INTEGER NOT NULL,
    discount_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    tendered_minor INTEGER NOT NULL,
    change_minor INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (workstation, number)
) STRICT;

CREATE TABLE transaction_lines (
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    code TEXT NOT NULL,
    description TEXT NOT NULL,
    department TEXT NOT NULL,
    category TEXT NOT NULL,
    tax_class TEXT NOT NULL,
    quantity_thousandths INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price_minor INTEGER NOT NULL,
    shelf_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    price_source TEXT NOT NULL,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    PRIMARY KEY (position, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE transaction_modifiers (
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    reason TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (position, line, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenders (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    tender_type TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    change_minor INTEGER NOT NULL,
    reference TEXT,
    line INTEGER,
    item TEXT,
    department TEXT,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_on_hand (
    item TEXT PRIMARY KEY,
    thousandths INTEGER NOT NULL,
    unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE safety_stock (
    item TEXT PRIMARY KEY,
    safety_stock_thousandths INTEGER NOT NULL,
    safety_stock_unit TEXT NOT NULL,
    clear_at_thousandths INTEGER NOT NULL,
    clear_at_unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_alerts (
    item TEXT PRIMARY KEY,
    since_position INTEGER NOT NULL,
    since_wall_ms INTEGER NOT NULL,
    since_utc_offset_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE registers (
    workstation TEXT PRIMARY KEY,
    last_number INTEGER NOT NULL,
    operator TEXT
) STRICT, WITHOUT ROWID;

-- Beside the journal: never chained, never sent, untouched when projections are made again.
CREATE TABLE drafts (
    transaction_id BLOB PRIMARY KEY CHECK (length(transaction_id) = 16),
    workstation TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ended (
    transaction_id BLOB PRIMARY KEY CHECK (length(transaction_id) = 16),
    position INTEGER,
    absorbed TEXT NOT NULL,
    ended_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX ended_by_time ON ended (ended_ms);

CREATE TABLE print_jobs (
    transaction_id BLOB NOT NULL CHECK (length(transaction_id) = 16),
    copy INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'printing', 'done', 'unknown')),
    document TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (transaction_id, copy)
) STRICT;

CREATE INDEX print_jobs_open ON print_jobs (state) WHERE state <> 'done';

CREATE TABLE operators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'manager')),
    pin_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workstation_claims (
    workstation TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    claimed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    workstation TEXT,
    created_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lockouts (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE link_cursor (
    stream BLOB PRIMARY KEY CHECK (length(stream) = 16),
    through INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT, WITHOUT ROWID;
