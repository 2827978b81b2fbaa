//! What can be wrong with a cable, over a serial line and over the network: a sale is approved,
//! declined or unknown, and never sent twice.

use std::time::Instant;

use super::*;
use crate::simulated::{Fault, Socket};

const WAIT: Duration = Duration::from_millis(400);

/// A byte in a twentieth of a second is what is slow here: 400 of them would take twenty seconds.
fn short() -> Arc<Dialect> {
    let text = r#"
        [[dialect]]
        name = "short"
        length = 60
        lines = ["9600,8N1"]
        reference = "ours"
        approved = ["00"]
        amount = { decimals = 2, fill = " " }
        codes = { sale = "S", refund = "R", void = "V", inquiry = "?" }
        fields.type = [1, 1]
        fields.amount = [2, 12]
        fields.ours = [14, 18]
        fields.response = [32, 4]
        fields.receipt = [36, 6]
    "#;
    Dialect::read_all(text).unwrap().remove(0)
}

fn asking(simulated: &SimulatedTerminal, answered: Duration) -> LineTerminal {
    let address: PortAddress = simulated.plug().address().parse().unwrap();
    let times = TerminalTimes { understood: answered, answered };
    LineTerminal::new(address, short(), times)
}

fn back_at_work(simulated: &SimulatedTerminal) -> Duration {
    let began = Instant::now();
    loop {
        let answer = asking(simulated, Duration::from_secs(5)).ask(&sale(SECOND));
        match answer {
            CardAnswer::Approved(_) => return began.elapsed(),
            CardAnswer::Declined(code) => assert_eq!(&*code, "terminal_offline"),
            CardAnswer::Unknown(_) => {}
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it comes back");
    }
}

#[test]
fn whatever_is_wrong_with_the_cable_a_sale_is_sent_once_and_never_guessed() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("terminal");
    for socket in [Socket::Serial { link, baud: Some(9_600) }, Socket::Tcp] {
        for fault in Fault::ALL {
            let simulated = SimulatedTerminal::plugged_in(&socket, short()).unwrap();
            simulated.plug().set_fault(fault);
            if fault == Fault::Unplugged {
                gone(&simulated);
            }
            let began = Instant::now();
            let answer = asking(&simulated, WAIT).ask(&sale(FIRST));
            let took = began.elapsed();
            assert!(took < Duration::from_secs(8), "{fault:?}: {took:?}");
            match (fault, &answer) {
                (Fault::None, CardAnswer::Approved(_)) => {}
                (Fault::Unplugged, CardAnswer::Declined(code)) => {
                    assert_eq!(&**code, "terminal_offline");
                }
                (Fault::None | Fault::Unplugged, _) => panic!("{socket:?} {fault:?}: {answer:?}"),
                (_, CardAnswer::Unknown(_)) => {}
                _ => panic!("{socket:?} {fault:?}: {answer:?}"),
            }
            simulated.plug().set_fault(Fault::None);
            let back = back_at_work(&simulated);
            let firsts = simulated.requests();
            let first = request(FIRST, "1").id.reference();
            let sent = firsts.iter().filter(|reference| **reference == first).count();
            assert!(sent <= 1, "{socket:?} {fault:?}: sent {sent} times");
            println!("{fault:?}: {answer:?} after {took:?}, at work again after {back:?}");
        }
    }
}

/// Waits until nobody takes the line up.
fn gone(simulated: &SimulatedTerminal) {
    let limit = Instant::now() + Duration::from_secs(10);
    loop {
        let mut address: PortAddress = simulated.plug().address().parse().unwrap();
        if crate::port::Connect::connect(&mut address).is_err() {
            return;
        }
        assert!(Instant::now() < limit, "it is pulled out");
    }
}

#[test]
fn a_plug_that_is_pulled_while_the_customer_looks_for_a_card_leaves_the_sale_unknown() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("terminal");
    for socket in [Socket::Serial { link, baud: None }, Socket::Tcp] {
        let simulated = SimulatedTerminal::plugged_in(&socket, short()).unwrap();
        simulated.awaits_person(true);
        let mut terminal = asking(&simulated, Duration::from_secs(20));
        let asked = std::thread::spawn(move || terminal.ask(&sale(FIRST)));
        while simulated.shows().is_none() {
            std::thread::yield_now();
        }
        let began = Instant::now();
        simulated.plug().replug();
        assert_eq!(asked.join().unwrap(), CardAnswer::Unknown("line_broken"));
        println!("known to be unknown after {:?}", began.elapsed());
        simulated.awaits_person(false);
        let back = back_at_work(&simulated);
        println!("at work again after {back:?}");
        let answer = asking(&simulated, Duration::from_secs(5)).ask(&about(FIRST));
        assert_eq!(answer, CardAnswer::Unknown("other_slip"));
        assert_eq!(simulated.requests().len(), 2, "the first was sent once");
    }
}
