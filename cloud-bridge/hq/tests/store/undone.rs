//! Sales that a store undid as a whole: what they added is taken off again, once.

use hq::store::{HqStore, Scope};
use hq_wire::facts::v1::{
    BasketRetrieved, BasketSuspended, Fact, Sale, SalePostVoided, StreamCause,
};

use crate::journal::{Journal, pricing, sale, used};
use crate::support::{Place, dump, with_stores};

const DAY: &str = "2026-11-24";

crate::everywhere! {
    a_sale_that_is_undone_leaves_every_sum_as_it_was,
    what_is_undone_twice_is_taken_off_once,
    what_was_never_sold_is_not_taken_off,
    what_is_undone_before_it_is_known_is_taken_off_when_it_comes,
    baskets_that_lie_aside_are_kept_and_change_nothing,
}

fn sold(number: u64) -> Sale {
    let mut sale = sale("367", number, 9, &[("a1", 2), ("b1", 1)]);
    sale.pricing = Some(pricing(vec![used("milk", 7, 30)], Vec::new()));
    sale
}

fn undone(sale: Sale) -> Fact {
    Fact::SalePostVoided(Box::new(SalePostVoided {
        sale,
        workstation: "2".to_owned(),
        operator: "m1".to_owned(),
        approved_by: None,
        reason: "mistake".to_owned(),
    }))
}

/// What a day's figures are made of.
fn seen(hq: &mut HqStore) -> String {
    let totals = hq.totals(&Scope::All).unwrap();
    let detail = hq.store_detail("367", DAY).unwrap().unwrap();
    let stock: Vec<_> = hq
        .stock_of_item(&Scope::All, "a1")
        .unwrap()
        .into_iter()
        .map(|row| row.on_hand_thousandths)
        .collect();
    let sums = (&detail.store.sales, &detail.store.net, totals["367"].by_promotion.get("milk"));
    format!("{:?} {sums:?} {stock:?} {:?}", totals["367"].net, totals["367"].by_tender)
}

fn a_sale_that_is_undone_leaves_every_sum_as_it_was(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.count("a1", "50", "piece");
    journal.push(&Fact::SaleCompleted(Box::new(sold(1))));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let before = seen(&mut hq);
    journal.push(&Fact::SaleCompleted(Box::new(sold(2))));
    hq.ingest(&[journal.all()], 2000).unwrap();
    assert_ne!(seen(&mut hq), before);
    journal.push(&undone(sold(2)));
    hq.ingest(&[journal.all()], 3000).unwrap();
    assert_eq!(seen(&mut hq), before);
    assert!(hq.aside(&Scope::All, None).unwrap().is_empty());
    let tables = ["sales_by", "stock", "promotions_by", "post_voids"];
    let kept = tables.map(|table| dump(&mut hq, table));
    hq.rebuild().unwrap();
    assert_eq!(tables.map(|table| dump(&mut hq, table)), kept);
}

fn what_is_undone_twice_is_taken_off_once(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.push(&Fact::SaleCompleted(Box::new(sold(1))));
    journal.push(&Fact::SaleCompleted(Box::new(sold(2))));
    journal.push(&undone(sold(2)));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let once = seen(&mut hq);
    // A store that went back to a backup undoes it again.
    journal.push(&undone(sold(2)));
    hq.ingest(&[journal.all()], 2000).unwrap();
    assert_eq!(seen(&mut hq), once);
    assert_eq!(dump(&mut hq, "post_voids").len(), 1);
}

fn what_is_undone_before_it_is_known_is_taken_off_when_it_comes(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.count("a1", "50", "piece");
    journal.push(&Fact::SaleCompleted(Box::new(sold(1))));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let before = seen(&mut hq);
    journal.push(&Fact::SaleCompleted(Box::new(sold(2))));
    let mut next = journal.forked(2, StreamCause::Restored);
    next.push(&undone(sold(2)));
    hq.ingest(&[next.all()], 2000).unwrap();
    assert_eq!(seen(&mut hq), before);
    hq.ingest(&[journal.all()], 3000).unwrap();
    assert_eq!(seen(&mut hq), before);
    let kept = dump(&mut hq, "sales_by");
    hq.rebuild().unwrap();
    assert_eq!(dump(&mut hq, "sales_by"), kept);
}

fn what_was_never_sold_is_not_taken_off(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.push(&Fact::SaleCompleted(Box::new(sold(1))));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let before = seen(&mut hq);
    journal.push(&undone(sold(2)));
    hq.ingest(&[journal.all()], 2000).unwrap();
    assert_eq!(seen(&mut hq), before);
}

fn baskets_that_lie_aside_are_kept_and_change_nothing(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.push(&Fact::SaleCompleted(Box::new(sold(1))));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let before = seen(&mut hq);
    let mut basket = sold(2);
    basket.number = None;
    let transaction = basket.transaction.clone();
    journal.push(&Fact::BasketSuspended(Box::new(BasketSuspended {
        basket,
        operator: "c1".to_owned(),
    })));
    journal.push(&Fact::BasketRetrieved(BasketRetrieved {
        transaction,
        workstation: "2".to_owned(),
        operator: "c2".to_owned(),
    }));
    hq.ingest(&[journal.all()], 2000).unwrap();
    assert_eq!(seen(&mut hq), before);
    assert!(hq.aside(&Scope::All, None).unwrap().is_empty());
}
