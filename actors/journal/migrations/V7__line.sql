-- Beside the journal: baskets that were put aside, no register's any more, until one goes on with
-- them.
CREATE TABLE suspended (
    transaction_id BLOB PRIMARY KEY CHECK (length(transaction_id) = 16),
    workstation TEXT NOT NULL,
    operator TEXT NOT NULL,
    version INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A projection: the sales that were undone as a whole, each once.
CREATE TABLE post_voids (
    position INTEGER PRIMARY KEY,
    transaction_id BLOB NOT NULL UNIQUE CHECK (length(transaction_id) = 16),
    workstation TEXT NOT NULL,
    operator TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- The sales that count.
CREATE VIEW sales AS SELECT * FROM transactions WHERE status = 'completed'
    AND NOT EXISTS (SELECT 1 FROM post_voids WHERE post_voids.transaction_id =
        transactions.transaction_id);
