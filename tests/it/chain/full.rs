//! Headquarters without room.

use super::Chain;
use super::headquarters::Headquarters;
use super::sales::{Sales, until_acknowledged};
use super::trade::Trade;
use super::until::until;
use crate::support::{self, Disk};

#[test]
fn without_room_headquarters_says_so_acknowledges_nothing_and_the_stores_keep_selling() {
    let directory = support::temp_dir("full");
    let Some(disk) = Disk::mount(&directory.path().join("hq")) else { return };
    let trade = Trade::invented(support::seed(), directory.path());
    let mut hq = Headquarters::new(directory.path(), "hq", &[]);
    hq.start();
    let mut chain = Chain { hq, trade, directory };
    let mut shop = chain.open("s1");
    assert_eq!(chain.hq.ready(), (200, String::new()));
    // Signs in: a session is written down, which a full disk does not allow.
    assert_eq!(chain.hq.get("/api/v1/chain")["storage_full"], false);
    let selling = shop.keep_selling();
    selling.goes_on(10);
    disk.fill(0);
    let full = (507, "storage_full".to_owned());
    until("it says that it is full", || chain.hq.ready() == full, || chain.hq.log());
    assert_eq!(chain.hq.get("/api/v1/chain")["storage_full"], true);
    let streams = chain.hq.get("/api/v1/streams");
    selling.goes_on(100);
    assert_eq!(chain.hq.ready(), full);
    assert_eq!(chain.hq.get("/api/v1/streams"), streams, "nothing is taken in");
    let waiting = shop.waiting();
    assert!(waiting > 100, "{waiting} rows wait");
    disk.make_room();
    until("it is ready again", || chain.hq.ready() == (200, String::new()), || chain.hq.log());
    selling.goes_on(10);
    shop.stop_selling(selling);
    until_acknowledged(&shop);
    Sales::of(&[&shop]).are_at(&chain.hq);
    assert_eq!(chain.hq.get("/api/v1/chain")["storage_full"], false);
    // Nobody may use the disk when it goes.
    chain.hq.kill();
    drop(disk);
}
