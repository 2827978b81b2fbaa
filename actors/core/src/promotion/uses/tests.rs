use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::Currency;
use crate::policy::promotions::read;
use crate::promotion::evaluate::NODES_TILL;
use crate::promotion::solve::tests::now;
use crate::promotion::{GoodsAttributes, Member, PricingRules};
use crate::tax::{TaxMethod, TaxRate, TaxTable};
use crate::transaction::tests::line;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn basket(number: u128) -> TransactionId {
    TransactionId::new(Uuid::from_u128(number))
}

/// 1.00 off each unit, limited in some way.
fn rules(limited: &Value) -> Arc<PricingRules> {
    let mut promotion = json!({
        "id": "off",
        "name": { "zh": "折 1", "en": "1 off" },
        "each": { "items": {}, "award": { "amount_off": "1.00" } },
    });
    let fields = promotion.as_object_mut().unwrap();
    fields.extend(limited.as_object().unwrap().clone());
    let set = read(&json!({ "promotions": [promotion] }), Currency::USD).unwrap().set;
    let rate = TaxRate { percent: 0.into(), method: TaxMethod::Inclusive };
    Arc::new(PricingRules { taxes: TaxTable::flat(rate), promotions: Arc::new(set) })
}

/// One unit of 10.00.
fn ask(rules: &Arc<PricingRules>, number: u128, hold_at: Option<i64>) -> PriceAsk {
    let context = PricingContext::anonymous(now(), now().date());
    PriceAsk {
        transaction: basket(number),
        business_day: now().business_day(),
        request: PricingRequest {
            rules: rules.clone(),
            lines: vec![line("", usd(1000))],
            attributes: vec![GoodsAttributes::default()],
            basket_modifiers: Vec::new(),
            currency: Currency::USD,
            context,
            nodes_max: NODES_TILL,
        },
        hold: hold_at.map(|total| Shown { total: usd(total), tender: None }),
    }
}

fn total(uses: &mut PromotionUses, ask: PriceAsk, sold: &impl SalesSoFar) -> i64 {
    uses.quote(ask, sold).unwrap().priced.totals.total.minor()
}

/// What sales had used.
#[derive(Default)]
struct Ledger {
    sold: Sold,
    by_member: u32,
    points: u64,
    coupon: &'static str,
}

impl SalesSoFar for Ledger {
    fn sold(&self, _: &PromotionId, day: BusinessDay) -> Result<Sold, RefusalCode> {
        let today = if day == now().business_day() { self.sold.today } else { 0 };
        Ok(Sold { today, ..self.sold })
    }

    fn sold_to(&self, member: &MemberId) -> Result<BTreeMap<PromotionId, u32>, RefusalCode> {
        let theirs = (member.as_str() == "m1").then(|| (id(), self.by_member));
        Ok(theirs.into_iter().collect())
    }

    fn points_spent(&self, _: &MemberId, _: BusinessDay) -> Result<u64, RefusalCode> {
        Ok(self.points)
    }

    fn is_coupon_used(&self, code: &str) -> Result<bool, RefusalCode> {
        Ok(code == self.coupon)
    }
}

fn id() -> PromotionId {
    PromotionId::new("off").unwrap()
}

#[test]
fn the_last_one_goes_to_who_pays_first_and_comes_back_if_they_do_not() {
    let rules = rules(&json!({ "limits": { "total": 1 } }));
    let mut uses = PromotionUses::default();
    for number in [1, 2] {
        assert_eq!(total(&mut uses, ask(&rules, number, None), &NothingSold), 900, "it is left");
    }
    assert!(uses.quote(ask(&rules, 1, Some(900)), &NothingSold).unwrap().is_held);
    let late = uses.quote(ask(&rules, 2, Some(900)), &NothingSold).unwrap();
    assert_eq!((late.is_held, late.priced.totals.total), (false, usd(1000)), "gone meanwhile");
    assert!(uses.quote(ask(&rules, 1, Some(900)), &NothingSold).unwrap().is_held, "its own");
    uses.release(basket(1));
    assert_eq!(total(&mut uses, ask(&rules, 2, None), &NothingSold), 900, "free again");
}

#[test]
fn a_basket_that_is_changed_again_holds_nothing() {
    let rules = rules(&json!({ "limits": { "total": 1 } }));
    let mut uses = PromotionUses::default();
    uses.quote(ask(&rules, 1, Some(900)), &NothingSold).unwrap();
    uses.quote(ask(&rules, 1, None), &NothingSold).unwrap();
    assert_eq!(uses.holds().count(), 0);
    assert_eq!(total(&mut uses, ask(&rules, 2, None), &NothingSold), 900);
}

#[test]
fn what_was_held_stands_again_after_a_restart() {
    let rules = rules(&json!({ "limits": { "total": 1 } }));
    let mut uses = PromotionUses::default();
    uses.quote(ask(&rules, 1, Some(900)), &NothingSold).unwrap();
    let holds: Vec<_> = uses.holds().map(|(of, hold)| (*of, hold.clone())).collect();
    let mut again = PromotionUses::restored(holds);
    assert_eq!(total(&mut again, ask(&rules, 2, None), &NothingSold), 1000);
}

#[test]
fn sales_count_by_what_is_limited() {
    let uses = |limits: Value, ledger: &Ledger| {
        let rules = rules(&json!({ "limits": limits }));
        total(&mut PromotionUses::default(), ask(&rules, 1, None), ledger)
    };
    let sold =
        |ever, today, amount| Ledger { sold: Sold { ever, today, amount }, ..Ledger::default() };
    assert_eq!(uses(json!({ "total": 3 }), &sold(2, 0, 0)), 900);
    assert_eq!(uses(json!({ "total": 3 }), &sold(3, 0, 0)), 1000);
    assert_eq!(uses(json!({ "per_day": 3 }), &sold(9, 2, 0)), 900);
    assert_eq!(uses(json!({ "per_day": 3 }), &sold(9, 3, 0)), 1000);
    assert_eq!(uses(json!({ "budget": "5.00" }), &sold(0, 0, 460)), 960, "what is left of it");
    assert_eq!(uses(json!({ "budget": "5.00" }), &sold(0, 0, 500)), 1000);
}

#[test]
fn another_day_has_its_own_uses() {
    let rules = rules(&json!({ "limits": { "per_day": 1 } }));
    let ledger = Ledger { sold: Sold { ever: 1, today: 1, amount: 100 }, ..Ledger::default() };
    let mut uses = PromotionUses::default();
    assert_eq!(total(&mut uses, ask(&rules, 1, None), &ledger), 1000);
    let tomorrow = BusinessDay::new(now().date().tomorrow().unwrap());
    let later = PriceAsk { business_day: tomorrow, ..ask(&rules, 1, None) };
    assert_eq!(total(&mut uses, later, &ledger), 900);
}

#[test]
fn a_member_has_their_own_limit() {
    let rules = rules(&json!({ "who": "members", "limits": { "per_member": 2 } }));
    let of = |name: &str, number, hold_at| {
        let mut asked = ask(&rules, number, hold_at);
        let member = Member { id: MemberId::new(name).unwrap(), tier: None, points: 0 };
        asked.request.context.member = Some(member);
        asked
    };
    let ledger = |by_member| Ledger { by_member, ..Ledger::default() };
    let mut uses = PromotionUses::default();
    assert_eq!(total(&mut uses, of("m1", 1, None), &ledger(2)), 1000);
    assert_eq!(total(&mut uses, of("m2", 1, None), &ledger(2)), 900, "theirs is another");
    assert!(uses.quote(of("m1", 1, Some(900)), &ledger(1)).unwrap().is_held);
    assert_eq!(total(&mut uses, of("m1", 2, None), &ledger(1)), 1000, "with the same card");
    assert_eq!(total(&mut uses, ask(&rules, 3, None), &ledger(0)), 1000, "nobody in particular");
}

#[test]
fn points_are_spent_once() {
    let rules = rules(&json!({ "cost_points": 60 }));
    let of = |number, hold_at| {
        let mut asked = ask(&rules, number, hold_at);
        let member = Member { id: MemberId::new("m1").unwrap(), tier: None, points: 100 };
        asked.request.context.member = Some(member);
        asked
    };
    let spent = |points| Ledger { points, ..Ledger::default() };
    let mut uses = PromotionUses::default();
    assert_eq!(total(&mut uses, of(1, None), &spent(40)), 900, "60 are left");
    assert_eq!(total(&mut uses, of(1, None), &spent(41)), 1000, "spent today already");
    assert!(uses.quote(of(1, Some(900)), &spent(0)).unwrap().is_held);
    assert_eq!(total(&mut uses, of(2, None), &spent(0)), 1000, "held at another register");
    uses.release(basket(1));
    assert_eq!(total(&mut uses, of(2, None), &spent(0)), 900);
}

#[test]
fn a_unique_coupon_is_used_once() {
    let rules = rules(&json!({ "coupon": { "unique": "U-" } }));
    let with = |code: &str, number, hold_at| {
        let mut asked = ask(&rules, number, hold_at);
        asked.request.context.coupons = vec![Arc::from(code)];
        asked
    };
    let ledger = Ledger { coupon: "U-7", ..Ledger::default() };
    let mut uses = PromotionUses::default();
    let used = uses.quote(with("U-7", 1, None), &ledger).unwrap();
    assert_eq!(used.coupons_used, [Arc::from("U-7")]);
    assert_eq!(used.priced.totals.total, usd(1000));
    let other = uses.quote(with("U-8", 1, Some(900)), &ledger).unwrap();
    assert!(other.is_held && other.coupons_used.is_empty());
    let twice = uses.quote(with("U-8", 2, None), &ledger).unwrap();
    assert_eq!(twice.coupons_used, [Arc::from("U-8")], "it is held for another basket");
    uses.release(basket(1));
    assert_eq!(total(&mut uses, with("U-8", 2, None), &ledger), 900);
}

#[test]
fn a_code_that_everybody_has_is_used_by_everybody() {
    let rules = rules(&json!({ "coupon": { "code": "TEN" } }));
    let ledger = Ledger { coupon: "TEN", ..Ledger::default() };
    let mut asked = ask(&rules, 1, None);
    asked.request.context.coupons = vec![Arc::from("TEN")];
    assert_eq!(total(&mut PromotionUses::default(), asked, &ledger), 900);
}

#[test]
fn what_is_live_and_for_the_goods_is_told_with_the_hold() {
    let set = read(
        &json!({ "promotions": [
            { "id": "a", "name": { "zh": "甲", "en": "A" },
              "each": { "items": {}, "award": { "amount_off": "1.00" } } },
            { "id": "b", "name": { "zh": "乙", "en": "B" },
              "each": { "items": { "items": ["other"] }, "award": "free" } },
            { "id": "c", "name": { "zh": "丙", "en": "C" }, "when": { "until": "2020-01-01" },
              "each": { "items": {}, "award": "free" } },
            { "id": "d", "name": { "zh": "丁", "en": "D" },
              "order": { "from": "99.00", "award": { "percent_off": 10 } } },
        ]}),
        Currency::USD,
    );
    let promotions = Arc::new(set.unwrap().set);
    let taxes = rules(&json!({})).taxes.clone();
    let rules = Arc::new(PricingRules { taxes, promotions: promotions.clone() });
    let quote = PromotionUses::default().quote(ask(&rules, 1, Some(900)), &NothingSold).unwrap();
    let live: Vec<&str> =
        quote.live.iter().map(|index| promotions.get(*index).unwrap().id.as_str()).collect();
    assert_eq!(live, ["a", "d"]);
}
