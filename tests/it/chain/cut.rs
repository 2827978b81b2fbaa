//! Networks that are cut, and networks that are bad.

use super::Chain;
use super::sales::{Sales, until_acknowledged};
use super::until::until;
use crate::support;

/// How often the weather did each of the things that it does.
const EACH: u32 = 3;

/// What headquarters says of a store.
pub(super) fn store(chain: &Chain, id: &str) -> serde_json::Value {
    let view = chain.hq.get("/api/v1/chain");
    let stores = view["stores"].as_array().unwrap();
    stores.iter().find(|store| store["store"] == id).unwrap().clone()
}

pub(super) fn until_online(chain: &Chain, id: &str, is_online: bool) {
    until(
        &format!("{id} is shown online: {is_online}"),
        || store(chain, id)["online"] == is_online,
        || store(chain, id).to_string(),
    );
}

#[test]
fn a_whole_day_of_trade_without_a_link_arrives_when_it_is_restored() {
    let mut chain = Chain::start("cut", &[]);
    let (mut one, mut two) = (chain.open("s1"), chain.open("s2"));
    until_online(&chain, "s1", true);
    chain.hq.line("s1").cut();
    until_online(&chain, "s1", false);
    let day = chain.trade.day();
    one.sell(day);
    two.sell(20);
    // The other store is at headquarters all the while, and nothing of this one.
    Sales::of(&[&two]).are_at(&chain.hq);
    chain.hq.line("s1").mend();
    // The store loses its power while it catches up, and sells on while it goes on catching up.
    one.kill();
    one.start();
    let selling = one.keep_selling();
    selling.goes_on(20);
    until_online(&chain, "s1", true);
    assert!(one.stop_selling(selling) >= 20);
    until_acknowledged(&one);
    let sales = Sales::of(&[&one, &two]);
    assert!(sales.len() >= day + 40);
    sales.are_at(&chain.hq);
    until(
        "nothing waits any more",
        || store(&chain, "s1")["waiting_rows"] == 0,
        || store(&chain, "s1").to_string(),
    );
}

#[test]
fn a_line_that_delays_drops_doubles_and_cuts_costs_nothing() {
    let mut chain = Chain::start("rough", &[]);
    let mut shop = chain.open("s1");
    let line = chain.hq.line("s1");
    line.begin_rough(support::seed());
    let selling = shop.keep_selling();
    until(
        "the weather did everything often enough",
        || line.did().fewest() >= EACH,
        || format!("{:?}", line.did()),
    );
    line.end_rough();
    selling.goes_on(1);
    shop.stop_selling(selling);
    until_acknowledged(&shop);
    let sales = Sales::of(&[&shop]);
    sales.are_at(&chain.hq);
    println!("{:?} in {} connections, {} sales", line.did(), line.connections(), sales.len());
    assert_eq!(chain.forks(), [] as [serde_json::Value; 0]);
}

#[test]
fn messages_that_come_twice_count_once() {
    // In clear, so that the line can tell messages apart: bytes of TLS cannot come twice.
    let mut chain = Chain::start("twice", &[("HQ_BROKER__TLS", "false")]);
    let mut shop = chain.open("s1");
    let line = chain.hq.line("s1");
    line.begin_doubling(support::seed());
    let selling = shop.keep_selling();
    until(
        "messages came twice",
        || line.did().doubled >= 10 * EACH,
        || format!("{:?}\n{}", line.did(), shop.log()),
    );
    shop.stop_selling(selling);
    until_acknowledged(&shop);
    let sales = Sales::of(&[&shop]);
    sales.are_at(&chain.hq);
    println!("{} messages came twice, {} sales", line.did().doubled, sales.len());
    assert_eq!(chain.forks(), [] as [serde_json::Value; 0]);
}
