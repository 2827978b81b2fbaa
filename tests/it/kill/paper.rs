//! What came out of the printer, held against the journal.

use std::collections::BTreeMap;
use std::path::Path;

use devices::printer::codec::command::INIT;
use devices::printer::decode::{Decoder, Printed};
use store_core::fact::Fact;
use store_journal::{LedgerReads as _, PrintState, Reader};

/// The printed numbers of what was cut off whole, with how often each was.
fn whole_receipts(paper: &[u8]) -> BTreeMap<String, u32> {
    let starts: Vec<usize> =
        (0..paper.len()).filter(|at| paper[*at..].starts_with(&INIT)).collect();
    let ends = starts.iter().skip(1).copied().chain([paper.len()]);
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for (start, end) in starts.iter().zip(ends) {
        let printed = Decoder::default().push(&paper[*start..end]);
        if !printed.contains(&Printed::Cut) {
            continue;
        }
        let number = printed.iter().find_map(|it| match it {
            Printed::Text { text, .. } => text.strip_prefix("No. ")?.split(' ').next(),
            _ => None,
        });
        *found.entry(number.expect("a receipt has a number").to_owned()).or_default() += 1;
    }
    found
}

/// Every sale has one receipt, printed or unknown; none came out twice, and none without a sale.
/// A kill leaves at most one unknown, and a stop none.
pub fn check(store: &Path, kills: u32) -> String {
    let reader = Reader::open(store).unwrap();
    let mut on_paper = whole_receipts(&std::fs::read(store.join("paper.escpos")).unwrap());
    let (mut done, mut unknown, mut unknown_whole) = (0, 0, 0);
    for id in reader.completed().unwrap() {
        let Fact::SaleCompleted(sale) = reader.transaction(id).unwrap().unwrap().fact else {
            panic!("{id} is completed");
        };
        let number = format!("{}-{}", sale.workstation, sale.number.unwrap());
        let times = on_paper.remove(&number).unwrap_or(0);
        let jobs = reader.print_jobs(id).unwrap();
        assert_eq!(jobs.len(), 1, "{number}: nobody asked for a copy");
        match jobs[0].state {
            PrintState::Done => {
                assert_eq!(times, 1, "{number} was told to be on paper");
                done += 1;
            }
            PrintState::Unknown => {
                assert!(times <= 1, "{number} came out {times} times");
                unknown += 1;
                unknown_whole += times;
            }
            state => panic!("{number} is {state:?}"),
        }
    }
    assert_eq!(on_paper, BTreeMap::new(), "receipts without a sale");
    assert!(unknown <= kills, "{unknown} receipts are unknown after {kills} kills");
    format!("{done} receipts printed, {unknown} unknown, {unknown_whole} of them whole")
}
