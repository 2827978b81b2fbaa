//! What the simulated store sells, and what its registers follow.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::json;
use store_core::catalogue::{Catalogue, import};
use store_core::policy::promotions::read;
use store_core::promotion::PricingRules;
use store_core::promotion::set::PromotionSet;
use store_core::register::{ReasonCodes, RegisterRules};
use store_core::tax::{TaxMethod, TaxRate, TaxTable};
use store_core::till::{TillPolicy, TillRules};
use store_core::transaction::{TenderRule, TenderTypeId};
use store_core::{Currency, ItemId, Money, ReasonCode, StoreId, Unit, WorkstationId};

/// Prices of some items change on days that the clock may jump to.
const CSV: &str = "\
item,barcodes,plu,description,department,unit,price,tax_class,floor_price
1,0400000000015,,牛奶 936ml,冷藏,piece,89,taxable,
2,0400000000022,,肥皂,日用,piece,35;29@2026-03-10,taxable,20
3,0400000000039,00007,牛肉,生鮮,kilogram,480,free,
4,0410000000014;0410000000021*24,,天然水 600ml,飲料,piece,15,taxable,10
5,0410000000038,,天然水 1500ml,飲料,piece,25;30@2026-02-20;27@2026-03-20,taxable,
6,0410000000052,,鹼性離子水 850ml,飲料,piece,29,added,
7,0410000000069,,氣泡水 500ml,飲料,piece,0,taxable,
";

/// Codes of items sold by the piece, one of a pack, one unknown, one misread.
pub const SCANNED: &[&str] = &[
    "0400000000015",
    "0400000000015",
    "0400000000022",
    "0410000000014",
    "0410000000014",
    "0410000000021",
    "0410000000038",
    "0410000000052",
    "0410000000069",
    "0499999999998",
    "0400000000016",
];
/// Codes that may be keyed in or brought back.
pub const KEYED: &[&str] = &["0400000000015", "0400000000022", "0410000000038", "0410000000052"];
/// The one that is weighed.
pub const WEIGHED: &str = "00007";
/// Those whose stock is kept by hand.
pub const COUNTED: &[(&str, Unit)] = &[
    ("1", Unit::Piece),
    ("2", Unit::Piece),
    ("3", Unit::Kilogram),
    ("4", Unit::Piece),
    ("5", Unit::Piece),
];
pub const MEMBERS: &[&str] = &["m1", "m2", "m3"];
pub const CASHIERS: &[&str] = &["chen", "lin", "wang"];
pub const REGISTERS: usize = 3;

/// Everything that stays the same for the whole run, shared by all runs.
#[derive(Clone)]
pub struct Shop {
    pub rules: Arc<RegisterRules>,
    pub catalogue: Arc<Catalogue>,
}

impl Shop {
    pub fn open() -> Self {
        let rate = |percent: i64, method| TaxRate { percent: Decimal::from(percent), method };
        let mut taxes = TaxTable::flat(rate(0, TaxMethod::Inclusive));
        taxes.classes.insert("taxable".into(), rate(5, TaxMethod::Inclusive));
        taxes.classes.insert("added".into(), rate(7, TaxMethod::Exclusive));
        let rules = RegisterRules {
            store: StoreId::from_static("1"),
            currency: Currency::TWD,
            departments: Vec::new(),
            terminals: std::collections::BTreeMap::new(),
            tenders: vec![tender("cash", true), tender("coupon", false), tender("card", false)],
            reasons: ReasonCodes {
                price: vec![reason("damaged")],
                returns: vec![reason("refund")],
                abandon: vec![reason("changed_mind")],
                cash: vec![reason("change")],
                card: vec![reason("slip_seen")],
            },
            // What befalls tills is tried elsewhere; here a register sells at once.
            till: TillRules { policy: TillPolicy::None, is_blind: false },
            layouts: Vec::new(),
            member_cards: Vec::new(),
            pricing: Arc::new(PricingRules { taxes, promotions: Arc::new(promotions()) }),
        };
        Self {
            rules: Arc::new(rules),
            catalogue: Arc::new(import(CSV.as_bytes(), Currency::TWD).expect("the catalogue")),
        }
    }
}

/// Uses of soap's promotion in the whole run, so few that registers meet at the last ones.
pub const SOAP_USES: u32 = 40;
/// What the budget of a milk's promotion is, in minor units.
pub const MILK_BUDGET: i64 = 600;

/// A few of every kind: limited ones, coupons, for members, by card, of orders.
fn promotions() -> PromotionSet {
    let name = |text: &str| json!({ "zh": text, "en": text });
    let file = json!({
        "points": { "per_amount": 50, "points": 1 },
        "promotions": [
            { "id": "soap", "name": name("soap"), "limits": { "total": SOAP_USES, "per_day": 15 },
              "each": { "items": { "items": ["2"] }, "award": { "amount_off": 9 } } },
            { "id": "milk", "name": name("milk"), "limits": { "budget": MILK_BUDGET },
              "group": { "slots": [{ "items": { "items": ["1"] }, "count": 2 }],
                         "award": { "cheapest": 1, "award": { "percent_off": 40 } } } },
            { "id": "member", "name": name("member"), "who": "members",
              "limits": { "per_member": 7 },
              "each": { "items": { "items": ["4"] }, "award": { "amount_off": 3 } } },
            { "id": "card", "name": name("card"), "tenders": ["card"],
              "order": { "from": 100, "award": { "amount_off": 10 } } },
            { "id": "coupon", "name": name("coupon"), "coupon": { "unique": "U-" },
              "each": { "items": { "items": ["5", "6"] }, "award": { "percent_off": 50 } } },
        ],
    });
    read(&file, Currency::TWD).expect("the promotions").set
}

fn tender(id: &str, gives_change: bool) -> TenderRule {
    TenderRule {
        gives_change,
        opens_drawer: gives_change,
        taken_when_nothing_due: id == "coupon",
        ..TenderRule::exact(tender_type(id))
    }
}

pub fn tender_type(id: &str) -> TenderTypeId {
    TenderTypeId::new(id).expect("a way of paying")
}

pub fn reason(code: &'static str) -> ReasonCode {
    ReasonCode::from_static(code)
}

pub fn twd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::TWD).expect("an amount")
}

pub fn item(id: &'static str) -> ItemId {
    ItemId::from_static(id)
}

/// The workstation of a register, which is numbered from 0.
pub fn workstation(register: usize) -> WorkstationId {
    WorkstationId::from_static(["1", "2", "3"][register])
}
