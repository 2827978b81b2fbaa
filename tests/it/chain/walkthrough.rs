//! One sale, from the key to headquarters' chart: the steps of ARCHITECTURE.md, each looked for
//! where the text says that it happens.

use std::io::{BufRead as _, BufReader};

use hq_wire::row::v1::hex;
use serde_json::Value;
use store_core::fact::Fact;
use store_core::{JournalSequence, TransactionId};
use store_journal::{JournalRow, LedgerReads as _, Reader};

use super::Chain;
use super::headquarters::Headquarters;
use super::shop::Shop;
use super::until::until;
use crate::support;

/// The steps as they are tried here, in order.
const STEPS: [&str; 7] = [
    "The key",
    "The promise",
    "The nudge",
    "The inbox",
    "The fold",
    "The acknowledgement",
    "The chart",
];

const SECTION: &str = "## One sale, from the key to headquarters' chart";

/// The numbered steps of the section: the title of each, and the files it names.
fn steps() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(support::root().join("ARCHITECTURE.md")).unwrap();
    let section = text.split_once(SECTION).expect("there is a walkthrough").1;
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut steps: Vec<(String, Vec<String>)> = Vec::new();
    for line in section.lines() {
        if line.starts_with(|first: char| first.is_ascii_digit())
            && let Some(title) = line.split("**").nth(1)
        {
            steps.push((title.trim_end_matches('.').to_owned(), Vec::new()));
        }
        let Some((_, files)) = steps.last_mut() else { continue };
        let quoted = line.split('`').skip(1).step_by(2);
        files.extend(quoted.filter(|it| it.contains('/')).map(str::to_owned));
    }
    steps
}

#[test]
fn the_text_names_the_steps_that_are_tried_and_files_that_are_there() {
    let steps = steps();
    assert_eq!(steps.iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>(), STEPS);
    for (title, files) in steps {
        assert!(!files.is_empty(), "{title} says nowhere");
        for file in files {
            assert!(support::root().join(&file).exists(), "{title}: {file} is not there");
        }
    }
}

/// The last sale of a journal, with its row.
fn promised(shop: &Shop) -> (TransactionId, JournalRow) {
    let reader = Reader::open(&shop.directory).unwrap();
    let mut after = reader.head().unwrap().position();
    after.sequence = JournalSequence(0);
    let rows = reader.rows(after, 10_000).unwrap();
    let is_sale = |row: &&JournalRow| row.kind == "sale_completed";
    let row = rows.into_iter().rev().find(|row| is_sale(&row)).expect("a sale");
    let Some(Fact::SaleCompleted(sale)) = row.committed().unwrap().map(|it| it.fact) else {
        panic!("{} is no sale", row.kind)
    };
    (sale.id, row)
}

/// How far headquarters has the stream of a row, and the digest there.
fn through(hq: &Headquarters, row: &JournalRow) -> Option<(u64, String)> {
    let streams = hq.get("/api/v1/streams");
    let name = row.position.stream.to_string();
    let stream = streams.as_array()?.iter().find(|it| it["stream"] == name.as_str())?;
    Some((stream["through"].as_u64()?, stream["digest"].as_str()?.to_owned()))
}

#[test]
fn a_sale_goes_the_way_that_is_written_down() {
    let mut chain = Chain::start("walkthrough", &[]);
    let mut shop = chain.open("s1");
    shop.sell(1);
    super::sales::until_acknowledged(&shop);
    let before = chain.hq.get("/api/v1/totals")["s1"]["transactions"].clone();
    assert_eq!(before, 1);
    // The store's day, which may be another than headquarters' own.
    let day = chain.hq.get("/api/v1/chain")["last_day"].clone();
    let path = format!("/api/v1/live?day={}", day.as_str().unwrap());
    let mut page = BufReader::new(chain.hq.live(&path));

    // The key: the register answers only after the commit, so the row is there at once.
    shop.sell(1);
    // The promise.
    let (sale, row) = promised(&shop);
    assert_eq!(row.position, Reader::open(&shop.directory).unwrap().head().unwrap().position());
    assert_eq!(row.transaction, Some(sale));

    // The nudge; the inbox: the same row under the same digest, with nothing missing before it.
    let there = Some((row.position.sequence.0, hex(&row.digest)));
    until(
        "the row is at headquarters",
        || through(&chain.hq, &row) == there,
        || format!("{:?}", through(&chain.hq, &row)),
    );

    // The fold, in the transaction that took the row in: the body is the journal's, as it stands.
    let fact = chain.hq.text(&format!("/api/v1/sales/s1/{sale}"));
    assert!(fact.contains(&row.body), "{fact} is not {}", row.body);
    assert_eq!(chain.hq.get("/api/v1/totals")["s1"]["transactions"], 2);

    // The acknowledgement: the store knows that the row is done.
    let cursor = || {
        let reader = Reader::open(&shop.directory).unwrap();
        reader.cursor(row.position.stream).unwrap()
    };
    until(
        "the row is acknowledged",
        || cursor().is_some_and(|cursor| cursor.through == row.position.sequence),
        || format!("{:?}", cursor()),
    );
    assert_eq!(cursor().unwrap().digest, row.digest);

    // The chart: a page that was open all the while was sent a view with the sale in its hour.
    let mut line = String::new();
    loop {
        line.clear();
        assert!(page.read_line(&mut line).unwrap() > 0, "the stream ended");
        let Some(view) = line.strip_prefix("data: ") else { continue };
        let view: Value = serde_json::from_str(view).unwrap();
        if view["last_sales"][0]["transaction"] != sale.to_string().as_str() {
            continue;
        }
        let hours = view["hours"].as_array().unwrap();
        let sales: u64 = hours.iter().map(|hour| hour["sales"].as_u64().unwrap()).sum();
        assert_eq!(sales, 2, "{view}");
        assert_eq!(view["totals"][0]["sales"], 2, "{view}");
        break;
    }
}
