-- What buyers said about the invoices of their sales. It is about persons: it stands in no row, goes
-- nowhere, and can be erased.
CREATE TABLE buyers (
    transaction_id BLOB PRIMARY KEY,
    carrier TEXT,
    donation TEXT,
    CHECK (carrier IS NOT NULL OR donation IS NOT NULL)
) STRICT, WITHOUT ROWID;
