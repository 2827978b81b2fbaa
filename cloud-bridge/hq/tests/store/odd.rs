//! Bad input is counted, kept with its reason, shown, and stops nothing; and who is there.

use hq::ingest::{Message, read};
use hq::store::Scope;
use hq::view::AsideView;
use hq_wire::facts::v1::{Fact, StreamCause};
use hq_wire::link::v1::{FactsBatch, PAYLOAD_MAX, Place as Where, Topic, branch_id, compressed};

use crate::journal::{CHAIN, Journal, digest_of, sale};
use crate::support::{Place, dump, with_stores};

crate::everywhere! {
    a_fact_that_cannot_be_read_is_kept_aside_and_the_stream_goes_on,
    another_sale_under_an_id_that_is_taken_is_kept_aside_and_the_first_one_counts,
    a_store_that_is_not_known_is_kept_aside,
    the_newest_of_what_is_kept_aside_stay,
    a_birth_is_answered_with_how_far_everything_is,
    who_is_there_is_told_by_the_present_connection,
    what_a_store_says_of_itself_is_shown,
    a_restored_journal_is_a_fork_and_nothing_is_lost,
    less_at_headquarters_than_the_store_believes_is_no_fork,
    a_parent_that_is_not_known_is_answered_with_nothing,
}

fn a_fact_that_cannot_be_read_is_kept_aside_and_the_stream_goes_on(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    journal.push_text("moon_landed", 1, r#"{"by":"nobody"}"#);
    journal.push_text("sale_completed", 2, "{}");
    journal.push_text("sale_completed", 1, r#"{"transaction":7}"#);
    let odd = |change: &dyn Fn(&mut hq_wire::facts::v1::Sale)| {
        let mut sale = sale("367", 1, 9, &[("a1", 1)]);
        change(&mut sale);
        Fact::SaleCompleted(Box::new(sale))
    };
    journal.push(&odd(&|sale| sale.store = "368".to_owned()));
    journal.push(&odd(&|sale| sale.lines[0].net.amount = "nine".to_owned()));
    journal.push(&odd(&|sale| sale.lines[0].quantity.unit = "dozen".to_owned()));
    journal.push(&odd(&|sale| sale.tenders[0].amount.currency = "USD".to_owned()));
    journal.push(&odd(&|sale| sale.business_day = "today".to_owned()));
    journal.push(&odd(&|_| ()));
    let taken = hq.ingest(&[journal.all()], 1000).unwrap();
    assert_eq!((taken.acks[0].1.through, taken.folded_sales, taken.put_aside), (10, 1, 8));
    let aside = hq.aside(&Scope::of("367"), None).unwrap();
    let codes: Vec<&str> = aside.iter().rev().map(|it| it.code.as_str()).collect();
    let unreadable = "unreadable_fact";
    let expected = [
        unreadable,
        "unknown_version",
        unreadable,
        "foreign",
        unreadable,
        unreadable,
        unreadable,
        unreadable,
    ];
    assert_eq!(codes, expected);
    let reasons: Vec<&str> = aside.iter().rev().map(|it| it.reason.as_str()).collect();
    assert!(reasons[4].contains("net") && reasons[4].contains("nine"), "{reasons:?}");
    let counts = hq.aside_by_code().unwrap();
    let counted = [("foreign", 1), ("unknown_version", 1), (unreadable, 6)];
    assert_eq!(counts, counted.map(|(code, count)| (code.to_owned(), count)));
    assert_eq!(hq.totals(&Scope::All).unwrap()["367"].transactions, 1);
}

fn another_sale_under_an_id_that_is_taken_is_kept_aside_and_the_first_one_counts(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let with = |journal: &mut Journal, number, change: &dyn Fn(&mut hq_wire::facts::v1::Sale)| {
        let mut sale = sale("367", number, 9, &[("a1", 2), ("b1", 1)]);
        change(&mut sale);
        journal.push(&Fact::SaleCompleted(Box::new(sale)));
    };
    let mut journal = Journal::new("367", 1);
    with(&mut journal, 1, &|_| ());
    with(&mut journal, 2, &|_| ());
    // Rung up again, later and under another number: that is the same trade.
    with(&mut journal, 1, &|sale| {
        sale.number = Some(77);
        sale.opened.wall_ms += 3_600_000;
        sale.ended.wall_ms += 3_600_000;
        sale.operator = "c2".to_owned();
    });
    with(&mut journal, 2, &|sale| sale.lines[0].item = "c1".to_owned());
    let taken = hq.ingest(&[journal.all()], 1000).unwrap();
    assert_eq!((taken.acks[0].1.through, taken.folded_sales, taken.put_aside), (5, 2, 1));
    // What it differs from was written before.
    with(&mut journal, 1, &|sale| sale.tenders[0].amount.amount = "30".to_owned());
    let taken = hq.ingest(&[journal.message(6..=6)], 1000).unwrap();
    assert_eq!((taken.acks[0].1.through, taken.folded_sales, taken.put_aside), (6, 0, 1));

    let aside = hq.aside(&Scope::of("367"), None).unwrap();
    let codes: Vec<&str> = aside.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["other_sale", "other_sale"]);
    // Folded anew, they are found again, and put aside once.
    hq.sql().execute("delete from aside", &[]).unwrap();
    for _ in 0..2 {
        hq.rebuild().unwrap();
        let again: Vec<_> = hq.aside(&Scope::of("367"), None).unwrap();
        let code_and_topic = |it: &AsideView| (it.code.clone(), it.topic.clone());
        let (again, before): (Vec<_>, Vec<_>) = (
            again.iter().map(code_and_topic).collect(),
            aside.iter().map(code_and_topic).collect(),
        );
        assert_eq!(again, before);
    }
    assert!(aside[0].reason.contains("number 1 of 2026-11-24"), "{}", aside[0].reason);
    assert!(aside[1].reason.contains("number 2 of 2026-11-24"), "{}", aside[1].reason);
    let totals = hq.totals(&Scope::All).unwrap();
    assert_eq!((totals["367"].transactions, totals["367"].net), (2, 54));
}

fn a_store_that_is_not_known_is_kept_aside(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let stranger = Journal::new("999", 1);
    let state = read(CHAIN, "v1/chain/999/state/link", br#"{"at_ms":1}"#);
    let taken = hq.ingest(&[stranger.all(), stranger.birth("a"), state], 1000).unwrap();
    assert_eq!((taken.put_aside, taken.acks.len()), (3, 0));
    assert_eq!(dump(&mut hq, "rows").len() + dump(&mut hq, "states").len(), 0);
    let aside = hq.aside(&Scope::All, None).unwrap();
    assert!(
        aside.iter().all(|it| it.code == "unknown_store" && it.store.as_deref() == Some("999"))
    );
    assert_eq!(aside[2].topic, format!("v1/chain/999/facts/{}", stranger.stream));
}

fn the_newest_of_what_is_kept_aside_stay(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let bad: Vec<Message> =
        (0..210).map(|it| read(CHAIN, &format!("v1/chain/{it}/status"), b"x")).collect();
    // As if ten thousand had come before; numbers are given once for all.
    hq.ingest(&bad[..5], 1000).unwrap();
    for _ in 0..2 {
        hq.ingest(&bad, 1000).unwrap();
    }
    let page = hq.aside(&Scope::All, None).unwrap();
    assert_eq!((page.len(), page[0].store.as_deref()), (200, Some("209")));
    let next = hq.aside(&Scope::All, Some(page[199].id)).unwrap();
    assert_eq!(next[0].id, page[199].id - 1);
    if place.is_fast() {
        for _ in 0..50 {
            hq.ingest(&bad, 1000).unwrap();
        }
        assert_eq!(dump(&mut hq, "aside").len(), 10_000);
        assert_eq!(hq.aside_by_code().unwrap(), [("malformed".to_owned(), 5 + 52 * 210)]);
    }
}

#[test]
fn whatever_comes_is_read_or_put_aside_with_a_code() {
    let facts = Topic::Facts("0193af10-0000-7000-8000-000000000001".to_owned());
    let here = Where { chain: CHAIN.to_owned(), store: "367".to_owned() };
    let topic = here.topic(&facts);
    let code = |topic: &str, payload: &[u8]| match read(CHAIN, topic, payload) {
        Message::Aside(aside) => aside.code,
        _ => "taken",
    };
    assert_eq!(code(&topic, b"{}"), "not_compressed");
    assert_eq!(code(&topic, &compressed(b"{}")), "malformed");
    assert_eq!(code(&topic, &vec![0; PAYLOAD_MAX + 1]), "oversized");
    assert_eq!(code(&topic, &compressed(&vec![b' '; 5_000_000])), "oversized");
    assert_eq!(code(&topic, &compressed(br#"{"type":"storehub.facts.v9"}"#)), "unknown_type");
    assert_eq!(code(&topic.replace("chain", "other"), b""), "foreign");
    assert_eq!(code(&here.topic(&Topic::Status), b"{}"), "malformed");
    assert_eq!(code(&here.topic(&Topic::Policy), b"{}"), "unknown_type");
    assert_eq!(code("v2/chain/367/status", b"{}"), "unknown_type");
    assert_eq!(code("", b""), "unknown_type");
    let state = |thing: &str| here.topic(&Topic::State(thing.to_owned()));
    assert_eq!(code(&state("link"), br#"{"stream":"x"}"#), "malformed");
    assert_eq!(code(&state("link"), br#"{"at_ms":1,"x":{}}"#), "taken");
    assert_eq!(code(&state("weather"), br#"{"at_ms":1}"#), "unknown_type");

    let journal = Journal::new("367", 1);
    let own = journal.place.topic(&Topic::Facts(journal.stream.to_string()));
    let batch = |change: &dyn Fn(&mut FactsBatch)| {
        let rows = journal.rows.clone();
        let mut batch = FactsBatch::new(&journal.place, &journal.stream.to_string(), None, rows);
        change(&mut batch);
        code(&own, &batch.write().unwrap())
    };
    assert_eq!(batch(&|_| ()), "taken");
    assert_eq!(batch(&|it| it.source = "/v1/chain/368".to_owned()), "malformed");
    assert_eq!(batch(&|it| it.data.rows[0].id = "7".to_owned()), "malformed");
    assert_eq!(batch(&|it| it.data.rows[0].digest = "7".to_owned()), "malformed");
    assert_eq!(batch(&|it| it.data.rows[0].sequence = u64::MAX), "malformed");
    assert_eq!(batch(&|it| it.data.rows[0].kind = "k".repeat(65)), "malformed");
    let Message::Aside(aside) = read(CHAIN, &"林".repeat(300), &[7; 100_000]) else { panic!() };
    assert_eq!((aside.topic.len(), aside.payload.len(), aside.size), (255, 65_536, 100_000));
}

fn a_birth_is_answered_with_how_far_everything_is(place: &Place) {
    let mut hq = with_stores(place, &["367", "368"]);
    let (journal, other) = (Journal::new("367", 1), Journal::new("367", 2));
    hq.ingest(&[journal.all(), Journal::new("368", 3).all()], 1000).unwrap();
    let taken = hq.ingest(&[other.birth("a")], 1001).unwrap();
    let mut acks = taken.acks.clone();
    acks.sort_by_key(|(_, ack)| ack.through);
    assert_eq!(taken.born, ["367"]);
    assert_eq!(acks.len(), 2);
    assert_eq!((acks[0].1.stream.as_str(), acks[0].1.through), (&*other.stream.to_string(), 0));
    assert_eq!(acks[0].1.digest, "0".repeat(64));
    assert_eq!((acks[1].1.stream.as_str(), acks[1].1.through), (&*journal.stream.to_string(), 1));
    let both = hq.ingest(&[other.birth("b"), other.all()], 1002).unwrap();
    let through: Vec<u64> = both.acks.iter().map(|(_, ack)| ack.through).collect();
    assert_eq!(through, [1, 1], "what came in the same transaction counts");
}

fn who_is_there_is_told_by_the_present_connection(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = Journal::new("367", 1);
    let mut shown = |messages: &[Message], now_ms| {
        hq.ingest(messages, now_ms).unwrap();
        let chain = hq.chain(&Scope::All, "2026-11-24", now_ms).unwrap();
        (chain.stores[0].online, chain.stores[0].since_ms, chain.stores[0].heard_ms)
    };
    assert_eq!(shown(&[], 1), (None, None, None));
    assert_eq!(shown(&[journal.birth("a")], 10), (Some(true), Some(10), Some(10)));
    assert_eq!(shown(&[journal.birth("b")], 20), (Some(true), Some(10), Some(20)));
    assert_eq!(shown(&[journal.will("a")], 30), (Some(true), Some(10), Some(20)), "an old will");
    assert_eq!(shown(&[journal.will("b")], 40), (Some(false), Some(40), Some(20)));
    assert_eq!(shown(&[journal.birth("b")], 50), (Some(false), Some(40), Some(20)), "late");
    assert_eq!(shown(&[journal.birth("c")], 60), (Some(true), Some(60), Some(60)));
    assert_eq!(shown(&[journal.all()], 70), (Some(true), Some(60), Some(70)));
    hq.all_offline(80).unwrap();
    assert_eq!(hq.chain(&Scope::All, "2026-11-24", 80).unwrap().stores[0].online, Some(false));
    // What a broker kept of before is not news.
    for (boot, online) in [("c", false), ("d", true)] {
        hq.ingest(&[journal.birth(boot)], 90).unwrap();
        let chain = hq.chain(&Scope::All, "2026-11-24", 90).unwrap();
        assert_eq!(chain.stores[0].online, Some(online), "{boot}");
    }
}

fn what_a_store_says_of_itself_is_shown(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = Journal::new("367", 1);
    let state = |thing: &str, text: &str| {
        let message = read(CHAIN, &format!("v1/chain/367/state/{thing}"), text.as_bytes());
        assert!(matches!(message, Message::State { .. }), "{message:?}");
        message
    };
    let link = format!(
        r#"{{"at_ms":1,"stream":"{}","head":9,"waiting":{{"rows":4,"sales":3,"since_ms":77}}}}"#,
        journal.stream
    );
    let policy = r#"{"at_ms":1,"in_force":3,"id":"x","offered":[
        {"version":2,"id":"w","standing":"refused","reason":"older"},
        {"version":4,"id":"y","standing":"refused","reason":"people.toml, line 7"}]}"#;
    let messages =
        [journal.birth("a"), state("link", &link), state("policy", policy), journal.all()];
    hq.ingest(&messages, 1000).unwrap();
    hq.ingest(&[state("trade", r#"{"at_ms":2,"on":true}"#)], 1001).unwrap();
    let chain = hq.chain(&Scope::All, "2026-11-24", 1).unwrap();
    let store = &chain.stores[0];
    assert_eq!((store.waiting_rows, store.waiting_sales, store.waiting_since_ms), (4, 3, Some(77)));
    assert_eq!((store.policy_version, store.trade, store.through), (Some(3), Some(true), 1));
    assert_eq!(store.policy_refused.as_deref(), Some("people.toml, line 7"));
    assert_eq!((store.name.as_str(), store.currency.as_str()), ("門市", "TWD"));
    // Nonsense of the right shape is kept and shows nothing.
    hq.ingest(&[state("policy", r#"{"at_ms":3,"offered":7}"#)], 1002).unwrap();
    let chain = hq.chain(&Scope::All, "2026-11-24", 1).unwrap();
    assert_eq!(chain.stores[0].policy_version, None);
}

fn a_restored_journal_is_a_fork_and_nothing_is_lost(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    (1..=100).for_each(|number| journal.sell(number, 9, &[("a1", 1)]));
    hq.ingest(&[journal.all()], 1000).unwrap();
    let mut backup = journal.clone();
    backup.rows.truncate(41);
    let mut restored = backup.forked(2, StreamCause::Restored);
    (101..=110).for_each(|number| restored.sell(number, 9, &[("a1", 1)]));
    hq.ingest(&[restored.all()], 2000).unwrap();
    let fork = hq.forks(&Scope::All).unwrap().remove(0);
    assert_eq!((fork.cause.as_str(), fork.after, fork.rows_ahead), ("restored", 41, 60));
    assert_eq!(fork.into, Some(restored.stream.to_string()));
    assert_eq!(hq.totals(&Scope::All).unwrap()["367"].transactions, 110);
}

fn less_at_headquarters_than_the_store_believes_is_no_fork(place: &Place) {
    // Headquarters is restored from a backup with 20 rows; the store was acknowledged 50.
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    (1..=60).for_each(|number| journal.sell(number, 9, &[("a1", 1)]));
    hq.ingest(&[journal.message(1..=20)], 1000).unwrap();
    let taken = hq.ingest(&[journal.message(51..=61)], 1001).unwrap();
    let ack = &taken.acks[0].1;
    assert_eq!((ack.through, &ack.digest), (20, &journal.rows[19].digest));
    hq.ingest(&[journal.message(21..=50)], 1002).unwrap();
    assert_eq!(hq.totals(&Scope::All).unwrap()["367"].transactions, 60);
    assert!(hq.forks(&Scope::All).unwrap().is_empty());
}

fn a_parent_that_is_not_known_is_answered_with_nothing(place: &Place) {
    // Headquarters went back to before a fork: the store believes that all of the old stream is
    // there, and hears of it again only by what the new one names.
    let mut hq = with_stores(place, &["367"]);
    let mut old = Journal::new("367", 1);
    old.sell(1, 9, &[("a1", 1)]);
    let new = old.forked(2, StreamCause::Diverged);
    let branch = branch_id(old.stream, &digest_of(old.rows.last().unwrap()));
    let said = |acks: &[(String, hq_wire::link::v1::Ack)]| {
        let mut said: Vec<_> =
            acks.iter().map(|(_, ack)| (ack.stream.clone(), ack.through)).collect();
        said.sort();
        said
    };
    let streams = |through: [u64; 3]| {
        let names = [new.stream, old.stream, branch].map(|it| it.to_string());
        let mut said: Vec<_> = names.into_iter().zip(through).collect();
        said.sort();
        said
    };
    let taken = hq.ingest(&[new.all()], 1000).unwrap();
    assert_eq!(said(&taken.acks), streams([1, 0, 0]));
    hq.ingest(&[old.all()], 1001).unwrap();
    let born = hq.ingest(&[new.birth("b1")], 1002).unwrap();
    assert_eq!(said(&born.acks), streams([1, 2, 0]));
}
