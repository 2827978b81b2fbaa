//! Whose the invoice is: checked offline, kept with the sale, and nowhere else what is a person's.

use store_core::buyer::{BuyerWish, Personal};
use store_core::fact::Fact;
use store_core::register::{BasketEvent, Command, CommandEnvelope, EndedTransaction, Phase};
use store_core::{RefusalCode, TransactionId};
use uuid::Uuid;

use crate::promotions::next_basket;
use crate::till::{MILK, SOAP, Till, reason};

const BAN: &str = "04595252";
const CARRIER: &str = "/17MEWYP";
const CERTIFICATE: &str = "TP03000001234567";
const DONATION: &str = "8999";

fn buyer(ban: &str, carrier: &str, donation: &str) -> Command {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Command::NameBuyer {
        ban: said(ban),
        carrier: said(carrier).map(|text| Personal::new(&text)),
        donation: said(donation).map(|text| Personal::new(&text)),
    }
}

fn shown(till: &Till) -> serde_json::Value {
    let view = till.machine.view(till.now()).basket.unwrap();
    serde_json::to_value(view).unwrap()["buyer"].clone()
}

#[test]
fn what_the_buyer_says_is_shown_and_goes_with_the_sale() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let answer = till.run(buyer(BAN, " /17mewyp ", "")).unwrap();
    let BasketEvent::BuyerNamed { ban, has_carrier, has_donation } = answer.outcome.event else {
        panic!("{:?}", answer.outcome)
    };
    assert_eq!((ban.unwrap().as_str(), has_carrier, has_donation), (BAN, true, false));
    let said = serde_json::json!({ "ban": BAN, "carrier": CARRIER });
    assert_eq!(shown(&till), said);
    till.restart();
    assert_eq!(shown(&till), said, "a draft remembers it");
    // Also between tenders, and it costs nothing.
    till.pay("cash", "1.00").unwrap();
    let due = till.machine.basket().unwrap().transaction.totals.due;
    till.run(buyer("", CARRIER, DONATION)).unwrap();
    assert_eq!(till.machine.basket().unwrap().transaction.totals.due, due);
    assert_eq!(till.machine.phase(), Phase::Tendering);
    till.run(buyer(BAN, CARRIER, "")).unwrap();
    till.pay("cash", "1.50").unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(sale.ban.as_ref().unwrap().as_str(), BAN);
    let store = till.store.borrow();
    let wish = &store.wishes[&sale.id];
    assert_eq!(wish.carrier.as_ref().unwrap().as_str(), CARRIER);
    assert_eq!(wish.donation, None);
}

#[test]
fn what_is_a_persons_stands_in_no_promise_and_in_nothing_that_is_remembered_after_it() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(buyer("", CARRIER, DONATION)).unwrap();
    till.pay("cash", "5.00").unwrap();
    let sold = till.run(Command::Complete).unwrap();
    let ended: Vec<EndedTransaction> = till.store.borrow().ended.values().cloned().collect();
    let kept = format!("{:?} {sold:?}", till.facts);
    let json = serde_json::to_string(&ended).unwrap();
    for said in [CARRIER, DONATION] {
        assert!(!kept.contains(said) && !json.contains(said), "{kept} {json}");
    }
    assert!(json.contains("name_buyer"), "that there was a command is remembered: {json}");
}

#[test]
fn a_late_twin_gets_its_first_answer_during_the_sale_and_after_it() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let envelope = till.envelope(buyer(BAN, CARRIER, ""));
    let first = till.send(envelope.clone()).unwrap();
    let other = |command: Command| CommandEnvelope { command, ..envelope.clone() };
    for round in 0..2 {
        let again = till.send(envelope.clone()).unwrap();
        assert_eq!((again.repeated, &again.outcome), (true, &first.outcome));
        for command in [buyer("", CARRIER, ""), buyer(BAN, "", ""), buyer(BAN, CARRIER, DONATION)] {
            let refused = till.send(other(command)).unwrap_err();
            assert_eq!(refused.code, RefusalCode::CommandIdReused);
        }
        if round == 0 {
            let refused = till.send(other(buyer(BAN, "/ZZZZZZZ", ""))).unwrap_err();
            assert_eq!(refused.code, RefusalCode::CommandIdReused, "as long as it is kept");
            till.pay("cash", "5.00").unwrap();
            till.run(Command::Complete).unwrap();
        }
    }
}

#[test]
fn a_customer_may_say_it_before_the_first_goods_are_scanned() {
    let mut till = Till::new();
    till.run(buyer("", CARRIER, "")).unwrap();
    assert_eq!(shown(&till), serde_json::json!({ "carrier": CARRIER }));
    assert_eq!(till.run(Command::Complete).unwrap_err().code, RefusalCode::BasketEmpty);
    till.restart();
    till.scan(MILK).unwrap();
    till.pay("cash", "2.50").unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert!(till.store.borrow().wishes[&sale.id].carrier.is_some());
    // Or go away: what they said is kept nowhere.
    next_basket(&mut till);
    till.run(buyer("", CARRIER, "")).unwrap();
    till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    assert_eq!(till.machine.phase(), Phase::Idle);
}

#[test]
fn what_is_wrong_is_refused_and_changes_nothing() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(buyer("", CARRIER, "")).unwrap();
    let view = till.machine.view(till.now());
    for (command, code) in [
        (buyer("12345678", "", ""), RefusalCode::BadBan),
        (buyer("", "/17MEWY", ""), RefusalCode::BadCarrier),
        (buyer("", "", "12"), RefusalCode::BadDonation),
        (buyer(BAN, "", DONATION), RefusalCode::DonationWithBan),
        (buyer(BAN, CERTIFICATE, ""), RefusalCode::CertificateWithBan),
    ] {
        assert_eq!(till.run(command).unwrap_err().code, code);
        assert_eq!(till.machine.view(till.now()), view);
    }
    till.run(buyer(" ", "", "")).unwrap();
    assert_eq!(shown(&till), serde_json::Value::Null, "what is not said is taken back");
}

#[test]
fn it_lies_aside_with_its_basket_and_is_gone_with_one_that_is_given_up() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(buyer("", CERTIFICATE, DONATION)).unwrap();
    let said = shown(&till);
    till.run(Command::Suspend).unwrap();
    let mut second = Till::beside(&till, "2");
    (second.transaction, second.version) = (till.transaction, till.version);
    second.run(Command::Retrieve).unwrap();
    assert_eq!(shown(&second), said);
    second.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
    assert!(second.store.borrow().wishes.values().all(BuyerWish::is_empty));
    (second.transaction, second.version) = (TransactionId::new(Uuid::from_u128(2)), 0);
    second.scan(SOAP).unwrap();
    assert_eq!(shown(&second), serde_json::Value::Null);
}
