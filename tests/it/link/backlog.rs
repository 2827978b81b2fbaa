//! Days without a link.

use super::shop::Shop;

/// Rows of the backlogs below.
const ROWS: u32 = 3_000;

#[test]
fn a_backlog_arrives_through_a_broker_that_is_killed_and_wiped_in_the_middle() {
    let mut shop = Shop::new("backlog");
    shop.write_rows(ROWS);
    let _hub = shop.open();
    for _ in 0..2 {
        let batches = shop.office.seen().batches;
        shop.office.wait("rows on their way", |seen| (seen.batches > batches).then_some(()));
        shop.broker.kill();
        shop.broker.wipe();
        shop.broker.start_again();
    }
    shop.wait_until_complete();
    assert!(shop.rows() > u64::from(ROWS));
    let seen = &mut *shop.office.seen();
    assert_eq!(seen.through().len(), 1, "one stream");
    assert!(!seen.store.acks_of(super::STORE).unwrap()[0].frozen);
}

#[test]
fn a_store_that_is_killed_in_the_middle_of_a_backlog_goes_on_where_headquarters_is() {
    let shop = Shop::new("killed");
    shop.write_rows(ROWS);
    shop.office.seen().is_deaf = true;
    let hub = shop.open();
    shop.office.wait("rows on their way", |seen| (seen.batches > 0).then_some(()));
    drop(hub);
    shop.office.seen().is_deaf = false;
    let hub = shop.open();
    shop.office.wait("some of them", |seen| {
        seen.through().values().any(|through| *through > 0).then_some(())
    });
    drop(hub);
    let _hub = shop.open();
    shop.wait_until_complete();
}

#[test]
fn what_the_broker_has_confirmed_is_sent_again_until_headquarters_has_it() {
    let shop = Shop::new("confirmed");
    shop.write_rows(10);
    shop.office.seen().is_deaf = true;
    let _hub = shop.open();
    // Taken by the broker, delivered, and lost.
    shop.office.wait("rows on their way", |seen| (seen.batches > 0).then_some(()));
    shop.office.seen().is_deaf = false;
    shop.wait_until_complete();
}
