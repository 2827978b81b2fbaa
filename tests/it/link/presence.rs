//! Whether a store is there.

use hq_wire::link::v1::Status;

use super::shop::Shop;

#[test]
fn a_store_is_born_at_every_connection_and_its_last_will_speaks_of_that_one() {
    let mut shop = Shop::new("presence");
    let hub = shop.open();
    let first = shop.office.wait_for_status(0, Status::is_online);
    let Status::Birth { stream, head, currency, .. } = &first else { panic!("a birth") };
    assert!(stream.parse::<uuid::Uuid>().is_ok() && *head >= 1 && currency == "TWD");

    // Killed: the broker says so in its name.
    let count = shop.office.seen().statuses.len();
    drop(hub);
    let will = shop.office.wait_for_status(count, |status| !status.is_online());
    assert_eq!(will.boot(), first.boot());

    // Born again, as another.
    let _hub = shop.open();
    let second = shop.office.wait_for_status(count, Status::is_online);
    assert_ne!(second.boot(), first.boot());

    // A broker that was killed and wiped knows nobody: the store says again that it is there.
    shop.broker.kill();
    shop.broker.wipe();
    let count = shop.office.seen().statuses.len();
    shop.broker.start_again();
    let third = shop.office.wait_for_status(count, Status::is_online);
    assert_ne!(third.boot(), second.boot());
}

#[test]
fn a_store_that_closes_says_so_itself() {
    let shop = Shop::new("goodbye");
    let mut hub = shop.open();
    let birth = shop.office.wait_for_status(0, Status::is_online);
    assert!(hub.stop().success());
    let gone = shop.office.wait_for_status(0, |status| !status.is_online());
    assert_eq!(gone.boot(), birth.boot());
}

#[test]
fn what_a_store_says_of_itself_is_kept() {
    let shop = Shop::new("states");
    let _hub = shop.open();
    for thing in ["link", "registers", "stock", "alerts", "policy"] {
        let state = shop.office.wait(thing, |seen| seen.states.get(thing).cloned());
        assert!(state["at_ms"].as_i64().unwrap() > 0, "{thing}: {state}");
    }
    let registers = shop.office.seen().states["registers"]["registers"].clone();
    assert_eq!(registers, serde_json::json!([["1", null], ["2", null], ["3", null]]));
    shop.office.wait("nothing waits", |seen| (seen.of_link("waiting")["rows"] == 0).then_some(()));
}
