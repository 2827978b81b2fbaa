//! Several workers take in what stores send, in every kind of database.

use super::Chain;
use super::headquarters::Headquarters;
use super::sales::{Sales, until_acknowledged};
use super::until::until;
use crate::support;

/// The value of one of its figures; 0 where it has none.
fn figure(hq: &Headquarters, name: &str) -> u64 {
    let text = hq.text("/metrics");
    let lines = text.lines().filter(|line| line.starts_with(name));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

/// A day at three stores, one of which comes late, through several workers.
fn the_day_agrees(name: &str, settings: &[(&str, &str)], workers: u64) {
    let mut chain = Chain::start(name, settings);
    let connected = "hq_link_connected{connection=\"worker";
    until("all workers listen", || figure(&chain.hq, connected) == workers, String::new);
    let mut shops = [chain.open("s1"), chain.open("s2"), chain.open("s3")];
    // What gathers here comes at once later, over all the workers.
    chain.hq.line("s3").cut();
    let day = chain.trade.day() / 2;
    std::thread::scope(|scope| {
        for shop in &mut shops {
            scope.spawn(move || shop.sell(day));
        }
    });
    chain.hq.line("s3").mend();
    shops.iter().for_each(until_acknowledged);
    let sales = Sales::of(&shops.iter().collect::<Vec<_>>());
    assert_eq!(sales.len(), 3 * day);
    sales.are_at(&chain.hq);
    assert_eq!(chain.forks(), [] as [serde_json::Value; 0]);
}

#[test]
fn several_workers_on_sqlite_agree() {
    the_day_agrees("workers", &[("HQ_INGEST__WORKERS", "3")], 3);
}

#[test]
fn several_workers_on_postgresql_agree() {
    let Some(database) = support::postgres::postgres_database() else {
        return support::skip("no PostgreSQL server is installed");
    };
    let settings = [("HQ_INGEST__WORKERS", "3"), ("HQ_STORAGE__POSTGRES", database.as_str())];
    the_day_agrees("postgresql", &settings, 3);
}
