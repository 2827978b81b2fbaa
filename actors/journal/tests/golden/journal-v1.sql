BEGIN TRANSACTION;
CREATE TABLE drafts (
    transaction_id BLOB PRIMARY KEY CHECK (length(transaction_id) = 16),
    workstation TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "drafts" VALUES(X'00000000000000010000000000000002','3',3,'basket 00000000-0000-0001-0000-000000000002 as of version 3');
CREATE TABLE ended (
    transaction_id BLOB PRIMARY KEY CHECK (length(transaction_id) = 16),
    position INTEGER,
    absorbed TEXT NOT NULL,
    ended_ms INTEGER NOT NULL
) STRICT;
INSERT INTO "ended" VALUES(X'00000000000000010000000000000006',5,'{"absorbed by":"00000000-0000-0001-0000-000000000006"}',1795579207123);
INSERT INTO "ended" VALUES(X'00000000000000010000000000000001',6,'[]',1795579208123);
INSERT INTO "ended" VALUES(X'0000000000000001000000000000000B',8,'{"absorbed by":"00000000-0000-0001-0000-00000000000b"}',1795579212123);
CREATE TABLE journal (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (ordinal),
    sequence INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    body_version INTEGER NOT NULL,
    transaction_id BLOB CHECK (length(transaction_id) = 16),
    wall_ms INTEGER NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    boot BLOB NOT NULL CHECK (length(boot) = 16),
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    body TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
INSERT INTO "journal" VALUES(1,1,1,X'4D9A040AC8425257AE1746A181B928EA','stream_started',1,NULL,1795579200123,28800,0,X'0000000000000000000000000000B007',1,'{"store":"367","parent":null,"cause":"created","software":"the journal''s tests"}',X'09F7D58F55982A361924902772D53749638EAA9E26B4A9327FFC3D863417CBB6');
INSERT INTO "journal" VALUES(2,1,2,X'00000000000000010000000000000003','operator_signed_on',1,NULL,1795579203123,28800,3000,X'0000000000000000000000000000B007',1,'{"workstation":"1","operator":"c1"}',X'9FECF912BBEB18B6473535D9DD8F3762EC962991FBCCDB46E83AD642E6409EE4');
INSERT INTO "journal" VALUES(3,1,3,X'00000000000000010000000000000004','safety_stock_set',1,NULL,1795579204123,28800,4000,X'0000000000000000000000000000B007',1,'{"levels":[{"item":"milk","safety_stock":{"amount":"2","unit":"piece"},"clear_at":{"amount":"5","unit":"piece"}},{"item":"bread","safety_stock":{"amount":"1","unit":"piece"},"clear_at":{"amount":"2","unit":"piece"}}]}',X'43B773C151066E18F7751705206C3BD9C9A86733B9E7D10E3FA32EDC92771BFA');
INSERT INTO "journal" VALUES(4,1,4,X'00000000000000010000000000000005','stock_moved',1,NULL,1795579205123,28800,5000,X'0000000000000000000000000000B007',1,'{"item":"milk","kind":"received","quantity":{"amount":"4","unit":"piece"},"reason":"delivery","operator":"c1"}',X'A25EB11A498D7D9D1CEA90E9055E2FC14FF59697EF61915F496EF6EF9898EDD7');
INSERT INTO "journal" VALUES(5,1,5,X'00000000000000010000000000000007','sale_completed',1,X'00000000000000010000000000000006',1795579207123,28800,7000,X'0000000000000000000000000000B007',1,'{"transaction":"00000000-0000-0001-0000-000000000006","store":"367","workstation":"1","operator":"c1","business_day":"2026-11-25","opened":{"wall_ms":1795579206123,"utc_offset_s":28800,"monotonic_ms":6000,"boot":"00000000-0000-0000-0000-00000000b007","clock_trusted":true},"ended":{"wall_ms":1795579207123,"utc_offset_s":28800,"monotonic_ms":7000,"boot":"00000000-0000-0000-0000-00000000b007","clock_trusted":true},"currency":"TWD","number":1,"lines":[{"line":1,"kind":"sale","item":"milk","code":"4710088412584","entry":"scanned","description":"林鳳營鮮乳 936ml","department":"食品","category":"乳品","tax_class":"standard","quantity":{"amount":"2","unit":"piece"},"unit_price":{"amount":"35","currency":"TWD"},"shelf_amount":{"amount":"70","currency":"TWD"},"price_source":"catalogue","recorded_modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"net":{"amount":"65","currency":"TWD"}},{"line":2,"kind":"sale","item":"milk","code":"4710088412584","entry":"scanned","description":"林鳳營鮮乳 936ml","department":"食品","category":"乳品","tax_class":"standard","quantity":{"amount":"2","unit":"piece"},"unit_price":{"amount":"35","currency":"TWD"},"shelf_amount":{"amount":"70","currency":"TWD"},"price_source":"catalogue","recorded_modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"net":{"amount":"65","currency":"TWD"},"voided":{"operator":"c1","reason":"voided"}}],"tenders":[{"number":1,"tender_type":"cash","amount":{"amount":"1000","currency":"TWD"},"change":{"amount":"0","currency":"TWD"},"reference":"8801","line":1,"department":"食品","voided":true},{"number":2,"tender_type":"cash","amount":{"amount":"72","currency":"TWD"},"change":{"amount":"7","currency":"TWD"},"reference":"8801","line":1,"department":"食品"}],"totals":{"shelf":{"amount":"70","currency":"TWD"},"discount":{"amount":"5","currency":"TWD"},"net":{"amount":"65","currency":"TWD"},"taxes":[{"class":"standard","method":"inclusive","percent":"5","base":{"amount":"65","currency":"TWD"},"tax":{"amount":"1","currency":"TWD"}}],"total":{"amount":"65","currency":"TWD"},"tendered":{"amount":"65","currency":"TWD"},"due":{"amount":"0","currency":"TWD"},"change":{"amount":"7","currency":"TWD"}}}',X'9BCF18C0D0B530AE3F38F8D5F0419FBFACCE2F32C51DD577FBEB975FDEB952AE');
INSERT INTO "journal" VALUES(6,1,6,X'00000000000000010000000000000008','sale_abandoned',1,X'00000000000000010000000000000001',1795579208123,28800,8000,X'0000000000000000000000000000B007',1,'{"basket":{"transaction":"00000000-0000-0001-0000-000000000001","store":"367","workstation":"2","operator":"c1","business_day":"2026-11-25","opened":{"wall_ms":1795579201123,"utc_offset_s":28800,"monotonic_ms":1000,"boot":"00000000-0000-0000-0000-00000000b007","clock_trusted":true},"ended":{"wall_ms":1795579208123,"utc_offset_s":28800,"monotonic_ms":8000,"boot":"00000000-0000-0000-0000-00000000b007","clock_trusted":true},"currency":"TWD","lines":[{"line":1,"kind":"sale","item":"bread","code":"4710088412584","entry":"scanned","description":"林鳳營鮮乳 936ml","department":"食品","category":"乳品","tax_class":"standard","quantity":{"amount":"1","unit":"piece"},"unit_price":{"amount":"35","currency":"TWD"},"shelf_amount":{"amount":"35","currency":"TWD"},"price_source":"catalogue","recorded_modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"net":{"amount":"30","currency":"TWD"}},{"line":2,"kind":"sale","item":"bread","code":"4710088412584","entry":"scanned","description":"林鳳營鮮乳 936ml","department":"食品","category":"乳品","tax_class":"standard","quantity":{"amount":"1","unit":"piece"},"unit_price":{"amount":"35","currency":"TWD"},"shelf_amount":{"amount":"35","currency":"TWD"},"price_source":"catalogue","recorded_modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"net":{"amount":"30","currency":"TWD"},"voided":{"operator":"c1","reason":"voided"}}],"tenders":[{"number":1,"tender_type":"cash","amount":{"amount":"1000","currency":"TWD"},"change":{"amount":"0","currency":"TWD"},"reference":"8801","line":1,"department":"食品","voided":true},{"number":2,"tender_type":"cash","amount":{"amount":"37","currency":"TWD"},"change":{"amount":"7","currency":"TWD"},"reference":"8801","line":1,"department":"食品"}],"totals":{"shelf":{"amount":"35","currency":"TWD"},"discount":{"amount":"5","currency":"TWD"},"net":{"amount":"30","currency":"TWD"},"taxes":[{"class":"standard","method":"inclusive","percent":"5","base":{"amount":"30","currency":"TWD"},"tax":{"amount":"1","currency":"TWD"}}],"total":{"amount":"30","currency":"TWD"},"tendered":{"amount":"30","currency":"TWD"},"due":{"amount":"0","currency":"TWD"},"change":{"amount":"7","currency":"TWD"}}},"reason":"changed_mind"}',X'48FB7A83539C47CA6266A4A53C0DC3AD0244A8EFAF35F6105F5EA2F953DEDA2D');
INSERT INTO "journal" VALUES(7,2,1,X'00000000000000010000000000000009','stream_started',1,NULL,1795579210123,28800,10000,X'0000000000000000000000000000B007',1,'{"store":"367","parent":{"stream":"01a21372-e4f3-7699-b4c8-6f09242ab0d8","through":6,"digest":"48fb7a83539c47ca6266a4a53c0dc3ad0244a8efaf35f6105f5ea2f953deda2d"},"cause":"diverged","software":"the journal''s tests"}',X'152C7951EA9456D5C8B5AD41C22DEAF8A47ADA70ABA61A6F1E2806858B3C5CA4');
INSERT INTO "journal" VALUES(8,2,2,X'0000000000000001000000000000000C','sale_completed',1,X'0000000000000001000000000000000B',1795579212123,28800,12000,X'0000000000000000000000000000B007',1,'{"transaction":"00000000-0000-0001-0000-00000000000b","store":"367","workstation":"1","operator":"c1","business_day":"2026-11-25","opened":{"wall_ms":1795579211123,"utc_offset_s":28800,"monotonic_ms":11000,"boot":"00000000-0000-0000-0000-00000000b007","clock_trusted":true},"ended":{"wall_ms":1795579212123,"utc_offset_s":28800,"monotonic_ms":12000,"boot":"00000000-0000-0000-0000-00000000b007","clock_trusted":true},"currency":"TWD","number":2,"lines":[{"line":1,"kind":"sale","item":"milk","code":"4710088412584","entry":"scanned","description":"林鳳營鮮乳 936ml","department":"食品","category":"乳品","tax_class":"standard","quantity":{"amount":"2","unit":"piece"},"unit_price":{"amount":"35","currency":"TWD"},"shelf_amount":{"amount":"70","currency":"TWD"},"price_source":"catalogue","recorded_modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"net":{"amount":"65","currency":"TWD"}},{"line":2,"kind":"sale","item":"milk","code":"4710088412584","entry":"scanned","description":"林鳳營鮮乳 936ml","department":"食品","category":"乳品","tax_class":"standard","quantity":{"amount":"2","unit":"piece"},"unit_price":{"amount":"35","currency":"TWD"},"shelf_amount":{"amount":"70","currency":"TWD"},"price_source":"catalogue","recorded_modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"modifiers":[{"method":"amount_off","amount":{"amount":"5","currency":"TWD"},"reason":"damaged","operator":"c1"}],"net":{"amount":"65","currency":"TWD"},"voided":{"operator":"c1","reason":"voided"}}],"tenders":[{"number":1,"tender_type":"cash","amount":{"amount":"1000","currency":"TWD"},"change":{"amount":"0","currency":"TWD"},"reference":"8801","line":1,"department":"食品","voided":true},{"number":2,"tender_type":"cash","amount":{"amount":"72","currency":"TWD"},"change":{"amount":"7","currency":"TWD"},"reference":"8801","line":1,"department":"食品"}],"totals":{"shelf":{"amount":"70","currency":"TWD"},"discount":{"amount":"5","currency":"TWD"},"net":{"amount":"65","currency":"TWD"},"taxes":[{"class":"standard","method":"inclusive","percent":"5","base":{"amount":"65","currency":"TWD"},"tax":{"amount":"1","currency":"TWD"}}],"total":{"amount":"65","currency":"TWD"},"tendered":{"amount":"65","currency":"TWD"},"due":{"amount":"0","currency":"TWD"},"change":{"amount":"7","currency":"TWD"}}}',X'F1196B24E8AC378854DC9063B038C4B8575C78B84F5AA41F28FDD0F04E35E009');
CREATE TABLE link_cursor (
    stream BLOB PRIMARY KEY CHECK (length(stream) = 16),
    through INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT, WITHOUT ROWID;
CREATE TABLE lockouts (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE operators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'manager')),
    pin_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE print_jobs (
    transaction_id BLOB NOT NULL CHECK (length(transaction_id) = 16),
    copy INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'printing', 'done', 'unknown')),
    document TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (transaction_id, copy)
) STRICT;
INSERT INTO "print_jobs" VALUES(X'00000000000000010000000000000006',0,'queued','receipt of 00000000-0000-0001-0000-000000000006',1795579207123);
INSERT INTO "print_jobs" VALUES(X'0000000000000001000000000000000B',0,'queued','receipt of 00000000-0000-0001-0000-00000000000b',1795579212123);
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO "refinery_schema_history" VALUES(1,'journal','2026-11-25T16:03:46.511270097Z','1033824911382422874');
CREATE TABLE registers (
    workstation TEXT PRIMARY KEY,
    last_number INTEGER NOT NULL,
    operator TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "registers" VALUES('1',2,'c1');
CREATE TABLE safety_stock (
    item TEXT PRIMARY KEY,
    safety_stock_thousandths INTEGER NOT NULL,
    safety_stock_unit TEXT NOT NULL,
    clear_at_thousandths INTEGER NOT NULL,
    clear_at_unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "safety_stock" VALUES('bread',1000,'piece',2000,'piece');
INSERT INTO "safety_stock" VALUES('milk',2000,'piece',5000,'piece');
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    workstation TEXT,
    created_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE stock_alerts (
    item TEXT PRIMARY KEY,
    since_position INTEGER NOT NULL,
    since_wall_ms INTEGER NOT NULL,
    since_utc_offset_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "stock_alerts" VALUES('milk',5,1795579207123,28800);
CREATE TABLE stock_on_hand (
    item TEXT PRIMARY KEY,
    thousandths INTEGER NOT NULL,
    unit TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "stock_on_hand" VALUES('milk',0,'piece');
CREATE TABLE streams (
    ordinal INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    first_position INTEGER NOT NULL UNIQUE,
    parent_stream BLOB CHECK (length(parent_stream) = 16),
    parent_sequence INTEGER,
    parent_digest BLOB CHECK (length(parent_digest) = 32),
    cause TEXT NOT NULL CHECK (cause IN ('created', 'restored', 'diverged'))
) STRICT;
INSERT INTO "streams" VALUES(1,X'01A21372E4F37699B4C86F09242AB0D8',1,NULL,NULL,NULL,'created');
INSERT INTO "streams" VALUES(2,X'0000000000000001000000000000000A',7,X'01A21372E4F37699B4C86F09242AB0D8',6,X'48FB7A83539C47CA6266A4A53C0DC3AD0244A8EFAF35F6105F5EA2F953DEDA2D','diverged');
CREATE TABLE tenders (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    tender_type TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    change_minor INTEGER NOT NULL,
    reference TEXT,
    line INTEGER,
    item TEXT,
    department TEXT,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "tenders" VALUES(5,1,'cash',1000,0,'8801',1,NULL,'食品',1);
INSERT INTO "tenders" VALUES(5,2,'cash',72,7,'8801',1,NULL,'食品',0);
INSERT INTO "tenders" VALUES(6,1,'cash',1000,0,'8801',1,NULL,'食品',1);
INSERT INTO "tenders" VALUES(6,2,'cash',37,7,'8801',1,NULL,'食品',0);
INSERT INTO "tenders" VALUES(8,1,'cash',1000,0,'8801',1,NULL,'食品',1);
INSERT INTO "tenders" VALUES(8,2,'cash',72,7,'8801',1,NULL,'食品',0);
CREATE TABLE transaction_lines (
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    code TEXT NOT NULL,
    description TEXT NOT NULL,
    department TEXT NOT NULL,
    category TEXT NOT NULL,
    tax_class TEXT NOT NULL,
    quantity_thousandths INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price_minor INTEGER NOT NULL,
    shelf_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    price_source TEXT NOT NULL,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    PRIMARY KEY (position, line)
) STRICT, WITHOUT ROWID;
INSERT INTO "transaction_lines" VALUES(5,1,'sale','milk','4710088412584','林鳳營鮮乳 936ml','食品','乳品','standard',2000,'piece',35,70,65,'catalogue',0);
INSERT INTO "transaction_lines" VALUES(5,2,'sale','milk','4710088412584','林鳳營鮮乳 936ml','食品','乳品','standard',2000,'piece',35,70,65,'catalogue',1);
INSERT INTO "transaction_lines" VALUES(6,1,'sale','bread','4710088412584','林鳳營鮮乳 936ml','食品','乳品','standard',1000,'piece',35,35,30,'catalogue',0);
INSERT INTO "transaction_lines" VALUES(6,2,'sale','bread','4710088412584','林鳳營鮮乳 936ml','食品','乳品','standard',1000,'piece',35,35,30,'catalogue',1);
INSERT INTO "transaction_lines" VALUES(8,1,'sale','milk','4710088412584','林鳳營鮮乳 936ml','食品','乳品','standard',2000,'piece',35,70,65,'catalogue',0);
INSERT INTO "transaction_lines" VALUES(8,2,'sale','milk','4710088412584','林鳳營鮮乳 936ml','食品','乳品','standard',2000,'piece',35,70,65,'catalogue',1);
CREATE TABLE transaction_modifiers (
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    reason TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (position, line, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO "transaction_modifiers" VALUES(5,1,1,'damaged',5);
INSERT INTO "transaction_modifiers" VALUES(5,2,1,'damaged',5);
INSERT INTO "transaction_modifiers" VALUES(6,1,1,'damaged',5);
INSERT INTO "transaction_modifiers" VALUES(6,2,1,'damaged',5);
INSERT INTO "transaction_modifiers" VALUES(8,1,1,'damaged',5);
INSERT INTO "transaction_modifiers" VALUES(8,2,1,'damaged',5);
CREATE TABLE transactions (
    position INTEGER PRIMARY KEY,
    transaction_id BLOB NOT NULL UNIQUE CHECK (length(transaction_id) = 16),
    status TEXT NOT NULL CHECK (status IN ('completed', 'abandoned')),
    store TEXT NOT NULL,
    workstation TEXT NOT NULL,
    number INTEGER,
    operator TEXT NOT NULL,
    business_day TEXT NOT NULL,
    opened_wall_ms INTEGER NOT NULL,
    opened_utc_offset_s INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    currency TEXT NOT NULL,
    shelf_minor INTEGER NOT NULL,
    discount_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    tendered_minor INTEGER NOT NULL,
    change_minor INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (workstation, number)
) STRICT;
INSERT INTO "transactions" VALUES(5,X'00000000000000010000000000000006','completed','367','1',1,'c1','2026-11-25',1795579206123,28800,1795579207123,28800,'TWD',70,5,65,65,65,7,NULL);
INSERT INTO "transactions" VALUES(6,X'00000000000000010000000000000001','abandoned','367','2',NULL,'c1','2026-11-25',1795579201123,28800,1795579208123,28800,'TWD',35,5,30,30,30,7,'changed_mind');
INSERT INTO "transactions" VALUES(8,X'0000000000000001000000000000000B','completed','367','1',2,'c1','2026-11-25',1795579211123,28800,1795579212123,28800,'TWD',70,5,65,65,65,7,NULL);
CREATE TABLE workstation_claims (
    workstation TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    claimed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'a row of the journal is never changed'); END;
CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'a row of the journal is never deleted'); END;
CREATE INDEX ended_by_time ON ended (ended_ms);
CREATE INDEX print_jobs_open ON print_jobs (state) WHERE state <> 'done';
COMMIT;
