-- A projection: the sales that were undone as a whole, so that none is taken off twice, and where
-- that stands.
CREATE TABLE post_voids (
    store TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    stream BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    workstation TEXT NOT NULL,
    operator TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (transaction_id, store)
) /* by its key */;
