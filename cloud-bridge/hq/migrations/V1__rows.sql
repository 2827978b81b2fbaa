-- What stores sent, and what is made of it. One text for SQLite and PostgreSQL. SQLite keeps a table
-- `by its key` in one tree instead of two.

-- Numbers that are given once: of streams and of messages kept aside.
CREATE TABLE numbers (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO numbers (name, last) VALUES ('id', 0);

-- The stores that headquarters knows. Whoever changes anything of a store locks its row first.
CREATE TABLE stores (
    store TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    version TEXT NOT NULL,
    -- Presence: 1, 0, or nothing for a store that never was there.
    online BIGINT,
    since_ms BIGINT,
    heard_ms BIGINT,
    boot TEXT NOT NULL,
    ended_boot TEXT NOT NULL,
    stream TEXT,
    -- What the store last said it has and headquarters lacks.
    waiting_rows BIGINT NOT NULL,
    waiting_sales BIGINT NOT NULL,
    waiting_since_ms BIGINT,
    -- How many facts were folded, and how often anything of the store changed.
    folds BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    -- Another one whenever facts were folded or undone: whoever remembers the store's stock under
    -- it knows that nobody changed it since.
    fold_mark TEXT NOT NULL,
    last_day TEXT
);

-- The last known of each thing that a store tells: `link`, `policy`, `registers` …
CREATE TABLE states (
    store TEXT NOT NULL,
    thing TEXT NOT NULL,
    heard_ms BIGINT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (store, thing)
);

CREATE TABLE streams (
    id BIGINT PRIMARY KEY,
    store TEXT NOT NULL,
    stream TEXT NOT NULL,
    -- The stream that its rows have in the journal: another than its own for a branch.
    journal_stream TEXT NOT NULL,
    base BIGINT NOT NULL,
    base_digest BYTEA NOT NULL,
    through BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    highest BIGINT NOT NULL,
    frozen TEXT,
    frozen_ms BIGINT,
    created_ms BIGINT NOT NULL,
    UNIQUE (store, stream)
);

CREATE TABLE rows (
    stream BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    body_version BIGINT NOT NULL,
    transaction_id BYTEA,
    wall_ms BIGINT NOT NULL,
    utc_offset_s BIGINT NOT NULL,
    monotonic_ms BIGINT NOT NULL,
    boot BYTEA NOT NULL,
    clock_trusted BIGINT NOT NULL,
    body TEXT NOT NULL,
    digest BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    -- 1, 2, 3 … in the order in which the store's facts were folded; 0 for a fact that was folded
    -- before, under another number; nothing while the row waits for those before it.
    fold BIGINT,
    PRIMARY KEY (stream, sequence)
);
CREATE INDEX rows_by_id ON rows (id);

-- The other row of a number that two stores wrote.
CREATE TABLE conflicts (
    stream BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    received_ms BIGINT NOT NULL,
    row_text TEXT NOT NULL,
    PRIMARY KEY (stream, sequence, digest)
);

CREATE TABLE aside (
    id BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    topic TEXT NOT NULL,
    store TEXT,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    size BIGINT NOT NULL,
    payload BYTEA NOT NULL
);
CREATE TABLE aside_counts (
    code TEXT PRIMARY KEY,
    count BIGINT NOT NULL
);

-- From here on: projections, made again from the rows at any time.

-- Where a stream was left for another.
CREATE TABLE forks (
    store TEXT NOT NULL,
    into_stream TEXT NOT NULL,
    parent TEXT NOT NULL,
    parent_through BIGINT NOT NULL,
    parent_digest TEXT NOT NULL,
    cause TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (store, into_stream)
);

-- Sums of completed sales. `hour` is -1 except in the dimension `total`. Of a tender, `shelf` is
-- what was handed over, `discount` what was given back. `unit` is `*` where units differ.
CREATE TABLE sales_by (
    day TEXT NOT NULL,
    dimension TEXT NOT NULL,
    store TEXT NOT NULL,
    key TEXT NOT NULL,
    hour BIGINT NOT NULL,
    currency TEXT NOT NULL,
    unit TEXT NOT NULL,
    sales BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    quantity_thousandths BIGINT NOT NULL,
    shelf BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    net BIGINT NOT NULL,
    PRIMARY KEY (day, dimension, store, key, hour, currency)
) /* by its key */;

CREATE TABLE sales (
    store TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    stream BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    workstation TEXT NOT NULL,
    number BIGINT,
    operator TEXT NOT NULL,
    business_day TEXT NOT NULL,
    ended_ms BIGINT NOT NULL,
    utc_offset_s BIGINT NOT NULL,
    currency TEXT NOT NULL,
    lines BIGINT NOT NULL,
    total BIGINT NOT NULL,
    net BIGINT NOT NULL,
    folded_ms BIGINT NOT NULL,
    PRIMARY KEY (transaction_id, store)
) /* by its key */;
CREATE INDEX sales_by_day ON sales (store, business_day, ended_ms, transaction_id);
CREATE INDEX sales_by_folding ON sales (folded_ms, ended_ms);
CREATE INDEX sales_by_store_folding ON sales (store, folded_ms, ended_ms);

-- Every item that a store ever named, with its stock and its alert.
CREATE TABLE stock (
    store TEXT NOT NULL,
    item TEXT NOT NULL,
    name TEXT NOT NULL,
    on_hand BIGINT,
    unit TEXT NOT NULL,
    safety_stock BIGINT,
    safety_unit TEXT NOT NULL,
    clear_at BIGINT,
    clear_unit TEXT NOT NULL,
    alert_since_ms BIGINT,
    PRIMARY KEY (store, item)
) /* by its key */;
CREATE INDEX stock_by_item ON stock (item);
CREATE INDEX stock_alerts ON stock (alert_since_ms, store) WHERE alert_since_ms IS NOT NULL;
CREATE INDEX stock_alerts_by_store ON stock (store, alert_since_ms)
    WHERE alert_since_ms IS NOT NULL;
