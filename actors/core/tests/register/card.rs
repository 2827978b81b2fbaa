//! Paying through a terminal: nothing is asked before it is promised, nothing twice, and what
//! nobody knows stops everything else.

use std::sync::Arc;

use store_core::card::{CardAnswer, CardApproval, CardDecision, CardRequestKind};
use store_core::fact::Fact;
use store_core::invariants::check_sale;
use store_core::register::{BasketEvent, Command, Phase};
use store_core::{CardRequestId, RefusalCode};
use uuid::Uuid;

use crate::till::{MILK, SOAP, Till, reason, usd};

pub fn approval() -> CardAnswer {
    CardAnswer::Approved(CardApproval {
        scheme: Some(Arc::from("visa")),
        last_four: Some(Arc::from("1111")),
        approval: Some(Arc::from("123456")),
        receipt: Some(Arc::from("000042")),
    })
}

fn declined() -> CardAnswer {
    CardAnswer::Declined(Arc::from("05"))
}

/// A basket of 2.50 with a card on its way.
fn card_on_its_way() -> (Till, CardRequestId) {
    let mut till = Till::new().with_terminal();
    till.scan(MILK).unwrap();
    let answer = till.pay("card", "2.50").unwrap();
    let BasketEvent::CardRequested { request } = answer.outcome.event else {
        panic!("{:?}", answer.outcome)
    };
    (till, request)
}

fn kinds(till: &Till) -> Vec<&'static str> {
    till.facts.iter().map(Fact::kind).collect()
}

#[test]
fn a_card_is_asked_for_after_the_promise_and_taken_when_the_terminal_says_so() {
    let (mut till, request) = card_on_its_way();
    assert_eq!(kinds(&till), ["card_requested"]);
    let [(asked, false)] = till.asked.as_slice() else { panic!("{:?}", till.asked) };
    assert_eq!(
        (asked.id, asked.amount, &asked.kind),
        (request, usd("2.50"), &CardRequestKind::Sale)
    );
    assert_eq!(till.machine.phase(), Phase::AwaitingCard);
    assert_eq!(till.machine.basket().unwrap().transaction.totals.due, usd("2.50"));
    till.answer_card(approval());
    assert_eq!(kinds(&till), ["card_requested", "tender_taken"]);
    let tender = till.machine.basket().unwrap().transaction.tenders[0].clone();
    let slip = tender.card.unwrap();
    assert_eq!((slip.request, slip.decision), (request, CardDecision::Terminal));
    assert_eq!(slip.approval.last_four.as_deref(), Some("1111"));
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(check_sale(sale), Ok(()));
    assert_eq!(till.asked.len(), 1);
}

#[test]
fn a_promise_that_is_not_written_asks_nobody() {
    let mut till = Till::new().with_terminal();
    till.scan(MILK).unwrap();
    till.is_disk_full = true;
    assert_eq!(till.pay("card", "2.50").unwrap_err().code, RefusalCode::DiskFull);
    assert!(till.asked.is_empty() && till.facts.is_empty());
    till.is_disk_full = false;
    till.pay("card", "2.50").unwrap();
    assert_eq!(till.asked.len(), 1);
}

#[test]
fn a_declined_card_leaves_the_basket_as_it_was_before() {
    let (mut till, request) = card_on_its_way();
    till.answer_card(declined());
    assert_eq!(kinds(&till), ["card_requested", "card_declined"]);
    assert_eq!(till.machine.phase(), Phase::Selling, "the price does not stand any more");
    till.answer_card(approval());
    assert_eq!(till.facts.len(), 2, "an answer that comes twice is none");
    till.scan(SOAP).unwrap();
    till.pay("cash", "10.00").unwrap();
    till.run(Command::Complete).unwrap();
    let refused = till.run(Command::InquireCard { request }).unwrap_err();
    assert_eq!(refused.code, RefusalCode::TransactionEnded);
}

#[test]
fn while_a_card_is_awaited_or_unknown_nothing_else_is_done() {
    let (mut till, request) = card_on_its_way();
    for (state, code) in
        [(None, RefusalCode::CardPending), (Some("timed_out"), RefusalCode::CardUnknown)]
    {
        if let Some(why) = state {
            till.answer_card(CardAnswer::Unknown(why));
        }
        let view = till.machine.view(till.now());
        for command in [
            Command::ScanItem { code: SOAP.to_owned(), onto: None, item: None },
            Command::Undo,
            Command::VoidTender { number: 1 },
            Command::Complete,
            Command::Abandon { reason: reason("changed_mind") },
        ] {
            assert_eq!(till.run(command).unwrap_err().code, code);
        }
        assert_eq!(till.pay("cash", "2.50").unwrap_err().code, code);
        let other = CardRequestId::new(Uuid::from_u128(7));
        let refused = till.run(Command::InquireCard { request: other }).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NoSuchCardRequest);
        assert_eq!(till.machine.view(till.now()), view, "a refusal changes nothing");
    }
    assert_eq!(till.machine.phase(), Phase::CardUnknown);
    let resolved = |reason: &str| Command::ResolveCard {
        request,
        is_approved: true,
        reason: crate::till::reason(reason),
    };
    assert_eq!(till.run(resolved("whim")).unwrap_err().code, RefusalCode::UnknownReason);
    assert_eq!(kinds(&till), ["card_requested"]);
}

#[test]
fn after_a_restart_a_card_on_its_way_is_unknown_and_is_not_asked_again() {
    let (mut till, request) = card_on_its_way();
    till.restart();
    assert_eq!(till.machine.phase(), Phase::CardUnknown);
    assert_eq!(till.asked.len(), 1, "nothing is sent again by itself");
    till.answer_card(approval());
    assert_eq!(kinds(&till), ["card_requested"], "an answer of before the restart is stale");
    let view = till.machine.view(till.now()).basket.unwrap().card.unwrap();
    assert_eq!((view.state, view.code.as_deref()), ("unknown", Some("hub_restarted")));
    till.run(Command::InquireCard { request }).unwrap();
    assert_eq!(till.machine.phase(), Phase::AwaitingCard);
    assert!(till.asked[1].1, "it is only asked what became of it");
    till.answer_card(approval());
    let tender = till.machine.basket().unwrap().transaction.tenders[0].clone();
    assert_eq!(tender.card.unwrap().decision, CardDecision::Inquiry);
    till.run(Command::Complete).unwrap();
}

#[test]
fn an_inquiry_that_says_nothing_leaves_it_to_a_person() {
    let (mut till, request) = card_on_its_way();
    till.answer_card(CardAnswer::Unknown("timed_out"));
    till.run(Command::InquireCard { request }).unwrap();
    till.answer_card(CardAnswer::Unknown("no_answer"));
    assert_eq!(till.machine.phase(), Phase::CardUnknown);
    let reason = reason("slip_seen");
    till.run(Command::ResolveCard { request, is_approved: true, reason: reason.clone() }).unwrap();
    let Some(Fact::TenderTaken { tender, .. }) = till.facts.last() else { panic!("a tender") };
    let by = CardDecision::Person { operator: crate::till::operator("c1"), reason };
    assert_eq!(tender.card.as_ref().unwrap().decision, by);
    till.run(Command::Complete).unwrap();
}

#[test]
fn a_person_may_say_that_nothing_was_charged() {
    let (mut till, request) = card_on_its_way();
    till.answer_card(CardAnswer::Unknown("timed_out"));
    let reason = reason("slip_seen");
    till.run(Command::ResolveCard { request, is_approved: false, reason }).unwrap();
    assert_eq!(kinds(&till), ["card_requested", "card_declined"]);
    assert!(till.machine.basket().unwrap().transaction.tenders.is_empty());
    till.pay("cash", "2.50").unwrap();
}

#[test]
fn a_tender_by_card_is_voided_by_its_terminal() {
    let (mut till, request) = card_on_its_way();
    till.answer_card(approval());
    till.run(Command::VoidTender { number: 1 }).unwrap();
    let (asked, is_inquiry) = till.asked.last().unwrap().clone();
    let CardRequestKind::Reversal { tender: 1, of, receipt, .. } = &asked.kind else {
        panic!("{asked:?}")
    };
    assert_eq!((*of, receipt.as_deref(), is_inquiry), (request, Some("000042"), false));
    till.restart();
    assert_eq!(till.machine.phase(), Phase::CardUnknown, "a reversal is as unknown as a sale");
    let request = till.asked.last().unwrap().0.id;
    till.run(Command::InquireCard { request }).unwrap();
    till.answer_card(approval());
    assert!(till.machine.basket().unwrap().transaction.tenders[0].voided);
    let Some(Fact::TenderVoided { card, .. }) = till.facts.last() else { panic!("voided") };
    assert_eq!(card.as_ref().unwrap().request, request);
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
}

/// A reversal that its terminal declines, or cannot be asked for.
fn reversal_in_doubt(has_slip: bool, is_approved: bool) -> Till {
    let (mut till, request) = card_on_its_way();
    let why = reason("slip_seen");
    if has_slip {
        till.answer_card(approval());
    } else {
        till.answer_card(CardAnswer::Unknown("timed_out"));
        let (is_approved, reason) = (true, why.clone());
        till.run(Command::ResolveCard { request, is_approved, reason }).unwrap();
    }
    let asked = till.asked.len();
    let answer = till.run(Command::VoidTender { number: 1 }).unwrap();
    let BasketEvent::CardRequested { request } = answer.outcome.event else { panic!("asked") };
    assert_eq!(till.asked.len(), asked + usize::from(has_slip));
    if has_slip {
        till.answer_card(declined());
    }
    assert_eq!(till.machine.phase(), Phase::CardUnknown);
    let view = till.machine.view(till.now()).basket.unwrap().card.unwrap();
    let code = if has_slip { "05" } else { "no_slip_number" };
    assert_eq!(view.code.as_deref(), Some(code));
    till.run(Command::ResolveCard { request, is_approved, reason: why }).unwrap();
    till
}

#[test]
fn a_person_says_what_became_of_a_reversal_that_its_terminal_does_not_carry_out() {
    for has_slip in [true, false] {
        let mut till = reversal_in_doubt(has_slip, true);
        let Some(Fact::TenderVoided { card, .. }) = till.facts.last() else { panic!("voided") };
        assert!(matches!(card.as_ref().unwrap().decision, CardDecision::Person { .. }));
        till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
        let mut till = reversal_in_doubt(has_slip, false);
        assert_eq!(till.machine.phase(), Phase::Tendering, "the tender stands");
        assert_eq!(kinds(&till).last(), Some(&"card_declined"));
        till.run(Command::Complete).unwrap();
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_as_if_it_had_not_come() {
    let (mut till, request) = card_on_its_way();
    till.is_disk_full = true;
    till.answer_card(approval());
    assert_eq!(till.machine.phase(), Phase::CardUnknown);
    till.is_disk_full = false;
    till.run(Command::InquireCard { request }).unwrap();
    till.answer_card(approval());
    till.run(Command::Complete).unwrap();
}

#[test]
fn a_repeated_command_asks_the_terminal_once() {
    let mut till = Till::new().with_terminal();
    till.scan(MILK).unwrap();
    let total = usd("2.50");
    let envelope = till.envelope(Command::Tender {
        tender_type: crate::till::tender_type("card"),
        amount: total,
        total,
        reference: None,
        line: None,
    });
    till.send(envelope.clone()).unwrap();
    assert!(till.send(envelope.clone()).unwrap().repeated);
    till.answer_card(approval());
    assert!(till.send(envelope).unwrap().repeated);
    assert_eq!(till.asked.len(), 1);
}

#[test]
fn a_register_without_a_terminal_takes_a_card_by_hand() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.pay("card", "2.50").unwrap();
    assert_eq!(kinds(&till), ["tender_taken"]);
    till.run(Command::VoidTender { number: 1 }).unwrap();
}
