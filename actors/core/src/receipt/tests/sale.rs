//! Sales to print, priced by the real pricing.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::json;

use crate::policy::promotions::{read, write};
use crate::promotion::evaluate::NODES_MAX;
use crate::promotion::rule::Promotion;
use crate::promotion::set::PromotionSet;
use crate::promotion::{Pricing, PricingContext, PricingRequest, PricingRules, price};
use crate::tax::{TaxMethod, TaxRate, TaxTable};
use crate::transaction::*;
use crate::*;

pub fn money(text: &str, currency: Currency) -> Money {
    Money::parse(text, currency).unwrap()
}

pub fn rules() -> Vec<TenderRule> {
    [("cash", true, true), ("coupon", false, false), ("card", false, false)]
        .map(|(id, gives_change, opens_drawer)| TenderRule {
            gives_change,
            opens_drawer,
            ..TenderRule::exact(TenderTypeId::new(id).unwrap())
        })
        .to_vec()
}

/// A sale that is put together line by line and priced at the end.
pub struct Draft {
    pub sale: RetailTransaction,
    method: TaxMethod,
    percent: Decimal,
    promotions: Arc<PromotionSet>,
}

impl Draft {
    pub fn new(currency: Currency, method: TaxMethod, percent: &str, offset_s: i32) -> Self {
        let opened = Now {
            wall: "2026-11-24T02:05:00Z".parse::<Timestamp>().unwrap(),
            utc_offset_s: offset_s,
            monotonic_ms: 0,
            boot: BootId::new(uuid::Uuid::nil()),
            clock_trusted: true,
        };
        let sale = RetailTransaction {
            id: TransactionId::new(uuid::Uuid::nil()),
            store: StoreId::new("S001").unwrap(),
            workstation: WorkstationId::new("1").unwrap(),
            operator: OperatorId::new("c1").unwrap(),
            business_day: opened.business_day(),
            opened,
            currency,
            number: Some(TransactionNumber(42)),
            lines: Vec::new(),
            basket_modifiers: Vec::new(),
            tenders: Vec::new(),
            totals: Totals::zero(currency),
            ban: None,
            approvals: Vec::new(),
            pricing: None,
        };
        let promotions = Arc::default();
        Self { sale, method, percent: percent.parse().unwrap(), promotions }
    }

    pub fn line(
        &mut self,
        description: &str,
        quantity: Quantity,
        unit_price: &str,
    ) -> &mut LineItem {
        let currency = self.sale.currency;
        let unit_price = money(unit_price, currency);
        let is_return = quantity.is_negative();
        self.sale.lines.push(LineItem {
            line: LineNumber(u32::try_from(self.sale.lines.len()).unwrap() + 1),
            kind: if is_return { LineKind::Return } else { LineKind::Sale },
            item: ItemId::new("i").unwrap(),
            code: Arc::from("4710088412584"),
            entry: EntryMethod::Scanned,
            description: Arc::from(description),
            department: Arc::from("d"),
            category: Arc::from("c"),
            tax_class: Arc::from("standard"),
            quantity,
            unit_price,
            shelf_amount: unit_price.times(quantity.amount(), Rounding::HalfUp).unwrap(),
            price_source: PriceSource::Catalogue,
            recorded_modifiers: Vec::new(),
            modifiers: Vec::new(),
            net: Money::zero(currency),
            return_reason: None,
            by_department: false,
            deposit_of: None,
            serial: None,
            weighing: None,
            voided: None,
        });
        self.sale.lines.last_mut().unwrap()
    }

    pub fn pieces(&mut self, description: &str, count: i64, unit_price: &str) -> &mut LineItem {
        self.line(description, Quantity::pieces(count).unwrap(), unit_price)
    }

    pub fn modifier(&self, method: ModifierMethod, amount: &str, reason: &str) -> PriceModifier {
        PriceModifier {
            method,
            amount: money(amount, self.sale.currency),
            reason: ReasonCode::new(reason).unwrap(),
            operator: Some(self.sale.operator.clone()),
            promotion: None,
        }
    }

    pub fn reprice(&mut self) {
        let rate = TaxRate { percent: self.percent, method: self.method };
        let taxes = TaxTable { default: rate, classes: BTreeMap::new() };
        let rules = PricingRules { taxes, promotions: self.promotions.clone() };
        let context = PricingContext::anonymous(self.sale.opened, self.sale.opened.date());
        let priced = price(PricingRequest {
            rules: std::sync::Arc::new(rules),
            attributes: Vec::new(),
            lines: self.sale.lines.clone(),
            basket_modifiers: self.sale.basket_modifiers.clone(),
            currency: self.sale.currency,
            context,
            nodes_max: NODES_MAX,
        })
        .unwrap();
        self.sale.lines = priced.lines;
        self.sale.basket_modifiers = priced.basket_modifiers;
        self.sale.totals = priced.totals;
        if !self.promotions.is_empty() {
            self.sale.pricing = Some(self.recorded(priced.pricing));
        }
    }

    fn recorded(&self, pricing: Pricing) -> SalePricing {
        let written = |promotion: &Promotion| write(promotion, self.sale.currency);
        SalePricing {
            set: Arc::from("1"),
            promotions: pricing.applied,
            points_earned: pricing.points_earned,
            points_spent: pricing.points_spent,
            coupons_earned: pricing.coupons_earned,
            prompts: Vec::new(),
            customer: Customer::default(),
            by_priority: false,
            base_points: self.promotions.base_points(),
            rules: self.promotions.promotions().iter().map(written).collect(),
        }
    }

    pub fn tender(&mut self, tender_type: &str, amount: &str, reference: Option<&str>) {
        let currency = self.sale.currency;
        let given = money(amount, currency);
        let due = self.sale.totals.due;
        let left = due.subtract(given).unwrap();
        let is_over = left.is_negative() && !due.is_negative();
        let change = if is_over { left.negated() } else { Money::zero(currency) };
        self.sale.tenders.push(Tender {
            number: u32::try_from(self.sale.tenders.len()).unwrap() + 1,
            tender_type: TenderTypeId::new(tender_type).unwrap(),
            amount: given,
            change,
            reference: reference.map(Arc::from),
            line: None,
            item: None,
            department: None,
            face: None,
            foreign: None,
            card: None,
            voided: false,
        });
        let totals = &mut self.sale.totals;
        totals.tendered = totals.tendered.add(given.subtract(change).unwrap()).unwrap();
        totals.change = totals.change.add(change).unwrap();
        totals.due = due.subtract(given).unwrap().add(change).unwrap();
    }
}

/// Everything that a shop in Taiwan does in one basket: prices contain the tax, no decimals.
pub fn taiwan() -> RetailTransaction {
    let mut draft = Draft::new(Currency::TWD, TaxMethod::Inclusive, "5", 8 * 3600);
    draft.pieces("鮮乳 936ml", 2, "95");
    draft.pieces(
        "有機黑糖桂圓紅棗養生燕麥穀物早餐沖泡飲品家庭號超值分享包 ORGANIC 30 入",
        1,
        "1299",
    );
    draft.pieces("御飯糰 鮪魚", 1, "35");
    let off = draft.modifier(ModifierMethod::AmountOff, "10", "expiring");
    let percent = ModifierMethod::PercentOff { percent: Decimal::new(100, 1) };
    let percent = draft.modifier(percent, "0", "unlisted-reason");
    draft.sale.lines[2].recorded_modifiers = vec![off, percent];
    let weight = Quantity::from_thousandths(1252, Unit::Kilogram).unwrap();
    draft.line("香蕉", weight, "45").entry = EntryMethod::Weighed;
    draft.pieces("購物袋（僅記錄）", 0, "2");
    draft.pieces("看不見的作廢品項", 1, "999").voided = Some(VoidedLine {
        operator: OperatorId::new("c1").unwrap(),
        reason: ReasonCode::new("voided").unwrap(),
    });
    draft.pieces("礦泉水 600ml", -2, "20");
    let label = draft.pieces("鮭魚切片", 1, "300");
    label.price_source = PriceSource::Label;
    label.quantity = Quantity::from_thousandths(432, Unit::Kilogram).unwrap();
    label.shelf_amount = money("168", Currency::TWD);
    let basket = ModifierMethod::PercentOff { percent: Decimal::from(5) };
    draft.sale.basket_modifiers = vec![draft.modifier(basket, "0", "loyalty")];
    draft.reprice();
    draft.tender("coupon", "50", Some("CPN-2026-0001"));
    draft.tender("card", "600", Some("004213"));
    draft.tender("cash", "2000", None);
    draft.sale
}

/// Promotions of items under their lines, one of the order below them, points and a coupon.
pub fn promoted(currency: Currency, method: TaxMethod) -> RetailTransaction {
    let mut draft = Draft::new(currency, method, "5", 8 * 3600);
    let name = |zh: &str, en: &str| json!({ "zh": zh, "en": en });
    let file = json!({
        "points": { "per_amount": 10, "points": 1 },
        "promotions": [
            { "id": "second", "name": name("鮮乳第二件 8 折", "Second milk 20 % off"),
              "combine": "with_others",
              "group": { "slots": [{ "items": { "items": ["milk"] }, "count": 2 }],
                         "award": { "cheapest": 1, "award": { "percent_off": 20 } } } },
            { "id": "over", "name": name("滿 200 折 30", "30 off 200"), "combine": "with_others",
              "order": { "from": 200, "award": { "amount_off": 30 } } },
            { "id": "again", "name": name("再來一次", "Come again"),
              "reward": { "from": 0, "award": { "coupon": "SPRING-50" } } },
        ],
    });
    draft.promotions = Arc::new(read(&file, currency).unwrap().set);
    for _ in 0..2 {
        draft.pieces("鮮乳 936ml", 1, "95").item = ItemId::new("milk").unwrap();
    }
    draft.pieces("御飯糰 鮪魚", 2, "35");
    let off = draft.modifier(ModifierMethod::AmountOff, "5", "expiring");
    draft.sale.lines[2].recorded_modifiers = vec![off];
    draft.reprice();
    let due = draft.sale.totals.due.amount().to_string();
    draft.tender("card", &due, None);
    draft.sale
}

/// The same for the United States: tax is added, two decimals, fuel by the gallon.
pub fn america() -> RetailTransaction {
    let mut draft = Draft::new(Currency::USD, TaxMethod::Exclusive, "8.875", -5 * 3600);
    draft.pieces("WHOLE MILK GALLON", 1, "3.49");
    draft.pieces("EXTRAORDINARILY LONG CEREAL NAME WITH ORGANIC HONEY AND ALMONDS", 3, "5.25");
    draft.line("UNLEADED 87", Quantity::from_thousandths(12_345, Unit::Gallon).unwrap(), "3.29");
    draft.pieces("TELEVISION", 1, "1234.5");
    let price = money("999.99", Currency::USD);
    let method = ModifierMethod::NewUnitPrice { price };
    draft.sale.lines[3].recorded_modifiers = vec![draft.modifier(method, "0", "price_match")];
    draft.reprice();
    draft.tender("coupon", "1.00", Some("0012345"));
    draft.tender("cash", "1200", None);
    draft.sale
}

/// More comes back than is bought: money is paid out.
pub fn refund() -> RetailTransaction {
    let mut draft = Draft::new(Currency::TWD, TaxMethod::Inclusive, "5", 8 * 3600);
    draft.pieces("電熱水壺", -1, "890");
    let method = ModifierMethod::AmountOff;
    draft.sale.lines[0].recorded_modifiers = vec![draft.modifier(method, "-90", "damaged")];
    draft.pieces("御飯糰 鮪魚", 1, "35");
    draft.reprice();
    draft.tender("cash", "-765", None);
    draft.sale
}

/// The smallest receipt: one thing, no tax, the exact money, a clock that nobody has set.
pub fn plain() -> RetailTransaction {
    let mut draft = Draft::new(Currency::USD, TaxMethod::Exclusive, "0", -5 * 3600);
    draft.pieces("BANANAS", 1, "0.79");
    draft.reprice();
    draft.tender("cash", "0.79", None);
    draft.sale.opened.clock_trusted = false;
    draft.sale
}
