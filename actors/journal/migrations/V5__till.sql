-- Projections: the tills of every register, and which rows each business day is made of.
CREATE TABLE tills (
    workstation TEXT NOT NULL,
    number INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    opened_position INTEGER NOT NULL,
    closed_position INTEGER,
    -- What it came to so far, or at its close.
    state TEXT NOT NULL,
    PRIMARY KEY (workstation, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE business_days (
    business_day TEXT PRIMARY KEY,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    closed_position INTEGER
) STRICT, WITHOUT ROWID;

-- Journals that are older than this table.
INSERT INTO business_days (business_day, first_position, last_position)
SELECT business_day, min(position), max(position) FROM transactions GROUP BY business_day;
