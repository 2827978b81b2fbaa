//! From the price on the screen to payment: what is asked once more, what is refused, what a
//! restart in between keeps.

use serde_json::{Value, json};
use store_core::RefusalCode;
use store_core::RefusalCode::{TenderChangesTotal, TotalChanged};
use store_core::fact::Fact;
use store_core::promotion::Evaluated;
use store_core::promotion::digest::digest;
use store_core::promotion::evaluate::{NODES_TILL, evaluate};
use store_core::promotion::explain::explain_basket;
use store_core::promotion::price;
use store_core::register::Command;

use crate::promotions::{
    follow, intend, name, name_member, next_basket, sold, till, till_of_same_store, total, view,
};
use crate::sales::discount;
use crate::till::{MILK, SOAP, Till, pieces, reason, usd};

#[test]
fn a_basket_that_is_read_again_is_priced_by_the_same_request() {
    let mut till = till(&json!({ "total": 3 }));
    name_member(&mut till);
    till.scan(MILK).unwrap();
    till.scan(SOAP).unwrap();
    till.run(intend("card")).unwrap();
    let before = till.machine.explanation_ask().unwrap().request;
    assert_eq!(before.nodes_max, NODES_TILL, "a till's search is bounded");
    till.restart();
    let after = till.machine.explanation_ask().unwrap().request;
    assert_eq!((after.nodes_max, &after.context), (before.nodes_max, &before.context));
    let (before, after) = (price(before).unwrap(), price(after).unwrap());
    assert_eq!((after.lines, after.totals), (before.lines, before.totals));
    assert_eq!(after.pricing, before.pricing, "to the certificate");
}

/// Another register of the store begins payment with a milk.
fn take_elsewhere(till: &mut Till) {
    let mut there = till_of_same_store(till);
    there.scan(MILK).unwrap();
    std::mem::swap(&mut till.uses, &mut there.uses);
    there.pay("cash", "1.25").unwrap();
    std::mem::swap(&mut till.uses, &mut there.uses);
}

#[test]
fn a_refusal_names_what_changed_the_total() {
    // The last milk is gone; meant by; paid by; refused why; at which total; what is shown then.
    let table = [
        (false, None, "card", TenderChangesTotal, "0.75", "1.25"),
        (false, Some("card"), "cash", TenderChangesTotal, "1.25", "0.75"),
        (true, None, "cash", TotalChanged, "2.50", "2.50"),
        (true, None, "coupon", TotalChanged, "2.50", "2.50"),
        (true, None, "card", TotalChanged, "2.50", "2.50"),
        (true, Some("card"), "cash", TotalChanged, "2.00", "2.00"),
        (true, Some("card"), "card", TotalChanged, "2.00", "2.00"),
    ];
    for row @ (is_gone, meant, paid, code, amount, shown) in table {
        let mut till = till(&json!({ "total": 1 }));
        till.scan(MILK).unwrap();
        if let Some(meant) = meant {
            till.run(intend(meant)).unwrap();
        }
        if is_gone {
            take_elsewhere(&mut till);
        }
        let refusal = till.pay(paid, "0.50").unwrap_err();
        let named = if code == TotalChanged { "due" } else { "total" };
        assert_eq!((refusal.code, &*refusal.details[named]), (code, amount), "{row:?}");
        assert_eq!(total(&till), shown, "{row:?}");
        assert!(till.wanted.is_some());
        // What is refused then is only the way of paying, or nothing.
        let again = till.pay(paid, "0.50");
        let is_other =
            meant.is_some_and(|meant| meant != paid) || paid == "card" && meant.is_none();
        let expected = is_other.then_some(TenderChangesTotal);
        assert_eq!(again.err().map(|refusal| refusal.code), expected, "{row:?}");
    }
}

/// Milk for nothing, as said.
fn free(bound: &Value) -> Till {
    let mut free = json!({ "id": "free", "name": name("free"),
        "each": { "items": { "items": ["1"] }, "award": "free" } });
    free.as_object_mut().unwrap().extend(bound.as_object().unwrap().clone());
    let soap = json!({ "id": "soap", "name": name("soap"), "tenders": ["card"],
        "each": { "items": { "items": ["2"] }, "award": { "amount_off": "1.00" } } });
    let mut till = Till::new();
    follow(&mut till, &json!({ "promotions": [free, soap] }));
    till.scan(MILK).unwrap();
    till.run(intend("card")).unwrap();
    assert_eq!(total(&till), "0.00");
    till
}

#[test]
fn what_only_a_card_makes_nothing_is_not_completed_without_it() {
    let mut till = free(&json!({ "tenders": ["card"] }));
    let before = view(&till);
    let refusal = till.run(Command::Complete).unwrap_err();
    let details = (&*refusal.details["tender"], &*refusal.details["total"]);
    assert_eq!((refusal.code, details), (TenderChangesTotal, ("cash", "2.50")));
    assert_eq!(view(&till), before, "nothing has changed");
    assert_eq!(till.uses.holds().count(), 0);
    till.run(Command::IntendTender { tender_type: None }).unwrap();
    assert_eq!(total(&till), "2.50");
    till.pay("cash", "2.50").unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(sold(&till).totals.total, usd("2.50"));
}

#[test]
fn where_every_way_of_paying_is_asked_for_by_some_promotion_it_is_simply_not_paid() {
    let mut till = free(&json!({ "tenders": ["card", "cash", "coupon", "voucher"] }));
    let refusal = till.run(Command::Complete).unwrap_err();
    assert_eq!((refusal.code, &*refusal.details["due"]), (RefusalCode::NotPaid, "2.50"));
}

#[test]
fn what_costs_nothing_in_any_way_is_completed_whatever_was_meant() {
    let mut till = free(&json!({}));
    till.run(Command::Complete).unwrap();
    let pricing = sold(&till).pricing.as_ref().unwrap();
    assert_eq!((pricing.promotions.len(), &pricing.customer.tender), (1, &None));
}

#[test]
fn a_sale_names_the_promotions_that_it_was_paid_by_not_those_of_its_last_line() {
    let mut till = till(&json!({}));
    let paid_by = digest(&till.rules.pricing.promotions);
    let better = json!({ "promotions": [{ "id": "better", "name": name("better"),
        "each": { "items": {}, "award": { "percent_off": 90 } } }] });
    till.scan(MILK).unwrap();
    till.pay("cash", "1.00").unwrap();
    follow(&mut till, &better);
    till.restart();
    assert_eq!(total(&till), "1.25");
    till.pay("cash", "0.25").unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(sold(&till).pricing.as_ref().unwrap().set, paid_by);
    // Payment that is taken back fixes nothing.
    next_basket(&mut till);
    let paid_by = digest(&till.rules.pricing.promotions);
    till.scan(MILK).unwrap();
    till.pay("cash", "0.10").unwrap();
    till.run(Command::VoidTender { number: 1 }).unwrap();
    let beside = json!({ "promotions": [{ "id": "soap", "name": name("soap"),
        "each": { "items": { "items": ["2"] }, "award": { "percent_off": 90 } } }] });
    follow(&mut till, &beside);
    till.restart();
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    let Some(Fact::SaleAbandoned { transaction, .. }) = till.facts.last() else {
        panic!("given up")
    };
    assert_ne!(transaction.pricing.as_ref().unwrap().set, paid_by);
}

#[test]
fn what_is_being_paid_is_explained_by_what_it_was_priced_by() {
    let mut till = till(&json!({}));
    let better = json!({ "promotions": [{ "id": "better", "name": name("better"),
        "each": { "items": {}, "award": { "percent_off": 90 } } }] });
    till.scan(MILK).unwrap();
    till.scan(SOAP).unwrap();
    till.run(discount("0.20", None)).unwrap();
    till.pay("cash", "1.00").unwrap();
    follow(&mut till, &better);
    till.restart();
    let explained = |till: &Till| {
        let request = till.machine.explanation_ask().unwrap().request;
        let told = explain_basket(&request, NODES_TILL).unwrap();
        let beside: i64 = told.beside.iter().map(|beside| beside.amount.minor()).sum();
        assert_eq!(told.total.minor() + beside, told.to_pay.minor());
        let names = told.applied.iter().map(|one| one.promotion.id.to_string());
        let names = names.chain(told.not_applied.iter().map(|one| one.promotion.id.to_string()));
        (told.to_pay, names.collect::<Vec<_>>())
    };
    assert_eq!(total(&till), "3.04");
    assert_eq!(explained(&till), (usd("3.04"), vec!["milk".to_owned()]));
    // Before payment all counts that is in force.
    till.run(Command::VoidTender { number: 1 }).unwrap();
    let (_, names) = explained(&till);
    assert!(names.contains(&"better".to_owned()), "{names:?}");
}

#[test]
fn what_is_worth_saying_is_worked_out_from_the_price_on_the_screen() {
    let mut till = till(&json!({ "total": 3 }));
    take_elsewhere(&mut till);
    till.scan(MILK).unwrap();
    let wanted = till.wanted.take().unwrap();
    let Evaluated { goods, context, outcome } = &*wanted.evaluated;
    assert_eq!(outcome.total, view(&till).totals.total.minor());
    assert_eq!(context.used.values().map(|used| used.ever).collect::<Vec<_>>(), [1]);
    let again = evaluate(&wanted.rules.promotions, goods, context, wanted.nodes_max).unwrap();
    assert_eq!((&again, wanted.nodes_max), (outcome, NODES_TILL));
    till.scan(SOAP).unwrap();
    let more = till.wanted.take().unwrap();
    assert_eq!(more.evaluated.outcome.total, view(&till).totals.total.minor());
    till.run(Command::Undo).unwrap();
    till.wanted = None;
    // Not about a basket that promotions alone do not price.
    till.run(discount("0.20", None)).unwrap();
    assert!(till.wanted.take().is_none());
    till.run(Command::Undo).unwrap();
    assert!(till.wanted.take().is_some());
    let (code, quantity, reason) = (SOAP.to_owned(), pieces(1), reason("refund"));
    till.run(Command::ReturnItem { code, quantity, amount: None, reason }).unwrap();
    assert!(till.wanted.take().is_none());
    till.run(Command::Undo).unwrap();
    // Nor about one that is being paid for; once it is not any more it is said again.
    till.wanted = None;
    till.pay("cash", "0.50").unwrap();
    assert!(till.wanted.is_none());
    till.run(Command::VoidTender { number: 1 }).unwrap();
    assert_eq!(till.wanted.unwrap().evaluated.outcome.total, 125);
}
