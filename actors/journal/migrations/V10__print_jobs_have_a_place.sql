-- A paper is of a register, so that it comes out where that register prints; it remembers which
-- printer it was given to; and what was unknown is settled by somebody who looked.
CREATE TABLE print_jobs_of_places (
    transaction_id BLOB NOT NULL CHECK (length(transaction_id) = 16),
    copy INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('queued', 'printing', 'done', 'unknown', 'came_out', 'replaced')
    ),
    document TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    workstation TEXT,
    printer TEXT,
    PRIMARY KEY (transaction_id, copy)
) STRICT;

INSERT INTO print_jobs_of_places (rowid, transaction_id, copy, state, document, changed_ms)
SELECT rowid, transaction_id, copy, state, document, changed_ms FROM print_jobs ORDER BY rowid;

DROP TABLE print_jobs;
ALTER TABLE print_jobs_of_places RENAME TO print_jobs;

CREATE INDEX print_jobs_open ON print_jobs (state) WHERE state IN ('queued', 'printing', 'unknown');
CREATE INDEX print_jobs_done ON print_jobs (changed_ms)
WHERE state IN ('done', 'came_out', 'replaced');
