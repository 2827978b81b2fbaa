mod dialects;
mod faults;
mod nameless;
mod person;
mod presence;

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use store_core::card::{CardAnswer, CardRequest, CardRequestKind};
use store_core::transaction::TenderTypeId;
use store_core::{CardRequestId, Currency, Money, TerminalId};

use super::*;
use crate::port::PortAddress;

fn usual() -> Arc<Dialect> {
    Dialect::named("taiwan_400").unwrap()
}

fn request(id: &str, amount: &str) -> CardRequest {
    CardRequest {
        id: CardRequestId::new(id.parse().unwrap()),
        kind: CardRequestKind::Sale,
        tender_type: TenderTypeId::new("card").unwrap(),
        amount: Money::parse(amount, Currency::TWD).unwrap(),
        terminal: TerminalId::new("1").unwrap(),
    }
}

const FIRST: &str = "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e40";
const SECOND: &str = "01939f2e-7b1c-7c8a-9d53-0a4f6c1d2e41";

fn sale(id: &str) -> TerminalAsk {
    TerminalAsk { request: request(id, "123"), is_inquiry: false }
}

fn about(id: &str) -> TerminalAsk {
    TerminalAsk { is_inquiry: true, ..sale(id) }
}

/// A terminal that is waited for long, but for what is never to come.
fn at(simulated: &SimulatedTerminal, is_patient: bool) -> LineTerminal {
    let answered = Duration::from_millis(if is_patient { 60_000 } else { 50 });
    let times = TerminalTimes { understood: answered, answered };
    LineTerminal::new(PortAddress::Tcp(simulated.address()), usual(), times)
}

#[test]
fn a_sale_is_these_bytes() {
    let message = Message::asking(&sale(FIRST), &usual()).unwrap();
    let frame = framed(&usual().text(&message));
    assert_eq!(frame.len(), 403);
    assert_eq!(&frame[..11], b"\x02I      S01");
    assert_eq!(&frame[43..55], b"       12300");
    assert_eq!(&frame[116..134], b"8A9D530A4F6C1D2E40");
    assert_eq!(frame[401], 3);
    assert_eq!(frame[1..].iter().fold(0, |check, byte| check ^ byte), 0, "the check");
}

#[test]
fn a_frame_of_another_program_has_the_same_check() {
    // NT$123, indicator I, layout S, type 01, host 0, 2026-11-23 12:00:00, all else
    // blank: check 1E.
    let mut text = vec![b' '; 400];
    text[0] = b'I';
    text[7..11].copy_from_slice(b"S010");
    text[42..54].copy_from_slice(b"       12300");
    text[54..66].copy_from_slice(b"261123120000");
    assert_eq!(framed(&text).last(), Some(&0x1e));
}

#[test]
fn what_a_terminal_approves_or_declines_is_known() {
    let simulated = SimulatedTerminal::start().unwrap();
    let mut terminal = at(&simulated, true);
    simulated.will([Trick::Approve, Trick::Decline, Trick::Nak, Trick::Garbled]);
    let CardAnswer::Approved(approval) = terminal.ask(&sale(FIRST)) else { panic!("approved") };
    assert_eq!(approval.last_four.as_deref(), Some("1111"));
    assert_eq!(approval.scheme.as_deref(), Some("visa"));
    assert_eq!(approval.receipt.as_deref(), Some("000001"));
    assert_eq!(terminal.ask(&sale(SECOND)), CardAnswer::Declined(Arc::from("0005")));
    assert!(matches!(terminal.ask(&sale(FIRST)), CardAnswer::Approved(_)), "sent again after NAK");
    assert!(matches!(terminal.ask(&sale(FIRST)), CardAnswer::Approved(_)), "asked for again");
    assert_eq!(simulated.requests().len(), 4);
}

#[test]
fn what_got_no_answer_is_unknown_until_the_slip_is_asked_for() {
    for (trick, expected) in [
        (Trick::Silent, Some(true)),
        (Trick::Half, Some(true)),
        (Trick::SilentDecline, Some(false)),
        (Trick::Deaf, None),
    ] {
        let simulated = SimulatedTerminal::start().unwrap();
        simulated.will([Trick::Approve, trick]);
        at(&simulated, true).ask(&sale(FIRST));
        let answer = at(&simulated, false).ask(&sale(SECOND));
        assert!(matches!(answer, CardAnswer::Unknown(_)), "{trick:?}: {answer:?}");
        match (at(&simulated, true).ask(&about(SECOND)), expected) {
            (CardAnswer::Approved(_), Some(true)) => {}
            (CardAnswer::Declined(code), Some(false)) => assert_eq!(&*code, "0005"),
            (CardAnswer::Unknown(code), None) => assert_eq!(code, "other_slip"),
            (answer, _) => panic!("{trick:?}: {answer:?}"),
        }
        assert_eq!(simulated.requests().len(), 2, "an inquiry pays nothing");
    }
}

/// Two registers share it: the one's answer is lost, and then the other's slip is the last.
#[test]
fn a_slip_of_another_register_does_not_say_that_a_card_was_not_charged() {
    let simulated = SimulatedTerminal::start().unwrap();
    simulated.will([Trick::Silent, Trick::Approve]);
    let answer = at(&simulated, false).ask(&sale(FIRST));
    assert!(matches!(answer, CardAnswer::Unknown(_)), "{answer:?}");
    let answer = at(&simulated, true).ask(&sale(SECOND));
    assert!(matches!(answer, CardAnswer::Approved(_)), "{answer:?}");
    let answer = at(&simulated, true).ask(&about(FIRST));
    assert_eq!(answer, CardAnswer::Unknown("other_slip"), "the first card was charged");
}

#[test]
fn another_amount_than_was_asked_for_is_no_approval() {
    let simulated = SimulatedTerminal::start().unwrap();
    simulated.will([Trick::ApproveLess]);
    let mut terminal = at(&simulated, true);
    assert_eq!(terminal.ask(&sale(FIRST)), CardAnswer::Unknown("other_amount"));
    assert_eq!(terminal.ask(&about(FIRST)), CardAnswer::Unknown("other_amount"));
}

/// Its network takes nothing in: without a bound of our own the system tries for minutes.
#[test]
fn a_terminal_that_takes_up_no_line_is_not_waited_for_longer_than_one_that_does_not_understand() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let waited = Duration::from_secs(1);
    let line = || std::net::TcpStream::connect_timeout(&address, waited);
    // What nobody accepts waits in a queue until that is full.
    let held: Vec<_> = std::iter::from_fn(|| line().ok()).collect();
    let times = TerminalTimes { understood: waited, answered: waited };
    let answer =
        LineTerminal::new(PortAddress::Tcp(address.to_string()), usual(), times).ask(&sale(FIRST));
    assert_eq!(answer, CardAnswer::Declined(Arc::from("terminal_offline")), "{}", held.len());
}

#[test]
fn a_terminal_that_is_not_there_did_nothing() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = PortAddress::Tcp(gone.to_string());
    let mut terminal = LineTerminal::new(address, usual(), TerminalTimes::default());
    assert_eq!(terminal.ask(&sale(FIRST)), CardAnswer::Declined(Arc::from("terminal_offline")));
    assert_eq!(terminal.ask(&about(FIRST)), CardAnswer::Unknown("terminal_offline"));
}

#[test]
fn a_tender_is_reversed_by_its_slip() {
    let kind = CardRequestKind::Reversal {
        tender: 1,
        of: CardRequestId::new(FIRST.parse().unwrap()),
        receipt: Some(Arc::from("000042")),
        approval: Some(Arc::from("123456")),
    };
    let request = CardRequest { kind, ..request(SECOND, "123") };
    let message = Message::asking(&TerminalAsk { request, is_inquiry: false }, &usual()).unwrap();
    assert_eq!((&*message.kind, &*message.receipt, &*message.approval), ("30", "000042", "123456"));
}
