//! What a store's business day came to is here what the store itself makes of its own rows.

use hq::ingest::Message;
use hq::store::{HqStore, Scope};
use hq_wire::link::v1::{Branch, branch_id};
use store_core::day::DaySummary;

use crate::journal::digest_of;
use crate::shop::{Deed, Own, Shop, day, own_summary};
use crate::support::{Place, dump, with_stores};

crate::everywhere! {
    a_day_goes_on_in_whichever_stream_came_last,
    the_end_of_the_day_before_may_come_last,
    baskets_that_are_open_at_midnight_are_on_their_own_days,
    a_refusal_is_of_the_day_that_is_booked_on,
    a_refusal_where_the_store_came_back_from_a_backup_is_of_the_day_too,
    a_refusal_in_a_branch_that_overlaps_its_stream_is_of_the_day_too,
    a_till_is_opened_before_it_is_closed_whatever_came_first,
    what_is_undone_again_is_taken_off_once,
    what_is_rung_up_again_on_another_day_counts_once,
    days_made_again_are_the_same,
}

fn sell(number: u64) -> Deed {
    Deed::Sell { number, pieces: i64::try_from(number).unwrap() }
}

fn here(hq: &mut HqStore, number: i8) -> Option<DaySummary> {
    hq.day_summary("367", day(number)).unwrap()
}

/// A journal's rows after one, up to its end, as they come where headquarters takes no more of the
/// stream.
fn branch(shop: &Shop, after: usize) -> Message {
    let journal = &shop.journal;
    let name = branch_id(journal.stream, &digest_of(journal.rows.last().unwrap()));
    let digest = journal.rows[after - 1].digest.clone();
    let branch = Branch { stream: journal.stream.to_string(), after: after as u64, digest };
    journal.message_as(name, Some(branch), after + 1..=journal.rows.len())
}

/// Rows of one stream and of the next one, as the store has them that wrote both.
fn both(first: &Shop, second: &Shop) -> Vec<Option<Own>> {
    [first.own.as_slice(), second.own.as_slice()].concat()
}

fn a_day_goes_on_in_whichever_stream_came_last(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(23), &[sell(1)]);
    let before = first.own.len();
    first.act_all(day(24), &[sell(2), sell(3), sell(4)]);
    let mut second = first.restored(first.own.len(), 2);
    second.act_all(day(24), &[sell(5)]);
    second.act_all(day(25), &[sell(6)]);
    let begin = first.journal.message(1..=before);
    hq.ingest(&[first.journal.birth("boot"), begin, second.journal.all()], 1000).unwrap();
    hq.ingest(&[branch(&first, before)], 2000).unwrap();
    let own = both(&first, &second);
    for number in 23..=25 {
        assert_eq!(here(&mut hq, number), own_summary(&own, day(number)), "{number}");
    }
    assert_eq!(here(&mut hq, 24).unwrap().counts.sales, 4);
    assert_eq!(here(&mut hq, 26), None);
}

fn the_end_of_the_day_before_may_come_last(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(23), &[sell(1)]);
    let before = first.own.len();
    first.act_all(day(23), &[sell(2), sell(3)]);
    let mut second = first.restored(first.own.len(), 2);
    second.act_all(day(24), &[sell(4), sell(5)]);
    let begin = first.journal.message(1..=before);
    hq.ingest(&[first.journal.birth("boot"), begin, second.journal.all()], 1000).unwrap();
    hq.ingest(&[branch(&first, before)], 2000).unwrap();
    assert_eq!(here(&mut hq, 23).unwrap().counts.sales, 3);
    assert_eq!(here(&mut hq, 24), own_summary(&both(&first, &second), day(24)));
}

fn baskets_that_are_open_at_midnight_are_on_their_own_days(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut shop = Shop::new("367", 1);
    shop.act_all(day(23), &[sell(1)]);
    // The other register's basket was opened after midnight and is done before this one's.
    shop.act_all(day(24), &[sell(2)]);
    shop.act_all(day(23), &[sell(3)]);
    shop.act_all(day(24), &[sell(4), Deed::NoSale]);
    shop.act_all(day(25), &[sell(5)]);
    shop.act_all(day(24), &[sell(6)]);
    hq.ingest(&[shop.journal.birth("boot"), shop.journal.all()], 1000).unwrap();
    for (number, sales) in [(23, 2), (24, 3), (25, 1)] {
        let summary = here(&mut hq, number);
        assert_eq!(summary, own_summary(&shop.own, day(number)), "{number}");
        assert_eq!(summary.unwrap().counts.sales, sales, "{number}");
    }
}

fn a_refusal_is_of_the_day_that_is_booked_on(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut shop = Shop::new("367", 1);
    shop.act_all(day(23), &[sell(1), Deed::Refuse, Deed::CloseDay, Deed::Refuse]);
    shop.act_all(day(24), &[sell(2), Deed::Refuse, Deed::Refuse, sell(3), Deed::Refuse]);
    hq.ingest(&[shop.journal.birth("boot"), shop.journal.all()], 1000).unwrap();
    for (number, refused) in [(23, 1), (24, 2)] {
        let summary = here(&mut hq, number);
        assert_eq!(summary, own_summary(&shop.own, day(number)), "{number}");
        assert_eq!(summary.unwrap().counts.permissions_refused, refused, "{number}");
    }
}

fn a_refusal_where_the_store_came_back_from_a_backup_is_of_the_day_too(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(24), &[sell(1), Deed::Refuse]);
    let mut second = first.restored(first.own.len(), 2);
    second.act_all(day(24), &[Deed::Refuse, sell(2), Deed::CloseDay, Deed::Refuse]);
    let all = [second.journal.all(), first.journal.all()];
    hq.ingest(&[first.journal.birth("boot")], 1000).unwrap();
    hq.ingest(&all, 1000).unwrap();
    let summary = here(&mut hq, 24);
    assert_eq!(summary, own_summary(&both(&first, &second), day(24)));
    assert_eq!(summary.unwrap().counts.permissions_refused, 2);
}

fn a_refusal_in_a_branch_that_overlaps_its_stream_is_of_the_day_too(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut shop = Shop::new("367", 1);
    shop.act_all(day(24), &[sell(1), Deed::Refuse, sell(2)]);
    let begin = shop.journal.message(1..=2);
    hq.ingest(&[shop.journal.birth("boot"), begin, branch(&shop, 1)], 1000).unwrap();
    assert_eq!(here(&mut hq, 24), own_summary(&shop.own, day(24)));
    assert_eq!(here(&mut hq, 24).unwrap().counts.permissions_refused, 1);
}

fn a_till_is_opened_before_it_is_closed_whatever_came_first(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(24), &[Deed::OpenTill(1), sell(1)]);
    let mut second = first.restored(first.own.len(), 2);
    second.act_all(day(24), &[Deed::Loan(5), Deed::CloseTill(1), Deed::CloseDay]);
    hq.ingest(&[first.journal.birth("boot"), second.journal.all()], 1000).unwrap();
    hq.ingest(&[first.journal.all()], 2000).unwrap();
    let summary = here(&mut hq, 24).unwrap();
    assert_eq!(Some(&summary), own_summary(&both(&first, &second), day(24)).as_ref());
    assert!(summary.tills[0].is_forced && summary.is_closed);
}

fn what_is_undone_again_is_taken_off_once(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(24), &[sell(1), sell(2)]);
    let mut second = first.restored(first.own.len(), 2);
    let undo = Deed::Undo { number: 2, pieces: 2 };
    first.act(day(24), &undo);
    let birth = first.journal.birth("boot");
    hq.ingest(&[birth, first.journal.all()], 1000).unwrap();
    let once = here(&mut hq, 24);
    assert_eq!(once, own_summary(&first.own, day(24)));
    second.act_all(day(24), &[undo]);
    hq.ingest(&[second.journal.all()], 2000).unwrap();
    assert_eq!(here(&mut hq, 24), once);
    assert_eq!(once.unwrap().counts.post_voids, 1);
}

fn what_is_rung_up_again_on_another_day_counts_once(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(24), &[sell(1)]);
    let mut second = first.restored(first.own.len(), 2);
    first.act(day(24), &sell(2));
    second.act_all(day(25), &[sell(3), sell(2), Deed::Refuse, Deed::CloseDay]);
    let birth = first.journal.birth("boot");
    hq.ingest(&[birth, first.journal.all(), second.journal.all()], 1000).unwrap();
    assert_eq!(here(&mut hq, 24), own_summary(&first.own, day(24)));
    let next = here(&mut hq, 25).unwrap();
    assert_eq!((next.counts.sales, next.total.minor()), (1, 27));
    assert_eq!((next.counts.permissions_refused, next.is_closed), (1, true));
    let shown = hq.chain(&Scope::All, "2026-11-25", 5000).unwrap();
    assert_eq!((shown.totals[0].sales, shown.totals[0].net), (1, 27), "as everywhere");
}

fn days_made_again_are_the_same(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut first = Shop::new("367", 1);
    first.act_all(day(23), &[sell(1), Deed::NoSale]);
    first.act_all(day(24), &[Deed::OpenTill(1), sell(2)]);
    first.act_all(day(23), &[sell(3), Deed::CloseDay]);
    let rows = first.own.len();
    hq.ingest(&[first.journal.message(rows..=rows)], 1000).unwrap();
    hq.ingest(&[first.journal.message(3..=rows)], 1001).unwrap();
    assert!(dump(&mut hq, "business_days").is_empty(), "they wait for those before them");
    hq.ingest(&[branch(&first, 1), first.journal.all()], 1002).unwrap();
    let kept = dump(&mut hq, "business_days");
    assert!(!kept.is_empty());
    hq.rebuild().unwrap();
    assert_eq!(dump(&mut hq, "business_days"), kept);
}
