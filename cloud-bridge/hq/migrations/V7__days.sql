-- A projection: between which rows of a stream a store's business day was booked. One text for
-- SQLite and PostgreSQL.
CREATE TABLE business_days (
    store TEXT NOT NULL,
    business_day TEXT NOT NULL,
    stream BIGINT NOT NULL,
    first_sequence BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    PRIMARY KEY (store, business_day, stream)
) /* by its key */;

-- Rows that are older than this table; `hq rebuild` knows also what was booked beside sales.
INSERT INTO business_days (store, business_day, stream, first_sequence, last_sequence)
SELECT store, business_day, stream, min(sequence), max(sequence) FROM sales
GROUP BY store, business_day, stream;
