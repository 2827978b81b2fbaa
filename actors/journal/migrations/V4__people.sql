-- The digest of somebody's badge, the PIN's hash that headquarters decided last (their own may be
-- another by now), and screens that are locked.
ALTER TABLE operators ADD COLUMN badge_hash TEXT;
ALTER TABLE operators ADD COLUMN decided_pin_hash TEXT;
ALTER TABLE sessions ADD COLUMN is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1));
