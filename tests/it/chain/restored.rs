//! Journals and databases that were put back to an earlier state, or copied: whatever a journal
//! holds or held, headquarters has it once, and says where a stream forked.

use std::path::Path;

use serde_json::Value;

use super::Chain;
use super::sales::{Sales, until_acknowledged};
use super::shop::{Shop, copy};
use super::until::{until, until_some};

/// What the registers show when the journal had to go on in a new stream.
const NOTICE: &str = "journal_diverged";
/// Customers between a backup and the moment when it is put back.
const MEANWHILE: usize = 100;

/// Puts a directory in the place of another.
fn put_back(kept: &Path, directory: &Path) {
    std::fs::remove_dir_all(directory).unwrap();
    copy(kept, directory);
}

fn until_forked(chain: &Chain, cause: &str) -> Value {
    until_some(&format!("a fork that is {cause}"), || {
        chain.forks().into_iter().find(|fork| fork["cause"] == cause)
    })
}

fn until_noticed(shop: &Shop) {
    let is_shown = || shop.notices().iter().any(|notice| notice == NOTICE);
    until("the registers show the notice", is_shown, || shop.log());
}

#[test]
fn a_backup_of_a_hundred_sales_ago_is_restored_and_sold_on() {
    let mut chain = Chain::start("restored", &[]);
    let mut shop = chain.open("s1");
    shop.sell(20);
    let backup = chain.directory.path().join("backup.db");
    shop.must(&["backup", "--to", backup.to_str().unwrap()]);
    let stream = shop.stream();
    shop.sell(MEANWHILE);
    let mut sales = Sales::of(&[&shop]);
    sales.are_at(&chain.hq);
    shop.stop();
    shop.must(&["restore", backup.to_str().unwrap(), "--force"]);
    shop.start();
    shop.sell(30);
    sales.add(&shop.id, &shop.directory);
    assert_eq!(sales.len(), 20 + MEANWHILE + 30);
    until_acknowledged(&shop);
    sales.are_at(&chain.hq);
    let fork = until_forked(&chain, "restored");
    assert_eq!((&fork["store"], &fork["stream"]), (&"s1".into(), &stream.into()), "{fork}");
    assert_eq!(fork["into"], shop.stream(), "{fork}");
    assert!(fork["rows_ahead"].as_u64() >= Some(MEANWHILE as u64), "{fork}");
    assert_eq!(chain.forks().len(), 1);
}

#[test]
fn an_old_journal_put_over_the_new_one_goes_on_in_a_stream_of_its_own() {
    let mut chain = Chain::start("old", &[]);
    let mut shop = chain.open("s1");
    shop.sell(20);
    until_acknowledged(&shop);
    shop.stop();
    let kept = chain.directory.path().join("kept");
    copy(&shop.directory, &kept);
    let stream = shop.stream();
    shop.start();
    shop.sell(MEANWHILE);
    let mut sales = Sales::of(&[&shop]);
    sales.are_at(&chain.hq);
    shop.stop();

    // All of the directory is old, so nothing in it can say so: headquarters notices.
    chain.hq.line("s1").cut();
    put_back(&kept, &shop.directory);
    shop.start();
    let selling = shop.keep_selling();
    selling.goes_on(30);
    assert_eq!(shop.stream(), stream, "alone, it does not know");
    chain.hq.line("s1").mend();
    let fork = until_forked(&chain, "diverged");
    selling.goes_on(20);
    shop.stop_selling(selling);
    until_noticed(&shop);
    until_acknowledged(&shop);
    sales.add(&shop.id, &shop.directory);
    sales.are_at(&chain.hq);
    assert_eq!((&fork["store"], &fork["stream"]), (&"s1".into(), &stream.into()), "{fork}");
    assert_eq!(fork["into"], shop.stream(), "{fork}");
}

#[test]
fn an_old_database_beside_a_newer_mark_is_noticed_at_the_start() {
    let mut chain = Chain::start("marked", &[]);
    let mut shop = chain.open("s1");
    shop.sell(20);
    shop.stop();
    let kept = chain.directory.path().join("journal.db");
    std::fs::copy(shop.directory.join("journal.db"), &kept).unwrap();
    shop.start();
    shop.sell(MEANWHILE);
    let mut sales = Sales::of(&[&shop]);
    until_acknowledged(&shop);
    shop.stop();
    std::fs::copy(&kept, shop.directory.join("journal.db")).unwrap();
    shop.start();
    until_noticed(&shop);
    shop.sell(30);
    sales.add(&shop.id, &shop.directory);
    until_acknowledged(&shop);
    sales.are_at(&chain.hq);
    assert_eq!(until_forked(&chain, "diverged")["into"], shop.stream());
}

#[test]
fn two_hubs_on_copies_of_one_journal_both_get_everything_through() {
    let mut chain = Chain::start("copied", &[]);
    let mut one = chain.open("s1");
    one.sell(20);
    one.stop();
    let stream = one.stream();
    let mut other = one.copied("s1-copy");
    one.start();
    other.start();
    let selling = [one.keep_selling(), other.keep_selling()];
    // They write one stream and take each other's connection. Whoever is told of rows that are not
    // its own goes on in a stream of its own; the other may keep the old one, or leave it as well
    // where both had sent rows of one number.
    until(
        "they go different ways",
        || one.stream() != other.stream(),
        || format!("{}\n{}", one.log(), other.log()),
    );
    selling.iter().for_each(|it| it.goes_on(20));
    let [of_one, of_other] = selling;
    one.stop_selling(of_one);
    other.stop_selling(of_other);
    [&one, &other].into_iter().for_each(until_acknowledged);
    let sales = Sales::of(&[&one, &other]);
    sales.are_at(&chain.hq);
    let left: Vec<&Shop> = [&one, &other].into_iter().filter(|it| it.stream() != stream).collect();
    assert!(!left.is_empty());
    for shop in left {
        until_noticed(shop);
        let forks = chain.forks();
        let into = forks.iter().find(|fork| fork["into"] == shop.stream());
        let fork = into.unwrap_or_else(|| panic!("no fork leads there: {forks:?}"));
        assert_eq!((&fork["store"], &fork["stream"]), (&"s1".into(), &stream.clone().into()));
    }
}

#[test]
fn headquarters_restored_from_a_backup_is_filled_again() {
    let mut chain = Chain::start("hq-restored", &[]);
    let (mut one, mut two) = (chain.open("s1"), chain.open("s2"));
    one.sell(20);
    two.sell(20);
    let kept = chain.directory.path().join("kept");
    Sales::of(&[&one, &two]).are_at(&chain.hq);
    chain.hq.stop();
    copy(&chain.hq.directory, &kept);
    chain.hq.start();
    let selling = [one.keep_selling(), two.keep_selling()];
    selling.iter().for_each(|it| it.goes_on(MEANWHILE));
    chain.hq.stop();
    // Only the database is put back: what the broker kept is from later.
    for file in ["hq.db", "hq.db-wal", "hq.db-shm"] {
        let _ = std::fs::remove_file(chain.hq.directory.join(file));
        let _ = std::fs::copy(kept.join(file), chain.hq.directory.join(file));
    }
    selling.iter().for_each(|it| it.goes_on(20));
    chain.hq.start();
    selling.iter().for_each(|it| it.goes_on(20));
    let [of_one, of_two] = selling;
    one.stop_selling(of_one);
    two.stop_selling(of_two);
    [&one, &two].into_iter().for_each(until_acknowledged);
    Sales::of(&[&one, &two]).are_at(&chain.hq);

    // Everything is put back, and the stores were restarted meanwhile.
    chain.hq.stop();
    one.stop();
    put_back(&kept, &chain.hq.directory);
    one.start();
    chain.hq.start();
    one.sell(10);
    Sales::of(&[&one, &two]).are_at(&chain.hq);
    assert_eq!(chain.forks(), [] as [Value; 0]);
}
