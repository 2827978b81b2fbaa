//! A person at the terminal, and a dialect whose answers do not say what they are to.

use std::time::Instant;
use std::{io, thread};

use rust_decimal::Decimal;

use super::*;
use crate::port::{MemoryPort, Port, memory_pair};
use crate::simulated::Socket;

const LIMIT: Duration = Duration::from_secs(20);

fn until<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let limit = Instant::now() + LIMIT;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < limit, "it does not come");
        thread::yield_now();
    }
}

#[test]
fn a_request_waits_for_the_person_whom_the_terminal_shows_it_to() {
    let simulated = SimulatedTerminal::start().unwrap();
    simulated.awaits_person(true);
    for (trick, is_approved) in [(Trick::Approve, true), (Trick::Decline, false)] {
        assert!(!simulated.decide(trick), "nothing is shown");
        let mut terminal = at(&simulated, true);
        let asked = thread::spawn(move || terminal.ask(&sale(FIRST)));
        let shown = until(|| simulated.shows());
        assert_eq!(shown, Shown { is_reversal: false, amount: Decimal::from(123) });
        assert!(!asked.is_finished());
        assert!(simulated.decide(trick));
        let answer = asked.join().unwrap();
        assert_eq!(matches!(answer, CardAnswer::Approved(_)), is_approved, "{answer:?}");
        assert_eq!(simulated.shows(), None);
    }
    assert_eq!((simulated.requests().len(), simulated.slips()), (2, 1));
}

#[test]
fn a_person_who_takes_too_long_leaves_the_sale_unknown_and_the_slip_says_what_became_of_it() {
    let simulated = SimulatedTerminal::start().unwrap();
    simulated.awaits_person(true);
    let times = TerminalTimes { understood: LIMIT, answered: Duration::from_millis(100) };
    let address = PortAddress::Tcp(simulated.address());
    let answer = LineTerminal::new(address, usual(), times).ask(&sale(FIRST));
    assert_eq!(answer, CardAnswer::Unknown("no_answer"));
    until(|| simulated.decide(Trick::Approve).then_some(()));
    until(|| simulated.shows().is_none().then_some(()));
    simulated.awaits_person(false);
    let answer = at(&simulated, true).ask(&about(FIRST));
    assert!(matches!(answer, CardAnswer::Approved(_)), "{answer:?}");
    assert_eq!(simulated.slips(), 1);
}

fn nameless() -> (SimulatedTerminal, Arc<Dialect>) {
    let dialect = Dialect::named("taiwan_144").unwrap();
    (SimulatedTerminal::plugged_in(&Socket::Tcp, dialect.clone()).unwrap(), dialect)
}

fn patient(simulated: &SimulatedTerminal, dialect: &Arc<Dialect>) -> LineTerminal {
    let times = TerminalTimes { understood: LIMIT, answered: Duration::from_millis(500) };
    LineTerminal::new(PortAddress::Tcp(simulated.address()), dialect.clone(), times)
}

#[test]
fn a_slip_that_names_no_request_proves_nothing() {
    let (simulated, dialect) = nameless();
    let mut terminal = patient(&simulated, &dialect);
    assert!(matches!(terminal.ask(&sale(FIRST)), CardAnswer::Approved(_)));
    let answer = terminal.ask(&about(FIRST));
    assert_eq!(answer, CardAnswer::Unknown("slip_unnamed"), "an earlier one of this amount?");
    assert_eq!(simulated.requests().len(), 1);
}

#[test]
fn an_answer_that_may_be_an_earlier_requests_is_no_approval_where_answers_are_nameless() {
    let (simulated, dialect) = nameless();
    simulated.will([Trick::Silent, Trick::Approve, Trick::Approve]);
    let mut terminal = patient(&simulated, &dialect);
    assert_eq!(terminal.ask(&sale(FIRST)), CardAnswer::Unknown("no_answer"));
    assert_eq!(terminal.ask(&sale(SECOND)), CardAnswer::Unknown("answer_unclear"));
    let other = TerminalAsk { request: request(SECOND, "456"), is_inquiry: false };
    let answer = terminal.ask(&other);
    assert!(matches!(answer, CardAnswer::Approved(_)), "of another amount: {answer:?}");
    assert_eq!(simulated.requests().len(), 3, "each was sent once");
}

#[test]
fn another_amount_is_no_answer_where_answers_are_nameless() {
    let (simulated, dialect) = nameless();
    simulated.will([Trick::ApproveLess]);
    let answer = patient(&simulated, &dialect).ask(&sale(FIRST));
    assert_eq!(answer, CardAnswer::Unknown("other_amount"));
}

/// The terminal's end of a line in memory, and a sale that is asked for at the other.
fn asked_by_hand(
    dialect: &Arc<Dialect>,
    answered: Duration,
) -> (MemoryPort, Message, thread::JoinHandle<CardAnswer>) {
    let (here, mut there) = memory_pair();
    // What an earlier request left on the line is not ours.
    let left = Message::asking(&sale(FIRST), dialect).unwrap();
    let left = Message { response: "0005".to_owned(), ..left };
    there.write(&framed(&dialect.text(&left))).unwrap();
    let mut here = Some(here);
    let connect = move || -> io::Result<Box<dyn Port>> { Ok(Box::new(here.take().unwrap())) };
    let times = TerminalTimes { understood: LIMIT, answered };
    let mut terminal = LineTerminal::new(connect, dialect.clone(), times);
    let asked = thread::spawn(move || terminal.ask(&sale(FIRST)));
    let (mut heard, mut buffer) = (0, [0; 512]);
    while heard < dialect.frame_bytes() {
        heard += there.read(&mut buffer, LIMIT).unwrap();
    }
    there.write(&[6]).unwrap();
    let message = Message::asking(&sale(FIRST), dialect).unwrap();
    (there, Message { response: "0000".to_owned(), ..message }, asked)
}

#[test]
fn an_answer_to_another_request_is_passed_over_and_so_is_what_was_left_on_the_line() {
    let dialect = usual();
    let (mut there, approved, asked) = asked_by_hand(&dialect, LIMIT);
    let other = Message::asking(&sale(SECOND), &dialect).unwrap();
    let other = Message { response: "0005".to_owned(), ..other };
    let echo = Message { response: String::new(), ..approved.clone() };
    for message in [other, echo, approved] {
        there.write(&framed(&dialect.text(&message))).unwrap();
    }
    assert!(matches!(asked.join().unwrap(), CardAnswer::Approved(_)));
}

#[test]
fn a_terminal_that_says_it_is_still_at_it_is_waited_for() {
    let known = include_str!("../../../data/ecr-dialects.toml");
    let slow = known.replacen("keep_alive = []", "keep_alive = [\"9998\"]", 1);
    let dialect = Dialect::read_all(&slow).unwrap().remove(0);
    let (mut there, approved, asked) = asked_by_hand(&dialect, Duration::from_secs(2));
    let waits = Message { response: "9998".to_owned(), ..approved.clone() };
    let (began, mut buffer) = (Instant::now(), [0; 512]);
    while began.elapsed() < Duration::from_millis(2_500) {
        there.write(&framed(&dialect.text(&waits))).unwrap();
        assert_eq!(there.read(&mut buffer, LIMIT).unwrap(), 1, "each is acknowledged");
        // Nothing more comes: this only lets time pass.
        there.read(&mut buffer, Duration::from_millis(500)).unwrap();
    }
    there.write(&framed(&dialect.text(&approved))).unwrap();
    assert!(matches!(asked.join().unwrap(), CardAnswer::Approved(_)));
}
