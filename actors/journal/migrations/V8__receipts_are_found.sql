-- The electronic journal: receipts are found by what a customer remembers of them.
CREATE INDEX transactions_by_number ON transactions (number);
CREATE INDEX transactions_by_total ON transactions (total_minor);
CREATE INDEX transactions_by_time ON transactions (wall_ms);
CREATE INDEX transactions_by_operator ON transactions (operator);
CREATE INDEX transaction_lines_by_item ON transaction_lines (item);
CREATE INDEX transaction_lines_by_code ON transaction_lines (code);
CREATE INDEX tenders_by_end_of_reference ON tenders (substr(reference, -4)) WHERE reference IS NOT NULL;
