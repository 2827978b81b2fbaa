//! Answers that come late, twice or never, where they do not say which request they are to.

use std::collections::VecDeque;
use std::io;
use std::sync::Mutex;

use super::*;
use crate::port::Port;

/// What a terminal is to do while a request waits: it says so many of the answers that it has not
/// said, chosen so; its own request's is the last of them.
type Script = Vec<usize>;

#[derive(Default)]
struct Terminal {
    scripts: VecDeque<Script>,
    /// Every request's answer that was not said.
    unsaid: Vec<Message>,
    /// The requests whose answers were said while they waited themselves.
    count: i64,
    said_own: bool,
    out: VecDeque<u8>,
    takes_acknowledgements: bool,
}

/// The terminal's line, without any wait.
#[derive(Clone)]
struct Wire(Arc<Mutex<Terminal>>, Arc<Dialect>);

/// Every third is declined.
fn response(count: i64) -> String {
    if count % 3 == 0 { format!("1{count:03}") } else { "0000".to_owned() }
}

impl Port for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Self(terminal, dialect) = self;
        let mut terminal = terminal.lock().unwrap();
        let mut frames = Frames::new(dialect.clone());
        frames.push(bytes);
        let Some(Received::Frame(asked)) = frames.next_received() else {
            let is_taken = terminal.takes_acknowledgements;
            return if is_taken { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) };
        };
        terminal.count += 1;
        let count = terminal.count;
        let approval = format!("{count:06}");
        terminal.unsaid.push(Message { response: response(count), approval, ..asked });
        terminal.out.push_back(6);
        terminal.said_own = false;
        for choice in terminal.scripts.pop_front().unwrap_or_default() {
            if terminal.unsaid.is_empty() {
                break;
            }
            let place = choice % terminal.unsaid.len();
            let answer = terminal.unsaid.remove(place);
            terminal.said_own |= answer.approval == format!("{count:06}");
            terminal.out.extend(framed(&dialect.text(&answer)));
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], _: Duration) -> io::Result<usize> {
        let mut terminal = self.0.lock().unwrap();
        let count = buffer.len().min(terminal.out.len());
        for (place, byte) in buffer.iter_mut().zip(terminal.out.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }
}

fn plugged(scripts: impl IntoIterator<Item = Script>) -> (LineTerminal, Arc<Mutex<Terminal>>) {
    let dialect = Dialect::named("taiwan_144").unwrap();
    let scripts = scripts.into_iter().collect();
    let state = Terminal { scripts, takes_acknowledgements: true, ..Terminal::default() };
    let state = Arc::new(Mutex::new(state));
    let wire = Wire(state.clone(), dialect.clone());
    let connect = move || -> io::Result<Box<dyn Port>> { Ok(Box::new(wire.clone())) };
    let brief = Duration::from_millis(3);
    let times = TerminalTimes { understood: brief, answered: brief };
    (LineTerminal::new(connect, dialect, times), state)
}

fn of(amount: &str) -> TerminalAsk {
    TerminalAsk { request: request(FIRST, amount), is_inquiry: false }
}

/// That a request is said to have come to something only by its own answer.
fn check(answer: &CardAnswer, terminal: &Mutex<Terminal>) {
    let terminal = terminal.lock().unwrap();
    let own = terminal.count;
    match answer {
        CardAnswer::Approved(approval) => {
            assert!(terminal.said_own, "nobody answered it");
            assert_eq!(approval.approval.as_deref(), Some(format!("{own:06}").as_str()));
        }
        CardAnswer::Declined(code) => {
            assert!(terminal.said_own, "nobody answered it");
            assert_eq!(**code, response(own), "somebody else's");
        }
        CardAnswer::Unknown(_) => {}
    }
}

proptest! {
    #[test]
    fn no_request_is_ever_given_another_requests_answer(
        requests in prop::collection::vec(
            (
                prop::sample::select(vec!["100", "200", "300"]),
                prop::collection::vec(0_usize..9, 0..4),
            ),
            1..30,
        ),
    ) {
        let (mut terminal, state) = plugged(requests.iter().map(|(_, script)| script.clone()));
        for (amount, _) in &requests {
            let answer = terminal.ask(&of(amount));
            check(&answer, &state);
        }
    }
}

#[test]
fn more_answers_than_one_may_be_owed() {
    // Nothing, nothing, the first one's, its own.
    let (mut terminal, state) = plugged([vec![], vec![], vec![0], vec![1]]);
    for (amount, expected) in [
        ("100", "no_answer"),
        ("200", "no_answer"),
        // The first one's came: of the two that are alike one is owed still.
        ("100", "answer_unclear"),
        ("100", "answer_unclear"),
    ] {
        let answer = terminal.ask(&of(amount));
        check(&answer, &state);
        assert_eq!(answer, CardAnswer::Unknown(expected), "{amount}");
    }
}

#[test]
fn an_owed_answer_that_comes_while_another_amount_waits_is_passed_over_and_owed_no_more() {
    let (mut terminal, _) = plugged([vec![], vec![0, 0], vec![], vec![1], vec![0, 1]]);
    assert_eq!(terminal.ask(&of("100")), CardAnswer::Unknown("no_answer"));
    assert!(matches!(terminal.ask(&of("200")), CardAnswer::Approved(_)), "its own came behind");
    assert!(!matches!(terminal.ask(&of("300")), CardAnswer::Approved(_)));
    assert!(matches!(terminal.ask(&of("100")), CardAnswer::Approved(_)), "nothing is owed of it");
}

#[test]
fn of_more_owed_answers_than_are_remembered_none_is_taken_for_another() {
    let (mut terminal, state) = plugged(std::iter::repeat_n(vec![], 20).chain([vec![0], vec![1]]));
    for amount in 1..=20 {
        let answer = terminal.ask(&of(&format!("{amount}00")));
        assert_eq!(answer, CardAnswer::Unknown("no_answer"));
    }
    let answer = terminal.ask(&of("100"));
    check(&answer, &state);
    assert_eq!(answer, CardAnswer::Unknown("answer_unclear"), "the first one's, long forgotten");
}

#[test]
fn a_line_that_breaks_behind_the_answer_takes_nothing_from_it() {
    let (mut terminal, state) = plugged([vec![0], vec![0], vec![0], vec![0]]);
    state.lock().unwrap().takes_acknowledgements = false;
    assert!(matches!(terminal.ask(&of("100")), CardAnswer::Approved(_)));
    // It was not told that its answer came: it may say it again.
    state.lock().unwrap().takes_acknowledgements = true;
    assert_eq!(terminal.ask(&of("100")), CardAnswer::Unknown("answer_unclear"));
}
