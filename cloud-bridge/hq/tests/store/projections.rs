//! What is made of rows: sums, sales, stock, alerts; the same again whenever they are made again.

use std::collections::BTreeSet;

use hq::store::{HqStore, SalesPage, Scope, StoreError, StorePlace};
use hq_wire::facts::v1::{self, Fact, StreamCause};

use crate::journal::{Journal, MORNING_MS, sale, twd};
use crate::support::{Place, dump, with_stores};

const DAY: &str = "2026-11-24";

crate::everywhere! {
    sums_are_those_of_the_sales,
    the_chain_is_shown_within_a_scope_and_nothing_beside_it,
    a_week_before_is_compared_up_to_the_same_hour,
    sales_come_in_pages_and_whole,
    stock_is_found_by_id_and_name_and_elsewhere,
    projections_made_again_are_the_same,
    stock_that_another_connection_changed_is_read_again,
    amounts_at_the_end_of_the_range_break_nothing,
}

fn sums_are_those_of_the_sales(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.sell(1, 9, &[("a1", 2), ("a2", 1), ("a1", 1)]);
    let mut odd = sale("367", 2, 23, &[("b1", 4), ("b2", 7)]);
    odd.lines[1].voided =
        Some(v1::VoidedLine { operator: "c1".to_owned(), reason: "voided".to_owned() });
    odd.lines[0].quantity = crate::journal::quantity("0.25", "kilogram");
    let coupon = |number, line, voided| v1::Tender {
        number,
        tender_type: "coupon".to_owned(),
        amount: twd(5),
        change: twd(0),
        reference: Some("051".to_owned()),
        line,
        item: None,
        department: Some("COUPONS".to_owned()),
        face: None,
        foreign: None,
        card: None,
        voided,
    };
    odd.tenders.extend([coupon(2, None, false), coupon(3, Some(1), false), coupon(4, None, true)]);
    journal.push(&Fact::SaleCompleted(Box::new(odd)));
    hq.ingest(&[journal.all()], 1000).unwrap();

    let totals = hq.totals(&Scope::All).unwrap().remove("367").unwrap();
    assert_eq!((totals.transactions, totals.lines), (2, 4));
    assert_eq!((totals.shelf, totals.net), (80, 72));
    assert_eq!(totals.by_hour, [("9".to_owned(), 36), ("23".to_owned(), 36)].into());
    assert_eq!(totals.by_reason, [("promotion".to_owned(), 8)].into());
    let departments = [("department a".to_owned(), 36), ("department b".to_owned(), 36)];
    assert_eq!(totals.by_department, departments.into());
    let cash = &totals.by_tender["cash"];
    assert_eq!((cash.amount, cash.change, cash.count), (37 + 100, 2, 2));
    let coupon = &totals.by_tender["coupon"];
    assert_eq!((coupon.amount, coupon.change, coupon.count), (10, 0, 2));
    assert_eq!(coupon.untied_by_department, [("COUPONS".to_owned(), 1)].into());

    let detail = hq.store_detail("367", DAY).unwrap().unwrap();
    let items: Vec<_> = detail
        .items
        .iter()
        .map(|it| (it.key.as_str(), it.name.as_str(), it.sales, it.lines, it.quantity_thousandths))
        .collect();
    let expected = [
        ("b1", "品項 b1", 1, 1, 250),
        ("a1", "品項 a1", 1, 2, 3000),
        ("a2", "品項 a2", 1, 1, 1000),
    ];
    assert_eq!(items, expected);
    assert_eq!(detail.categories[0].quantity_thousandths, 0, "pieces and kilograms");
    assert_eq!((detail.operators[0].key.as_str(), detail.operators[0].sales), ("c1", 2));
    assert_eq!((detail.store.sales, detail.store.net), (2, 72));
    assert!(hq.store_detail("368", DAY).unwrap().is_none());
    assert!(matches!(hq.store_detail("367", "24/11"), Err(StoreError::BadDay(_))));
}

fn chain_of_three(place: &Place) -> HqStore {
    let mut hq = with_stores(place, &["1", "2", "3"]);
    for (salt, store) in [(1, "1"), (2, "2"), (3, "3")] {
        let mut journal = Journal::new(store, salt);
        journal.set_level("a1", "2", "4");
        journal.count("a1", "3", "piece");
        for number in 1..=salt {
            journal.sell(number, 9, &[("a1", 1), ("b1", 2)]);
        }
        hq.ingest(&[journal.birth("boot"), journal.all()], 1000 + salt as i64).unwrap();
        let broken = hq::ingest::read("chain", &format!("v1/chain/{store}/state/link"), b"{");
        hq.ingest(&[broken], 2000).unwrap();
    }
    hq
}

fn the_chain_is_shown_within_a_scope_and_nothing_beside_it(place: &Place) {
    let mut hq = chain_of_three(place);
    let all = hq.chain(&Scope::All, DAY, 5000).unwrap();
    assert_eq!(all.totals.len(), 1);
    assert_eq!((all.totals[0].sales, all.totals[0].net, all.totals[0].discount), (6, 162, 18));
    assert_eq!(all.stores.iter().map(|it| it.net).collect::<Vec<_>>(), [27, 54, 81]);
    assert_eq!(all.last_day.as_deref(), Some(DAY));
    let newest: Vec<_> = all.last_sales.iter().map(|it| it.store.as_str()).collect();
    assert_eq!(newest, ["3", "3", "3", "2", "2", "1"]);
    assert_eq!((all.alert_count, all.aside_count), (3, 3));
    assert_eq!((all.alerts[2].store.as_str(), all.alerts[2].on_hand_thousandths), ("3", 0));
    assert_eq!(all.departments[0].key, "department b");

    let some = Scope::Stores(BTreeSet::from(["1".to_owned(), "3".to_owned()]));
    let part = hq.chain(&some, DAY, 5000).unwrap();
    assert_eq!((part.totals[0].sales, part.totals[0].net), (4, 108));
    assert_eq!(part.stores.len(), 2);
    assert_eq!(part.departments.iter().map(|it| it.net).sum::<i64>(), 108);
    assert_eq!(part.tenders[0].sales, 4);
    assert_eq!(part.hours.iter().map(|it| it.net).sum::<i64>(), 108);
    assert_eq!((part.alert_count, part.alerts.len(), part.aside_count), (2, 2, 2));
    let shown = serde_json::to_string(&part).unwrap();
    assert!(!shown.contains(r#""store":"2""#), "{shown}");
    assert_eq!(hq.totals(&some).unwrap().len(), 2);
    assert_eq!(hq.streams(&some).unwrap().len(), 2);
    assert_eq!(hq.aside(&some, None).unwrap().len(), 2);
    assert_eq!(hq.alerts(&some, 9).unwrap().len(), 2);
    assert_eq!(hq.stock_of_item(&some, "a1").unwrap().len(), 2);

    let nothing = hq.chain(&Scope::Stores(BTreeSet::new()), DAY, 5000).unwrap();
    assert!(nothing.stores.is_empty() && nothing.totals.is_empty() && nothing.alerts.is_empty());
    assert!(nothing.last_sales.is_empty() && nothing.last_day.is_none());
    let before = all.revision;
    let place = StorePlace { store: "4".to_owned(), ..StorePlace::default() };
    hq.add_store(&place).unwrap();
    assert!(hq.chain(&Scope::All, DAY, 5000).unwrap().revision > before);
}

fn a_week_before_is_compared_up_to_the_same_hour(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    for (number, day, hour) in [
        (1, "2026-11-17", 8),
        (2, "2026-11-17", 10),
        (3, "2026-11-17", 11),
        (4, DAY, 8),
        (5, DAY, 10),
        (6, DAY, 10),
    ] {
        let mut sale = sale("367", number, hour, &[("a1", 1)]);
        sale.business_day = day.to_owned();
        journal.push(&Fact::SaleCompleted(Box::new(sale)));
    }
    hq.ingest(&[journal.all()], 1000).unwrap();
    let chain = hq.chain(&Scope::All, DAY, 5000).unwrap();
    let total = &chain.totals[0];
    assert_eq!((total.net, total.net_week_before), (27, 18), "not the sale at eleven");
    assert_eq!((total.hour, total.hour_net, total.hour_net_week_before), (Some(10), 18, 9));
    let hours: Vec<_> =
        chain.hours.iter().map(|it| (it.hour, it.sales, it.net, it.net_week_before)).collect();
    assert_eq!(hours, [(8, 1, 9, 9), (10, 2, 18, 9), (11, 0, 0, 9)]);
    assert_eq!(chain.stores[0].net_week_before, 27, "a store's is the whole day's");
    let quiet = hq.chain(&Scope::All, "2026-11-25", 5000).unwrap();
    assert!(quiet.totals.is_empty() && quiet.last_day.as_deref() == Some(DAY));
}

fn sales_come_in_pages_and_whole(place: &Place) {
    let mut hq = with_stores(place, &["367", "368"]);
    let mut journal = Journal::new("367", 1);
    // Several end in the same millisecond.
    (1..=25).for_each(|number| journal.sell(number, 9, &[("a1", 1)]));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let mut seen = Vec::new();
    loop {
        let last: Option<(i64, String)> =
            seen.last().map(|it: &hq::view::SaleView| (it.ended_ms, it.transaction.clone()));
        let before = last.as_ref().map(|(ended_ms, id)| (*ended_ms, id.as_str()));
        let page = SalesPage { store: "367", day: Some(DAY), before, limit: 7 };
        let page = hq.sales(&page).unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let ids: BTreeSet<_> = seen.iter().map(|it| it.transaction.clone()).collect();
    assert_eq!((seen.len(), ids.len()), (25, 25));
    let one = &seen[3];
    let detail = hq.sale("367", &one.transaction).unwrap().unwrap();
    assert_eq!(&detail.sale, one);
    assert!(detail.fact.get().contains(&one.transaction));
    let is_verbatim = journal.rows.iter().any(|row| row.body.get() == detail.fact.get());
    assert!(is_verbatim);
    assert_eq!(hq.receipt(&one.transaction).unwrap().unwrap().sale, *one);
    assert!(hq.sale("368", &one.transaction).unwrap().is_none());
}

fn stock_is_found_by_id_and_name_and_elsewhere(place: &Place) {
    let mut hq = with_stores(place, &["1", "2"]);
    for (store, salt) in [("1", 1), ("2", 2)] {
        let mut journal = Journal::new(store, salt);
        journal.count("a1", "9", "piece");
        journal.count("A_2", "0.25", "kilogram");
        journal.sell(1, 9, &[("a1", 2), ("b%1", 1)]);
        journal.set_level("a1", "7", "8");
        journal.set_level("unseen", "7", "8");
        hq.ingest(&[journal.all()], 1000).unwrap();
    }
    let found = |hq: &mut HqStore, text: &str| {
        let items = hq.stock("1", text).unwrap();
        items.into_iter().map(|it| (it.item, it.on_hand_thousandths)).collect::<Vec<_>>()
    };
    let (a1, a2, b1) =
        (("a1".to_owned(), 7000), ("A_2".to_owned(), 250), ("b%1".to_owned(), -1000));
    assert_eq!(found(&mut hq, ""), [a2.clone(), a1.clone(), b1.clone()]);
    assert_eq!(found(&mut hq, "a"), [a2.clone(), a1.clone()]);
    assert_eq!(found(&mut hq, "a_"), [a2]);
    assert_eq!(found(&mut hq, "%"), [b1], "no wildcard: it is in the name");
    assert_eq!(found(&mut hq, "品項 A1"), [a1]);
    let elsewhere = hq.stock_of_item(&Scope::All, "a1").unwrap();
    let elsewhere: Vec<_> = elsewhere
        .iter()
        .map(|it| {
            (it.store.as_str(), it.on_hand_thousandths, it.safety_stock_thousandths, it.alert)
        })
        .collect();
    assert_eq!(elsewhere, [("1", 7000, Some(7000), true), ("2", 7000, Some(7000), true)]);
}

fn stock_that_another_connection_changed_is_read_again(place: &Place) {
    let mut hq = with_stores(place, &["1"]);
    let mut other = hq.another().unwrap();
    let mut journal = Journal::new("1", 1);
    journal.count("a1", "100", "piece");
    (1..=6).for_each(|number| journal.sell(number, 9, &[("a1", 1)]));
    hq.ingest(&[journal.message(1..=3)], 1000).unwrap();
    other.ingest(&[journal.message(4..=4)], 1000).unwrap();
    hq.ingest(&[journal.message(5..=5)], 1000).unwrap();
    hq.ingest(&[journal.message(6..=6)], 1000).unwrap();
    other.ingest(&[journal.message(7..=7)], 1000).unwrap();
    let on_hand = |hq: &mut HqStore| {
        let text = "select on_hand from stock where item = 'a1'";
        hq.sql().query_one(text, &[], |row| row.int(0)).unwrap()
    };
    assert_eq!(on_hand(&mut hq), Some(95_000), "five sales, whoever folded them");
    // What is made again is other rows of the same content, or of another where a program learnt.
    hq.sql().execute("update rows set fold = 0 where sequence = 3", &[]).unwrap();
    hq.rebuild().unwrap();
    other.ingest(&[journal.message(8..=8)], 1000).unwrap();
    assert_eq!(on_hand(&mut hq), Some(95_000), "five of the six sales, and none of them twice");
}

fn projections_made_again_are_the_same(place: &Place) {
    let mut hq = with_stores(place, &["1", "2"]);
    let mut journal = Journal::new("1", 1);
    journal.set_level("a1", "5", "9");
    for number in 1..=30 {
        journal.sell(number, 9, &[("a1", 1), ("b1", 2)]);
        if number % 4 == 0 {
            journal.count("a1", &(number % 12).to_string(), "piece");
            journal.push(&crate::promotions::sold("1", 1000 + number, "p"));
            journal.push(&crate::promotions::abandoned("1", 2000 + number, "p"));
        }
    }
    journal.push_text("moon_landed", 1, "{}");
    let restored = {
        let mut restored = journal.forked(2, StreamCause::Restored);
        (31..=900).for_each(|number| restored.sell(number, 10, &[("a1", 1)]));
        restored
    };
    let mut other = Journal::new("2", 3);
    other.sell(1, 7, &[("a1", 1)]);
    // Stock depends on the order in which two streams came, and late rows come late.
    let rows = journal.rows.len();
    hq.ingest(&[journal.message(1..=10), journal.message(20..=rows)], 1000).unwrap();
    hq.ingest(&[restored.message(1..=200), other.all()], 1001).unwrap();
    hq.ingest(&[journal.message(5..=25)], 1002).unwrap();
    for from in (201..=871).step_by(100) {
        hq.ingest(&[restored.message(from..=(from + 99).min(871))], 1003).unwrap();
    }
    let made = |hq: &mut HqStore| {
        let tables = ["forks", "sales_by", "sales", "stock", "promotions_by", "abandoned"];
        tables.into_iter().flat_map(|table| dump(hq, table)).collect::<Vec<_>>()
    };
    let days = |hq: &mut HqStore| hq.chain(&Scope::All, DAY, 1).unwrap().last_day;
    let before = (made(&mut hq), days(&mut hq));
    hq.sql().execute("update sales_by set net = net + 1", &[]).unwrap();
    hq.sql().execute("update stores set last_day = null", &[]).unwrap();
    hq.sql().execute("delete from sales where number = 7", &[]).unwrap();
    assert!(before.0.iter().any(|row| row.starts_with("promotions_by")));
    hq.sql().execute("update promotions_by set taken = taken + 1", &[]).unwrap();
    // What is left of it would keep prompts from being counted again.
    let nobody = "insert into abandoned (store, transaction_id) values ('1', 'nobody')";
    hq.sql().execute(nobody, &[]).unwrap();
    assert_ne!(made(&mut hq), before.0);
    hq.rebuild().unwrap();
    assert_eq!((made(&mut hq), days(&mut hq)), before);
    assert_eq!(hq.aside(&Scope::All, None).unwrap().len(), 1, "nothing is put aside twice");
}

fn amounts_at_the_end_of_the_range_break_nothing(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    for number in 1..=3 {
        let mut sale = sale("367", number, 9, &[("a1", 1)]);
        sale.lines[0].net = twd(1_000_000_000_000_000);
        sale.lines[0].description = "a\u{0}b".to_owned();
        sale.opened.wall_ms = i64::MIN;
        sale.ended.wall_ms = i64::MAX;
        journal.push(&Fact::SaleCompleted(Box::new(sale)));
    }
    let taken = hq.ingest(&[journal.all()], MORNING_MS).unwrap();
    assert_eq!(taken.folded_sales, 3);
    assert_eq!(hq.totals(&Scope::All).unwrap()["367"].net, 3_000_000_000_000_000);
    assert_eq!(hq.stock("367", "").unwrap()[0].name, "a\u{fffd}b");
}
