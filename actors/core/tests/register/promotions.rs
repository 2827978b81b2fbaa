//! Promotions at the till: the price on the screen, who it is made for, what is held, what is said.

use std::sync::Arc;

use serde_json::{Value, json};
use store_core::fact::Fact;
use store_core::policy::promotions::read;
use store_core::promotion::PricingRules;
use store_core::promotion::prompts::{Adds, Prompt, PromptId};
use store_core::promotion::rule::Text;
use store_core::register::{
    BasketEvent, BasketView, Command, InForce, RegisterInput, RegisterRules,
};
use store_core::transaction::{PromptOutcome, RetailTransaction};
use store_core::{Currency, ItemId, MemberId, PromotionId, RefusalCode, TransactionId};
use uuid::Uuid;

use crate::till::{MILK, SOAP, Till, reason, tender_type, usd};

pub fn name(text: &str) -> Value {
    json!({ "zh": text, "en": text })
}

/// Milk for half (limited as said), soap at 1.00 off for members, 0.50 off an order by card,
/// coupons, and something for the chain's own people.
fn offers(limits: &Value) -> Value {
    let items = |item: &str| json!({ "items": [item] });
    json!({ "promotions": [
        { "id": "card", "name": name("card"), "tenders": ["card"],
          "order": { "award": { "amount_off": "0.50" } } },
        { "id": "milk", "name": name("milk"), "limits": limits, "combine": "with_others",
          "each": { "items": items("1"), "award": { "percent_off": 50 } } },
        { "id": "soap", "name": name("soap"), "who": "members",
          "each": { "items": items("2"), "award": { "amount_off": "1.00" } } },
        { "id": "ten", "name": name("ten"), "coupon": { "code": "TEN" },
          "each": { "items": items("2"), "award": { "percent_off": 10 } } },
        { "id": "once", "name": name("once"), "coupon": { "unique": "U-" },
          "each": { "items": items("2"), "award": { "percent_off": 20 } } },
        { "id": "own", "name": name("own"), "who": "employees",
          "each": { "items": items("2"), "award": { "percent_off": 30 } } },
    ] })
}

pub fn till(limits: &Value) -> Till {
    let mut till = Till::new();
    follow(&mut till, &offers(limits));
    till
}

/// The register follows other promotions, from its next basket on.
pub fn follow(till: &mut Till, file: &Value) {
    let set = read(file, Currency::USD).unwrap().set;
    let taxes = till.rules.pricing.taxes.clone();
    let pricing = Arc::new(PricingRules { taxes, promotions: Arc::new(set) });
    let rules = RegisterRules { pricing, ..RegisterRules::clone(&till.rules) };
    till.rules = Arc::new(rules);
    let in_force =
        InForce { revision: 1, catalogue: till.catalogue.clone(), rules: till.rules.clone() };
    till.feed(RegisterInput::InForceChanged(in_force));
}

pub fn view(till: &Till) -> BasketView {
    till.machine.view(till.now()).basket.expect("a basket is open")
}

pub fn total(till: &Till) -> String {
    view(till).totals.total.amount().to_string()
}

pub fn applied(till: &Till) -> Vec<String> {
    let pricing = view(till).pricing.expect("there are promotions");
    pricing.applied.iter().map(|used| used.id.to_string()).collect()
}

pub fn next_basket(till: &mut Till) {
    till.transaction = TransactionId::new(Uuid::from_u128(till.transaction.uuid().as_u128() + 1));
    till.version = 0;
}

pub fn sold(till: &Till) -> &RetailTransaction {
    match till.facts.last() {
        Some(Fact::SaleCompleted(sale)) => sale,
        other => panic!("the last thing was no sale: {other:?}"),
    }
}

pub fn intend(kind: &str) -> Command {
    Command::IntendTender { tender_type: Some(tender_type(kind)) }
}

pub fn show(code: &str) -> Command {
    Command::ShowCoupon { code: code.to_owned() }
}

pub fn name_member(till: &mut Till) {
    let member = MemberId::new("m1").unwrap();
    let named = Command::NameMember { member, tier: Some("gold".to_owned()), points: Some(7) };
    till.run(named).unwrap();
}

#[test]
fn the_price_on_the_screen_has_the_promotions_and_the_sale_says_what_they_did() {
    let mut till = till(&json!({}));
    till.scan(MILK).unwrap();
    assert_eq!(total(&till), "1.25");
    let shown = view(&till);
    let modifier = &shown.lines[0].modifiers[0];
    assert_eq!(modifier.promotion.as_ref().unwrap().id.as_str(), "milk");
    assert_eq!((modifier.amount, modifier.operator.clone()), (usd("1.25"), None));
    till.pay("cash", "1.25").unwrap();
    till.run(Command::Complete).unwrap();
    let pricing = sold(&till).pricing.as_ref().unwrap();
    assert_eq!(pricing.promotions.len(), 1);
    let used = &pricing.promotions[0];
    assert_eq!((used.uses, used.units), (1, 1));
    assert_eq!((used.amount, used.sales), (usd("1.25"), usd("1.25")));
    assert_eq!(pricing.customer.tender, Some(tender_type("cash")));
    let rules: Vec<&str> = pricing.rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(rules, ["milk"], "what was live and for these goods");
    assert!(!pricing.set.is_empty());
}

#[test]
fn who_buys_and_what_they_show_is_priced_and_taken_back() {
    let mut till = till(&json!({}));
    name_member(&mut till);
    assert_eq!(view(&till).context.tier.as_deref(), Some("gold"), "before the first line");
    till.scan(SOAP).unwrap();
    assert_eq!(total(&till), "0.99");
    till.run(Command::ForgetMember).unwrap();
    assert_eq!(total(&till), "1.99");
    let none = till.run(Command::ForgetMember).unwrap_err();
    assert_eq!(none.code, RefusalCode::NoMember);
    till.run(show("TEN")).unwrap();
    assert_eq!(total(&till), "1.79");
    till.run(show("U-1")).unwrap();
    assert_eq!((total(&till), applied(&till)), ("1.59".to_owned(), vec!["once".to_owned()]));
    till.run(Command::WithdrawCoupon { code: "U-1".to_owned() }).unwrap();
    assert_eq!(total(&till), "1.79");
    till.run(Command::EmployeePurchase { is: true }).unwrap();
    assert_eq!(total(&till), "1.39");
    for expected in ["1.79", "1.59", "1.79", "1.99", "0.99"] {
        till.run(Command::Undo).unwrap();
        assert_eq!(total(&till), expected);
    }
}

#[test]
fn a_coupon_that_nothing_takes_is_refused_and_so_is_one_that_was_used() {
    let mut till = till(&json!({}));
    let refused = |till: &mut Till, code: &str| till.run(show(code)).unwrap_err().code;
    assert_eq!(refused(&mut till, "NOPE"), RefusalCode::CouponUnknown);
    assert_eq!(refused(&mut till, "U-"), RefusalCode::CouponUnknown, "no more than the beginning");
    assert!(till.machine.basket().is_none());
    till.scan(SOAP).unwrap();
    till.run(show("U-1")).unwrap();
    assert_eq!(refused(&mut till, "U-1"), RefusalCode::CouponUsed, "it stands there");
    till.pay("cash", "1.59").unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(sold(&till).pricing.as_ref().unwrap().promotions[0].coupons, [Arc::from("U-1")]);
    next_basket(&mut till);
    till.scan(SOAP).unwrap();
    assert_eq!(refused(&mut till, "U-1"), RefusalCode::CouponUsed);
    assert_eq!((view(&till).context.coupons.len(), total(&till).as_str()), (0, "1.99"));
    till.run(show("U-2")).unwrap();
}

#[test]
fn a_tender_of_another_kind_than_the_price_is_made_for_is_refused_and_changes_nothing() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    let before = view(&till);
    let refusal = till.pay("card", "1.99").unwrap_err();
    assert_eq!(refusal.code, RefusalCode::TenderChangesTotal);
    assert_eq!(refusal.details["total"], "1.49");
    assert_eq!(view(&till), before);
    till.run(intend("card")).unwrap();
    assert_eq!(total(&till), "1.49");
    let refusal = till.pay("cash", "1.49").unwrap_err();
    assert_eq!(
        (refusal.code, &*refusal.details["total"]),
        (RefusalCode::TenderChangesTotal, "1.99")
    );
    till.pay("card", "1.00").unwrap();
    till.pay("cash", "0.49").unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(sold(&till).totals.total, usd("1.49"), "the first tender decides");
    assert_eq!(sold(&till).pricing.as_ref().unwrap().customer.tender, Some(tender_type("card")));
}

#[test]
fn a_price_by_card_is_not_paid_in_cash_by_handing_the_card_back() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    till.run(intend("card")).unwrap();
    till.pay("card", "0.01").unwrap();
    till.pay("cash", "1.48").unwrap();
    let refusal = till.run(Command::VoidTender { number: 1 }).unwrap_err();
    assert_eq!(
        (refusal.code, &*refusal.details["tender"]),
        (RefusalCode::TenderChangesTotal, "card")
    );
    till.run(Command::VoidTender { number: 2 }).unwrap();
    till.run(Command::VoidTender { number: 1 }).unwrap();
    assert_eq!(till.uses.holds().count(), 0);
    till.run(intend("cash")).unwrap();
    assert_eq!(total(&till), "1.99");
}

#[test]
fn a_sale_keeps_of_long_lists_what_it_sold() {
    let mut till = Till::new();
    let items: Vec<String> =
        (0..500).map(|item| format!("x{item}")).chain(["1".to_owned()]).collect();
    let long = json!({ "promotions": [{
        "id": "long", "name": name("long"), "combine": "with_others",
        "each": { "items": { "items": items }, "award": { "percent_off": 50 } },
    }] });
    follow(&mut till, &long);
    till.scan(MILK).unwrap();
    till.pay("cash", "1.25").unwrap();
    till.restart();
    till.run(Command::Complete).unwrap();
    let rule = &sold(&till).pricing.as_ref().unwrap().rules[0];
    assert_eq!(rule["each"]["items"]["items"], json!(["1"]));
}

#[test]
fn a_way_of_paying_that_changes_nothing_need_not_be_said_before() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    till.pay("coupon", "0.99").unwrap();
    assert_eq!(view(&till).context.tender, Some(tender_type("coupon")));
    let unknown = Command::IntendTender { tender_type: Some(tender_type("shells")) };
    next_basket(&mut till);
    assert_eq!(till.run(unknown).unwrap_err().code, RefusalCode::OtherBasketOpen);
}

#[test]
fn what_another_register_takes_meanwhile_is_not_given_twice() {
    let mut till = till(&json!({ "total": 1 }));
    till.scan(MILK).unwrap();
    assert_eq!(total(&till), "1.25");
    // Another register of the store begins payment with the last one.
    let mut there = till_of_same_store(&till);
    there.scan(MILK).unwrap();
    std::mem::swap(&mut till.uses, &mut there.uses);
    there.pay("cash", "1.25").unwrap();
    std::mem::swap(&mut till.uses, &mut there.uses);
    let refusal = till.pay("cash", "1.25").unwrap_err();
    assert_eq!((refusal.code, &*refusal.details["due"]), (RefusalCode::TotalChanged, "2.50"));
    assert_eq!((total(&till), applied(&till)), ("2.50".to_owned(), Vec::new()));
    assert!(till.draft.as_ref().unwrap().contains("2.50"), "and the draft says so");
    // It is given back there: the next price has it again.
    std::mem::swap(&mut till.uses, &mut there.uses);
    there.run(Command::VoidTender { number: 1 }).unwrap();
    std::mem::swap(&mut till.uses, &mut there.uses);
    till.run(intend("cash")).unwrap();
    assert_eq!(total(&till), "1.25");
}

pub fn till_of_same_store(till: &Till) -> Till {
    let mut there = Till::new();
    there.transaction = TransactionId::new(Uuid::from_u128(900));
    there.rules = till.rules.clone();
    let in_force =
        InForce { revision: 1, catalogue: till.catalogue.clone(), rules: till.rules.clone() };
    there.feed(RegisterInput::InForceChanged(in_force));
    there
}

#[test]
fn a_sale_of_nothing_to_pay_takes_its_part_of_a_limit_too() {
    let mut till = Till::new();
    let free = json!({ "promotions": [{
        "id": "free", "name": name("free"), "limits": { "total": 1 },
        "each": { "items": {}, "award": "free" },
    }] });
    follow(&mut till, &free);
    till.scan(MILK).unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(sold(&till).pricing.as_ref().unwrap().promotions[0].uses, 1);
    next_basket(&mut till);
    till.scan(MILK).unwrap();
    assert_eq!(total(&till), "2.50");
}

#[test]
fn a_basket_that_is_open_over_a_restart_keeps_its_promotions_and_its_hold() {
    let mut till = till(&json!({ "total": 1 }));
    name_member(&mut till);
    till.scan(MILK).unwrap();
    // Meanwhile they end.
    let none = json!({ "promotions": [] });
    follow(&mut till, &none);
    till.restart();
    assert_eq!(view(&till).context.member, Some(MemberId::new("m1").unwrap()));
    till.scan(SOAP).unwrap();
    assert_eq!(total(&till), "3.24", "milk as it was told, soap as it is now");
    till.pay("cash", "1.00").unwrap();
    till.restart();
    assert_eq!(till.uses.holds().count(), 1);
    till.pay("cash", "2.24").unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(sold(&till).pricing.as_ref().unwrap().rules[0]["id"], "milk");
    assert_eq!(till.uses.holds().count(), 0);
}

#[test]
fn goods_at_a_floor_may_be_sold_lower_by_the_chain_and_not_by_the_cashier() {
    let mut till = Till::new();
    let cheap = json!({ "promotions": [{
        "id": "all", "name": name("all"), "order": { "award": { "percent_off": 50 } },
    }] });
    follow(&mut till, &cheap);
    till.scan(SOAP).unwrap();
    assert_eq!(total(&till), "0.99", "below the floor of 1.50");
    let refusal = till.run(crate::sales::discount("0.10", None)).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::BelowFloorPrice);
    till.scan(SOAP).unwrap();
}

pub fn prompt(id: &str, adds: Adds) -> Prompt {
    let text = Text { zh: "".into(), en: "".into() };
    Prompt {
        id: PromptId::new(id),
        promotion: PromotionId::new("milk").unwrap(),
        name: text.clone(),
        adds,
        cost: usd("2.50"),
        saving: usd("1.25"),
        total_after: usd("1.25"),
        text,
    }
}

pub fn milk_asked() -> Adds {
    let (item, code) = (ItemId::new("1").unwrap(), MILK.to_owned());
    Adds::Items { item, code, description: "MILK".into(), count: 1 }
}

pub fn suggest(till: &mut Till, prompts: Vec<Prompt>) {
    let (transaction, version) = (till.transaction, till.version);
    let (priced, offers) = (till.wanted.as_ref().unwrap().priced, Vec::new());
    till.feed(RegisterInput::Suggested { transaction, version, priced, prompts, offers });
}

#[test]
fn prompts_are_shown_for_the_version_that_they_are_about_and_what_came_of_them_is_a_fact() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    assert_eq!(till.wanted.as_ref().unwrap().version, 1, "somebody is asked");
    let amount = Adds::Amount { amount: usd("3.00") };
    let said = vec![prompt("a", milk_asked()), prompt("b", amount), prompt("c", milk_asked())];
    let revision = till.machine.revision();
    suggest(&mut till, said.clone());
    assert!(till.machine.revision() > revision);
    assert_eq!(view(&till).prompts.len(), 3);
    let gone = Command::TakePrompt { prompt: PromptId::new("x") };
    assert_eq!(till.run(gone).unwrap_err().code, RefusalCode::PromptGone);
    let needs = Command::TakePrompt { prompt: PromptId::new("b") };
    assert_eq!(till.run(needs).unwrap_err().code, RefusalCode::PromptNeedsGoods);
    till.run(Command::DeclinePrompt { prompt: PromptId::new("c") }).unwrap();
    assert!(view(&till).prompts.is_empty(), "the next ones are worked out");
    assert!(till.wanted.as_ref().unwrap().declined.contains(&PromptId::new("c")));
    till.version -= 1;
    suggest(&mut till, said.clone());
    assert!(view(&till).prompts.is_empty(), "that was about another basket");
    till.version += 1;
    suggest(&mut till, said[..2].to_vec());
    let taken = till.run(Command::TakePrompt { prompt: PromptId::new("a") }).unwrap();
    assert!(matches!(taken.outcome.event, BasketEvent::ItemAdded { .. }));
    assert_eq!(total(&till), "3.24");
    till.pay("cash", "3.24").unwrap();
    till.run(Command::Complete).unwrap();
    let made = sold(&till).pricing.as_ref().unwrap().prompts.iter();
    let made: Vec<_> = made.map(|made| (made.prompt.as_str(), made.outcome)).collect();
    // The amount's promotion gives more than before: it was taken with it.
    let expected =
        [("a", PromptOutcome::Taken), ("b", PromptOutcome::Taken), ("c", PromptOutcome::Declined)];
    assert_eq!(made, expected);
}

#[test]
fn whatever_command_adds_it_a_prompt_is_taken_and_what_is_given_up_keeps_them() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    suggest(&mut till, vec![prompt("a", milk_asked())]);
    till.restart();
    till.scan(SOAP).unwrap();
    suggest(&mut till, vec![prompt("a", milk_asked())]);
    till.scan(MILK).unwrap();
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    let Some(Fact::SaleAbandoned { transaction, .. }) = till.facts.last() else {
        panic!("given up")
    };
    let made = &transaction.pricing.as_ref().unwrap().prompts;
    assert_eq!((made.len(), made[0].outcome), (1, PromptOutcome::Taken));
}
