//! Headquarters, killed again and again while stores sell: often after a commit and before the
//! store hears of it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::Chain;
use super::sales::{Sales, until_acknowledged};
use super::until::{pass, until};
use crate::support;

/// Kills after a commit of which the store had not heard.
const UNHEARD: u32 = 5;
/// Kills at most.
const KILLS_MAX: u32 = 100;
/// A kill comes within this time after a new sale: some ten commits.
const MOMENT_MS_MAX: u64 = 100;

/// How far headquarters' database is with the store's stream, as no process of ours says it.
fn committed(hq: &Path, stream: &str) -> u64 {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(hq.join("hq.db"), flags).unwrap();
    let query = "select through from streams where stream = ?1";
    let through: Option<i64> =
        database.query_row(query, [stream], |row| row.get(0)).optional().unwrap();
    u64::try_from(through.unwrap_or_default()).unwrap()
}

/// The newest acknowledgement that went down the line, as its bytes say.
fn acknowledged(heard: &[u8], stream: &str) -> u64 {
    let text = String::from_utf8_lossy(heard);
    let before = format!("{{\"stream\":\"{stream}\",\"through\":");
    let numbers = text
        .split(&before)
        .skip(1)
        .filter_map(|rest| rest.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok());
    numbers.last().unwrap_or(0)
}

#[test]
fn killed_after_a_commit_and_before_its_acknowledgement_headquarters_loses_and_doubles_nothing() {
    // In clear, so that the line can be listened to; and a store that is told by nobody else.
    let mut chain = Chain::start("killed", &[("HQ_BROKER__TLS", "false")]);
    let mut shop = chain.open("s1");
    let stream = shop.stream();
    let mut seed = support::seed();
    let (mut kills, mut unheard) = (0, 0);
    chain.hq.line("s1").listen();
    let selling = shop.keep_selling();
    while unheard < UNHEARD {
        assert!(kills < KILLS_MAX, "{unheard} of {kills} kills met a commit");
        let before = committed(&chain.hq.directory, &stream);
        until(
            "headquarters takes in again",
            || committed(&chain.hq.directory, &stream) > before,
            || chain.hq.log(),
        );
        pass(Duration::from_millis(support::draw(&mut seed) % MOMENT_MS_MAX));
        chain.hq.kill();
        kills += 1;
        let told = acknowledged(&chain.hq.line("s1").heard(), &stream);
        let held = committed(&chain.hq.directory, &stream);
        assert!(told <= held, "acknowledged {told}, and held {held}");
        unheard += u32::from(told < held);
        chain.hq.start();
    }
    let sold = shop.stop_selling(selling);
    until_acknowledged(&shop);
    let sales = Sales::of(&[&shop]);
    sales.are_at(&chain.hq);
    assert_eq!(sales.len(), sold);
    println!("{kills} kills, {unheard} after a commit that nobody had heard of, {sold} sales");
    assert_eq!(chain.forks(), [] as [serde_json::Value; 0]);
}
