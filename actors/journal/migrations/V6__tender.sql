-- What a tender was besides an amount, and what a sale's cash was rounded by. Rows of before say
-- nothing of it.
ALTER TABLE transactions ADD COLUMN rounding_minor INTEGER;
ALTER TABLE tenders ADD COLUMN face_minor INTEGER;
ALTER TABLE tenders ADD COLUMN foreign_currency TEXT;
ALTER TABLE tenders ADD COLUMN foreign_minor INTEGER;
ALTER TABLE tenders ADD COLUMN card_request BLOB;
ALTER TABLE tenders ADD COLUMN card_last_four TEXT;
CREATE INDEX tenders_by_card ON tenders (card_last_four) WHERE card_last_four IS NOT NULL;
