//! What is known of a terminal that nobody asks anything.

use std::io;
use std::net::TcpListener;
use std::time::Instant;

use super::*;
use crate::port::{Port, PseudoTerminal, memory_pair};
use crate::simulated::{Fault, Socket};
use crate::terminal::presence::Presence;
use crate::worker::Condition;

const LIMIT: Duration = Duration::from_secs(20);

fn until(terminal: &mut LineTerminal, wanted: Condition) {
    let limit = Instant::now() + LIMIT;
    while terminal.look() != wanted {
        assert!(Instant::now() < limit, "{wanted:?}, not {:?}", terminal.look());
        std::thread::yield_now();
    }
}

#[test]
fn a_terminal_is_known_to_be_there_or_not_and_hears_nothing_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("terminal");
    for socket in [Socket::Serial { link, baud: None }, Socket::Tcp] {
        let simulated = SimulatedTerminal::plugged_in(&socket, usual()).unwrap();
        let address: PortAddress = simulated.plug().address().parse().unwrap();
        let times = TerminalTimes { understood: LIMIT, answered: LIMIT };
        let mut terminal = LineTerminal::new(address, usual(), times);
        assert_eq!(terminal.look(), Condition::Ready);
        simulated.plug().set_fault(Fault::Unplugged);
        until(&mut terminal, Condition::Absent);
        simulated.plug().set_fault(Fault::None);
        until(&mut terminal, Condition::Ready);
        assert_eq!(simulated.requests().len(), 0);
        assert!(matches!(terminal.ask(&sale(FIRST)), CardAnswer::Approved(_)));
        assert_eq!(terminal.look(), Condition::Ready);
    }
}

#[test]
fn a_line_at_which_nothing_answers_is_silent_until_something_does() {
    let mut far = PseudoTerminal::open().unwrap();
    let address: PortAddress = format!("serial:{}", far.path().display()).parse().unwrap();
    let wait = Duration::from_millis(500);
    let times = TerminalTimes { understood: wait, answered: wait };
    let mut terminal = LineTerminal::new(address, usual(), times);
    assert_eq!(terminal.look(), Condition::Ready, "as far as its port tells");
    assert_eq!(terminal.ask(&sale(FIRST)), CardAnswer::Unknown("not_acknowledged"));
    assert_eq!(terminal.look(), Condition::Silent);
    // The request that nobody took is out of the way.
    far.discard_input().unwrap();
    let answering = std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while far.read(&mut buffer, LIMIT).unwrap() == 0 {}
        far.write(&[6]).unwrap();
        far
    });
    assert_eq!(terminal.ask(&sale(SECOND)), CardAnswer::Unknown("no_answer"));
    assert_eq!(terminal.look(), Condition::Ready, "it understood");
    drop(answering.join().unwrap());
    assert_eq!(terminal.ask(&sale(SECOND)), CardAnswer::Declined(Arc::from("terminal_offline")));
    assert_eq!(terminal.look(), Condition::Absent);
}

#[test]
fn a_silent_terminal_stays_so_while_its_port_is_there_and_is_looked_at_seldom() {
    use Condition::{Absent, Ready, Silent};
    let (mut presence, mut at) = (Presence::default(), Instant::now());
    let mut looks = 0;
    // Seconds that pass, whether a request finds it silent, whether its port is there, what is
    // said, and how often it was looked by then.
    for (seconds, is_found_silent, is_there, expected, looks_by_then) in [
        (0, false, true, Ready, 1),
        (4, false, false, Ready, 1),
        (1, false, true, Ready, 2),
        (0, true, true, Silent, 2),
        (5, false, true, Silent, 3),
        (5, false, false, Absent, 4),
        (1, false, false, Absent, 5),
        (1, false, true, Ready, 6),
    ] {
        at += Duration::from_secs(seconds);
        if is_found_silent {
            presence.heard(Silent, at);
        }
        let (tell, looked) = std::sync::mpsc::channel();
        let mut connect = move || -> io::Result<Box<dyn Port>> {
            tell.send(()).unwrap();
            if is_there {
                Ok(Box::new(memory_pair().0))
            } else {
                Err(io::ErrorKind::NotFound.into())
            }
        };
        assert_eq!(presence.look(&mut connect, at), expected);
        looks += looked.try_iter().count();
        assert_eq!(looks, looks_by_then, "{expected:?}");
    }
    assert_eq!(Presence::default().look(&mut PortAddress::Tcp(String::new()), at), Absent);
}

#[test]
fn a_look_that_still_holds_the_only_connection_costs_no_payment() {
    let simulated = SimulatedTerminal::start().unwrap();
    let mut real: PortAddress = format!("tcp:{}", simulated.address()).parse().unwrap();
    let mut connections = 0;
    let connect = move || -> io::Result<Box<dyn Port>> {
        connections += 1;
        // The second one comes too early.
        if connections == 2 {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        crate::port::Connect::connect(&mut real)
    };
    let times = TerminalTimes { understood: LIMIT, answered: LIMIT };
    let mut terminal = LineTerminal::new(connect, usual(), times);
    assert_eq!(terminal.look(), Condition::Ready);
    assert!(matches!(terminal.ask(&sale(FIRST)), CardAnswer::Approved(_)));
}

#[test]
fn a_place_on_the_network_is_looked_at_for_half_a_second_at_most() {
    use crate::port::Connect as _;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut there = PortAddress::Tcp(address.to_string());
    assert!(there.is_there());
    drop(listener);
    assert!(!there.is_there());
    // A network for documents: whatever is sent there, nothing comes back.
    let began = Instant::now();
    assert!(!PortAddress::Tcp("192.0.2.1:9".to_owned()).is_there());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    for place in ["/dev/null", "/proc/version"] {
        let mut file: PortAddress = format!("usblp:{place}").parse().unwrap();
        assert_eq!(file.is_there(), place == "/dev/null", "a device, and none");
    }
}
