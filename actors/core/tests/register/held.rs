//! What baskets in payment hold against each other, and what a basket remembers of what was said.

use std::collections::BTreeSet;

use serde_json::json;
use store_core::promotion::prompts::PromptId;
use store_core::register::{Command, RegisterEffect, RegisterInput, Ticket};
use store_core::transaction::PromptOutcome;
use store_core::{Machine as _, PromotionId, TransactionId};
use uuid::Uuid;

use crate::promotions::{
    follow, milk_asked, name, prompt, sold, suggest, till, till_of_same_store, total, view,
};
use crate::till::{MILK, SOAP, Till, asked_by};

const DAY_S: i64 = 86_400;

/// What was said in the basket that was sold, and what came of it.
fn said(till: &Till) -> Vec<(&str, PromptOutcome)> {
    let made = sold(till).pricing.as_ref().unwrap().prompts.iter();
    made.map(|made| (made.prompt.as_str(), made.outcome)).collect()
}

fn declined(till: &Till) -> BTreeSet<PromptId> {
    till.wanted.as_ref().unwrap().declined.clone()
}

fn decline(till: &mut Till, id: &str) {
    till.run(Command::DeclinePrompt { prompt: PromptId::new(id) }).unwrap();
}

fn sell(till: &mut Till) {
    let due = total(till);
    till.pay("cash", &due).unwrap();
    till.run(Command::Complete).unwrap();
}

#[test]
fn what_another_basket_holds_counts_against_every_limit_and_on_its_own_day_only() {
    for (limits, tomorrow) in [
        (json!({ "total": 1 }), "2.50"),
        (json!({ "budget": "1.25" }), "2.50"),
        (json!({ "per_day": 1 }), "1.25"),
    ] {
        let mut till = till(&limits);
        let mut there = till_of_same_store(&till);
        there.scan(MILK).unwrap();
        there.pay("cash", "1.00").unwrap();
        till.uses = std::mem::take(&mut there.uses);
        till.scan(MILK).unwrap();
        assert_eq!(total(&till), "2.50", "{limits}: the last one is held");
        let mut later = till_of_same_store(&till);
        later.transaction = TransactionId::new(Uuid::from_u128(901));
        later.uses = till.uses;
        later.wall_s += DAY_S;
        later.scan(MILK).unwrap();
        assert_eq!(total(&later), tomorrow, "{limits}: on the next day");
    }
}

#[test]
fn once_payment_has_begun_a_restart_keeps_what_the_price_depends_on_and_does_not_use() {
    let mut till = Till::new();
    let off = |id: &str, amount: &str| {
        let each = json!({ "items": {}, "award": { "amount_off": amount } });
        json!({ "id": id, "name": name(id), "each": each })
    };
    follow(&mut till, &json!({ "promotions": [off("more", "1.00"), off("less", "0.10")] }));
    till.scan(MILK).unwrap();
    till.pay("cash", "1.00").unwrap();
    follow(&mut till, &json!({ "promotions": [] }));
    till.restart();
    let ask = till.machine.explanation_ask().unwrap();
    for id in ["more", "less"] {
        let id = PromotionId::new(id).unwrap();
        assert!(ask.request.rules.promotions.find(&id).is_some(), "{id} explains the price");
    }
}

#[test]
fn what_was_declined_stays_so_over_a_restart_and_when_it_is_said_once_more() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    suggest(&mut till, vec![prompt("a", milk_asked())]);
    decline(&mut till, "a");
    till.restart();
    till.scan(SOAP).unwrap();
    assert_eq!(declined(&till), BTreeSet::from([PromptId::new("a")]));
    // Worked out before it was declined, by a thread that was slow.
    suggest(&mut till, vec![prompt("a", milk_asked())]);
    sell(&mut till);
    assert_eq!(said(&till), [("a", PromptOutcome::Declined)]);
}

#[test]
fn however_many_prompts_were_made_one_more_can_be_declined() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    let many = (0..151).map(|number| prompt(&number.to_string(), milk_asked()));
    suggest(&mut till, many.collect());
    decline(&mut till, "150");
    assert_eq!(declined(&till), BTreeSet::from([PromptId::new("150")]));
}

#[test]
fn nothing_is_said_any_more_once_payment_has_begun() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    till.pay("cash", "1.00").unwrap();
    // Whichever price it is about, it is too late.
    let mut about = till.wanted.take().unwrap();
    for priced in 0..10 {
        about.priced = priced;
        till.wanted = Some(about.clone());
        suggest(&mut till, vec![prompt("a", milk_asked())]);
        assert!(view(&till).prompts.is_empty());
    }
    till.pay("cash", "0.99").unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(said(&till), []);
}

#[test]
fn what_is_said_while_a_command_is_under_way_is_remembered() {
    let mut till = till(&json!({}));
    till.scan(SOAP).unwrap();
    let envelope =
        till.envelope(Command::ScanItem { code: SOAP.to_owned(), onto: None, item: None });
    let request = asked_by("c1", envelope);
    let (ticket, now, mut effects) = (Ticket(9_000), till.now(), Vec::new());
    till.machine.step(now, RegisterInput::Request { ticket, request }, &mut effects);
    let asked = effects.into_iter().find_map(|effect| match effect {
        RegisterEffect::Price { ticket, ask } => Some((ticket, ask)),
        _ => None,
    });
    let (ticket, ask) = asked.expect("its price is asked");
    // The cashier reads it, and then the line comes up.
    suggest(&mut till, vec![prompt("a", milk_asked())]);
    let quote = till.quote(*ask);
    till.feed(RegisterInput::Priced { ticket, quote });
    till.version += 1;
    sell(&mut till);
    assert_eq!(said(&till), [("a", PromptOutcome::Shown)]);
}
