-- Projections: how often promotions were used, for their limits and for the figures.
CREATE TABLE promotion_uses (
    promotion TEXT NOT NULL,
    business_day TEXT NOT NULL,
    baskets INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    units INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    sales_minor INTEGER NOT NULL,
    PRIMARY KEY (promotion, business_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion_members (
    member TEXT NOT NULL,
    promotion TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (member, promotion)
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion_points (
    member TEXT NOT NULL,
    business_day TEXT NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (member, business_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion_coupons (
    code TEXT NOT NULL,
    promotion TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (code, promotion)
) STRICT, WITHOUT ROWID;
