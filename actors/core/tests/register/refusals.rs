use store_core::fact::Fact;
use store_core::register::{
    Attached, Command, Known, ModifierRequest, RegisterEffect, RegisterInput, Request, Ticket,
    WAITING_MAX,
};
use store_core::transaction::Approval;
use store_core::{CommandId, LineNumber, RefusalCode, TransactionId};
use uuid::Uuid;

use crate::sales::discount;
use crate::till::{
    BEEF, MILK, SOAP, Till, asked_by, kilograms, operator, pieces, reason, tender_type, usd,
};

const LINE: LineNumber = LineNumber(1);

fn key(code: &str, quantity: Option<i64>, amount: Option<&str>) -> Command {
    Command::KeyItem {
        code: code.to_owned(),
        quantity: quantity.map(pieces),
        amount: amount.map(usd),
        item: None,
    }
}

fn scan(code: &str, onto: Option<LineNumber>) -> Command {
    Command::ScanItem { code: code.to_owned(), onto, item: None }
}

/// Each on a basket with one bottle of milk, which stays as it was.
#[test]
fn what_does_not_fit_is_refused_and_the_basket_stays() {
    let percent = |percent: i64| Command::ModifyPrice {
        line: Some(LINE),
        modifier: ModifierRequest::PercentOff { percent: percent.into() },
        reason: reason("damaged"),
    };
    let dearer = Command::ModifyPrice {
        line: Some(LINE),
        modifier: ModifierRequest::NewUnitPrice { price: usd("3.00") },
        reason: reason("damaged"),
    };
    let refused = [
        (scan("0499999999998", None), "unknown_barcode"),
        (scan("0400000000016", None), "bad_check_digit"),
        (scan(SOAP, Some(LINE)), "no_such_line"),
        (scan(BEEF, None), "weight_needed"),
        (key(MILK, Some(10_000), None), "bad_quantity"),
        (key(MILK, Some(-1), None), "bad_quantity"),
        (key(MILK, Some(0), Some("1.00")), "bad_quantity"),
        (key(MILK, None, Some("-1.00")), "bad_amount"),
        (
            Command::WeighItem { code: MILK.into(), weight: kilograms(1), scale: None },
            "bad_quantity",
        ),
        (Command::SetQuantity { line: LINE, quantity: pieces(0) }, "bad_quantity"),
        (Command::SetQuantity { line: LineNumber(9), quantity: pieces(1) }, "no_such_line"),
        (Command::VoidLine { line: LineNumber(9) }, "no_such_line"),
        (discount("2.51", Some(LINE)), "discount_exceeds_amount"),
        (discount("2.51", None), "discount_exceeds_amount"),
        (discount("0", Some(LINE)), "bad_amount"),
        (percent(0), "bad_amount"),
        (percent(101), "bad_amount"),
        (dearer, "bad_amount"),
        (Command::VoidTender { number: 1 }, "no_such_tender"),
        (Command::Complete, "not_paid"),
        (Command::Abandon { reason: reason("why_not") }, "unknown_reason"),
    ];
    for (command, code) in refused {
        let mut till = Till::new();
        let before = till.scan(MILK).unwrap().view;
        let refusal = till.run(command.clone()).unwrap_err();
        assert_eq!(refusal.code.as_str(), code, "{command:?}");
        let now = till.now();
        assert_eq!(till.machine.view(now), before, "{command:?}");
    }
}

#[test]
fn a_tender_must_name_what_is_due_and_fit_it() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let tender = |kind: &str, amount: &str, total: &str| Command::Tender {
        tender_type: tender_type(kind),
        amount: usd(amount),
        total: usd(total),
        reference: None,
        line: None,
    };
    for (command, code) in [
        (tender("cash", "5.00", "2.00"), RefusalCode::TotalChanged),
        (tender("shells", "5.00", "2.50"), RefusalCode::UnknownTender),
        (tender("card", "5.00", "2.50"), RefusalCode::TenderExceedsDue),
        (tender("cash", "0", "2.50"), RefusalCode::BadAmount),
        (tender("cash", "-1.00", "2.50"), RefusalCode::BadAmount),
    ] {
        assert_eq!(till.run(command).unwrap_err().code, code);
    }
    assert!(till.facts.is_empty());
}

#[test]
fn a_command_for_another_version_basket_or_operator_is_refused() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.version = 0;
    assert_eq!(till.scan(SOAP).unwrap_err().code, RefusalCode::BasketChanged);
    till.version = 1;
    till.transaction = TransactionId::new(Uuid::from_u128(2));
    assert_eq!(till.scan(SOAP).unwrap_err().code, RefusalCode::OtherBasketOpen);
    let envelope = till.envelope(Command::Complete);
    let refused = till.ask(asked_by("c2", envelope)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::OtherOperatorSignedOn);
}

#[test]
fn nothing_but_an_item_or_a_coupon_opens_a_basket() {
    let mut till = Till::new();
    assert_eq!(till.run(Command::Complete).unwrap_err().code, RefusalCode::NoBasket);
    assert_eq!(till.scan("no such code").unwrap_err().code, RefusalCode::UnknownBarcode);
    assert!(till.machine.basket().is_none());
}

#[test]
fn an_operator_with_an_open_basket_stays() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let id = CommandId::new(Uuid::from_u128(77));
    let off = Request::SignOff { id, operator: operator("c1") };
    assert_eq!(till.ask(off).unwrap_err().code, RefusalCode::BasketOpen);
    let on = Request::SignOn { id, operator: operator("c2"), name: "Lin".into(), instead_of: None };
    assert_eq!(till.ask(on).unwrap_err().code, RefusalCode::OtherOperatorSignedOn);
}

#[test]
fn the_basket_of_somebody_who_cannot_come_back_is_theirs_who_signs_on_instead() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let sign_on = |till: &mut Till, instead_of: &str| {
        let id = CommandId::new(Uuid::from_u128(u128::from(till.next_id())));
        let instead_of = Some(operator(instead_of));
        till.ask(Request::SignOn { id, operator: operator("c2"), name: "Lin".into(), instead_of })
    };
    let refused = sign_on(&mut till, "c3").unwrap_err();
    assert_eq!(refused.code, RefusalCode::OtherOperatorSignedOn, "another one is gone");
    till.is_disk_full = true;
    assert_eq!(sign_on(&mut till, "c1").unwrap_err().code, RefusalCode::DiskFull);
    till.is_disk_full = false;
    sign_on(&mut till, "c1").unwrap();
    let envelope = till.envelope(Command::VoidLine { line: LineNumber(1) });
    let by_the_first = till.ask(asked_by("c1", envelope)).unwrap_err();
    assert_eq!(by_the_first.code, RefusalCode::OtherOperatorSignedOn);
    // It is durable whose it is: the draft says so, and so does the sale.
    let draft: serde_json::Value = serde_json::from_str(till.draft.as_ref().unwrap()).unwrap();
    assert_eq!(draft["transaction"]["operator"], "c2");
    let envelope = till.envelope(Command::Abandon { reason: reason("changed_mind") });
    till.ask(asked_by("c2", envelope)).unwrap();
    let Some(Fact::SaleAbandoned { transaction, .. }) = till.facts.last() else { panic!() };
    assert_eq!((transaction.operator.as_str(), transaction.lines.len()), ("c2", 1));
}

#[test]
fn in_mid_shift_a_basket_goes_along_with_the_register_until_payment_of_it_begins() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let change = |till: &mut Till, before: &str, next: &str| {
        let id = CommandId::new(Uuid::from_u128(u128::from(till.next_id())));
        let (operator, before) = (operator(next), operator(before));
        let (name, takes_payment) = ("Lin".into(), false);
        till.ask(Request::ChangeOperator { id, operator, name, before, takes_payment })
    };
    let refused = change(&mut till, "c3", "c2").unwrap_err();
    assert_eq!(refused.code, RefusalCode::OtherOperatorSignedOn, "it is somebody else's by now");
    change(&mut till, "c1", "c2").unwrap();
    let Some(Fact::OperatorChanged { operator: now, before, transaction, .. }) = till.facts.last()
    else {
        panic!("{:?}", till.facts)
    };
    assert_eq!((now.as_str(), before.as_str()), ("c2", "c1"));
    assert_eq!(*transaction, Some(till.transaction));
    let draft: serde_json::Value = serde_json::from_str(till.draft.as_ref().unwrap()).unwrap();
    assert_eq!(draft["transaction"]["operator"], "c2", "it is durable whose it is");
    let facts = till.facts.len();
    change(&mut till, "c1", "c2").unwrap();
    assert_eq!(till.facts.len(), facts, "who works here already changes nothing");
    change(&mut till, "c2", "c1").unwrap();
    till.pay("cash", "10").unwrap();
    let refused = change(&mut till, "c1", "c2").unwrap_err();
    assert_eq!(refused.code, RefusalCode::PaymentOfAnother);
    assert_eq!(refused.details["operator"], "c1");
}

#[test]
fn what_a_second_person_approved_stays_with_the_basket_also_where_nothing_came_of_it() {
    let mut till = Till::new();
    let by = |till: &mut Till, command: Command| {
        let envelope = till.envelope(command);
        let (permission, approved_by) = (envelope.command.permission(), operator("s1"));
        let approval = Some(Approval { permission, approved_by });
        let attached = Attached { approval, said: None };
        till.ask(Request::Command { operator: operator("c1"), attached, envelope })
    };
    till.version = 0;
    by(&mut till, Command::EmployeePurchase { is: true }).unwrap();
    till.version = 1;
    assert!(by(&mut till, Command::VoidLine { line: LineNumber(9) }).is_err());
    by(&mut till, Command::Abandon { reason: reason("changed_mind") }).unwrap();
    let Some(Fact::SaleAbandoned { transaction, .. }) = till.facts.last() else { panic!() };
    let approved: Vec<_> = transaction.approvals.iter().map(|one| one.permission.code()).collect();
    assert_eq!(approved, ["employee_purchase", "abandon"], "not what was refused");
    assert!(transaction.approvals.iter().all(|one| one.approved_by.as_str() == "s1"));
}

#[test]
fn on_a_full_disk_the_basket_stays_and_selling_goes_on_when_there_is_room() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.is_disk_full = true;
    // One scan may be ahead of the disk; it is answered, and nothing after it is taken in.
    till.scan(SOAP).unwrap();
    assert_eq!(till.scan(SOAP).unwrap_err().code, RefusalCode::DiskFull);
    assert_eq!(till.pay("cash", "10").unwrap_err().code, RefusalCode::DiskFull);
    let now = till.now();
    let view = till.machine.view(now);
    assert_eq!(view.notices, ["disk_full"]);
    assert_eq!(view.basket.unwrap().lines.len(), 2);
    till.is_disk_full = false;
    till.scan(SOAP).unwrap();
    till.pay("cash", "10").unwrap();
    let done = till.run(Command::Complete).unwrap();
    assert!(done.view.notices.is_empty());
}

#[test]
fn a_basket_whose_draft_is_refused_can_be_given_up() {
    let mut till = Till::new();
    till.is_draft_rejected = true;
    // It is answered before its draft is written; nothing after it is taken in.
    till.scan(MILK).unwrap();
    assert_eq!(till.scan(SOAP).unwrap_err().code, RefusalCode::JournalFailed);
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    assert!(till.machine.basket().is_none());
    till.is_draft_rejected = false;
    (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(2)), 0);
    till.scan(SOAP).unwrap();
    till.scan(MILK).unwrap();
}

#[test]
fn a_promise_on_a_full_disk_leaves_the_basket_as_it_was() {
    let mut till = Till::new();
    let before = till.scan(MILK).unwrap().view.basket;
    till.is_disk_full = true;
    assert_eq!(till.pay("cash", "10").unwrap_err().code, RefusalCode::DiskFull);
    let now = till.now();
    assert_eq!(till.machine.view(now).basket, before);
}

#[test]
fn a_stale_reply_changes_nothing() {
    let mut till = Till::new();
    let before = till.scan(MILK).unwrap().view;
    let code = RefusalCode::JournalFailed;
    for input in [
        RegisterInput::AppendFailed { ticket: Ticket(1), code },
        RegisterInput::Committed { ticket: Ticket(1), repeated: false },
        RegisterInput::NotPriced { ticket: Ticket(1) },
        RegisterInput::DraftSaved { attempt: 1 },
        RegisterInput::DraftFailed { attempt: 1, code },
        RegisterInput::LookedUp { ticket: Ticket(1), known: Ok(Known::Nothing) },
    ] {
        assert!(till.feed(input).is_empty());
    }
    let now = till.now();
    assert_eq!(till.machine.view(now), before);
}

#[test]
fn what_was_carried_out_is_answered_again_also_on_a_full_disk() {
    let mut till = Till::new();
    till.is_disk_full = true;
    let scan = till.envelope(scan(MILK, None));
    let first = till.send(scan.clone()).unwrap();
    let again = till.send(scan).unwrap();
    assert!(again.repeated);
    assert_eq!(again.outcome, first.outcome);
}

/// A second scan, as far as the question of what it costs.
fn begin_scan(till: &mut Till) -> Vec<RegisterEffect> {
    till.scan(MILK).unwrap();
    let envelope = till.envelope(scan(SOAP, None));
    let (ticket, request) = (Ticket(900), asked_by("c1", envelope));
    let input = RegisterInput::Request { ticket, request };
    let mut effects = Vec::new();
    let now = till.now();
    store_core::Machine::step(&mut till.machine, now, input, &mut effects);
    effects
}

#[test]
fn a_late_reply_to_an_earlier_draft_is_stale() {
    let mut till = Till::new();
    let Some(RegisterEffect::Price { ticket, ask }) = begin_scan(&mut till).pop() else {
        panic!("a scan is priced");
    };
    let quote = till.quote(*ask);
    let (now, mut effects) = (till.now(), Vec::new());
    let input = RegisterInput::Priced { ticket, quote };
    store_core::Machine::step(&mut till.machine, now, input, &mut effects);
    assert_eq!(till.machine.queue_length(), 1, "it waits for its second draft");
    assert!(till.feed(RegisterInput::DraftSaved { attempt: 1 }).is_empty());
    assert_eq!(till.machine.queue_length(), 1, "and not for its first");
    assert!(till.feed(RegisterInput::DraftSaved { attempt: 2 }).is_empty());
    assert_eq!(till.machine.queue_length(), 0);
}

#[test]
fn nobody_to_price_a_basket_means_not_now() {
    let mut till = Till::new();
    begin_scan(&mut till);
    let answers = till.feed(RegisterInput::NotPriced { ticket: Ticket(900) });
    let [(answered, Err(refusal))] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!((*answered, refusal.code), (Ticket(900), RefusalCode::Stopping));
    assert_eq!(till.machine.queue_length(), 0);
}

#[test]
fn a_late_sign_on_is_not_a_new_one() {
    let mut till = Till::new();
    let id = CommandId::new(Uuid::from_u128(77));
    till.ask(Request::SignOff { id, operator: operator("c1") }).unwrap();
    let request =
        Request::SignOn { id, operator: operator("c1"), name: "Chen".into(), instead_of: None };
    let (now, ticket) = (till.now(), Ticket(900));
    for input in [
        RegisterInput::Request { ticket, request },
        RegisterInput::Committed { ticket, repeated: true },
    ] {
        store_core::Machine::step(&mut till.machine, now, input, &mut Vec::new());
    }
    assert!(till.machine.view(now).operator.is_none(), "the journal says that nobody is");
}

#[test]
fn requests_wait_in_order_and_only_so_many() {
    let mut till = Till::new();
    let mut refused = 0;
    let mut effects = Vec::new();
    let now = till.now();
    for ticket in 0..=(WAITING_MAX as u64 + 1) {
        let envelope = till.envelope(scan(MILK, None));
        let (ticket, request) = (Ticket(ticket), asked_by("c1", envelope));
        let input = RegisterInput::Request { ticket, request };
        store_core::Machine::step(&mut till.machine, now, input, &mut effects);
    }
    for effect in effects {
        if let RegisterEffect::Answer { answer, .. } = effect {
            assert_eq!(answer.unwrap_err().code, RefusalCode::RegisterBusy);
            refused += 1;
        }
    }
    assert_eq!(refused, 1, "one under way, {WAITING_MAX} waiting, the next is refused");
}

#[test]
fn a_draft_that_fails_once_is_tried_again_before_what_waits_is_refused() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let now = till.now();
    let step = |till: &mut Till, input| {
        let mut effects = Vec::new();
        store_core::Machine::step(&mut till.machine, now, input, &mut effects);
        effects
    };
    let scan = |till: &mut Till, ticket| {
        let envelope = till.envelope(scan(SOAP, None));
        let request = asked_by("c1", envelope);
        RegisterInput::Request { ticket: Ticket(ticket), request }
    };
    let first = scan(&mut till, 101);
    let effects = step(&mut till, first);
    let [RegisterEffect::Price { ticket, ask }] = &effects[..] else { panic!("{effects:?}") };
    let quote = till.quote((**ask).clone());
    let effects = step(&mut till, RegisterInput::Priced { ticket: *ticket, quote });
    assert!(matches!(
        effects[..],
        [RegisterEffect::Answer { .. }, RegisterEffect::SaveDraft { attempt: 2, .. }]
    ));
    till.version = 2;
    let second = scan(&mut till, 102);
    assert!(step(&mut till, second).is_empty(), "it waits for the draft");
    let stale = RegisterInput::DraftSaved { attempt: 1 };
    assert!(step(&mut till, stale).is_empty(), "and not for another one");
    let failed = RegisterInput::DraftFailed { attempt: 2, code: RefusalCode::DiskFull };
    let again = step(&mut till, failed);
    assert!(matches!(again[..], [RegisterEffect::SaveDraft { attempt: 3, .. }]), "{again:?}");
    let saved = step(&mut till, RegisterInput::DraftSaved { attempt: 3 });
    assert!(matches!(saved[..], [RegisterEffect::Price { .. }]), "{saved:?}");
}
