//! The broker in a process of its own: it stays while headquarters goes, and the other way round.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use super::Chain;
use super::cut::{store, until_online};
use super::headquarters::Headquarters;
use super::sales::{Sales, until_acknowledged};
use super::trade::Trade;
use super::until::until;
use crate::support;

/// A broker at work; it is killed when the value is dropped.
struct Broker(Child);

impl Broker {
    /// Starts it for a headquarters, and returns when stores can connect.
    fn start(hq: &Headquarters) -> Self {
        let mut child =
            hq.command(&["broker"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("stores connect to") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "the broker ended");
        }
        Self(child)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(name: &str) -> (Chain, Broker) {
    let directory = support::temp_dir(name);
    let trade = Trade::invented(support::seed(), directory.path());
    let mut hq = Headquarters::with_broker_beside(directory.path(), "hq");
    let broker = Broker::start(&hq);
    hq.start();
    (Chain { hq, trade, directory }, broker)
}

#[test]
fn stores_stay_connected_while_headquarters_is_killed_and_started_again() {
    let (mut chain, _broker) = start("beside");
    let mut shop = chain.open("s1");
    until_online(&chain, "s1", true);
    shop.sell(5);
    Sales::of(&[&shop]).are_at(&chain.hq);
    let since = store(&chain, "s1")["since_ms"].clone();
    chain.hq.kill();
    shop.sell(10);
    chain.hq.start();
    until_acknowledged(&shop);
    Sales::of(&[&shop]).are_at(&chain.hq);
    let after = store(&chain, "s1");
    assert_eq!((&after["online"], &after["since_ms"]), (&true.into(), &since), "{after}");
}

#[test]
fn a_broker_that_dies_takes_no_sale_with_it_and_nobody_is_shown_who_is_not_there() {
    let (mut chain, broker) = start("dies");
    let (mut one, mut two) = (chain.open("s1"), chain.open("s2"));
    until_online(&chain, "s1", true);
    until_online(&chain, "s2", true);
    let selling = one.keep_selling();
    selling.goes_on(5);
    drop(broker);
    // Headquarters is there all the while, and knows of nobody that he is.
    until_online(&chain, "s1", false);
    std::fs::remove_dir_all(chain.hq.directory.join("broker")).unwrap();
    two.kill();
    selling.goes_on(20);
    let broker = Broker::start(&chain.hq);
    until_online(&chain, "s1", true);
    assert_eq!(store(&chain, "s2")["online"], false);
    selling.goes_on(5);
    // Once more, with what it kept: the births of connections that ended with it count for nothing.
    drop(broker);
    until_online(&chain, "s1", false);
    let _broker = Broker::start(&chain.hq);
    until_online(&chain, "s1", true);
    assert_eq!(store(&chain, "s2")["online"], false);
    two.start();
    until_online(&chain, "s2", true);
    one.stop_selling(selling);
    [&one, &two].into_iter().for_each(until_acknowledged);
    Sales::of(&[&one, &two]).are_at(&chain.hq);
    let waits = || store(&chain, "s1")["waiting_rows"] == 0;
    until("nothing waits any more", waits, || store(&chain, "s1").to_string());
}
