-- What promotions brought: projections, made again from the rows at any time. One text for SQLite
-- and PostgreSQL.

-- By promotion, store and day. `uses` are units, groups or times; `discount` is what it took off
-- what was to pay, `net` what the units that it took or lowered came to. `shown`, `taken` and
-- `declined` count prompts; `shown` has all of them, those of baskets that were abandoned too.
CREATE TABLE promotions_by (
    day TEXT NOT NULL,
    store TEXT NOT NULL,
    promotion TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- What it was last called, as `{"zh": …, "en": …}`; empty where nobody said.
    name TEXT NOT NULL,
    baskets BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    units BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    net BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    declined BIGINT NOT NULL,
    PRIMARY KEY (day, store, promotion, currency)
) /* by its key */;
CREATE INDEX promotions_by_promotion ON promotions_by (promotion, day);

-- Baskets that were abandoned and whose prompts were counted, so that none is counted twice.
CREATE TABLE abandoned (
    store TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    PRIMARY KEY (transaction_id, store)
) /* by its key */;
