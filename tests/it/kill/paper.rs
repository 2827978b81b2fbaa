//! What came out of the printer, held against the journal.

use std::collections::BTreeMap;
use std::path::Path;

use devices::printer::codec::command::INIT;
use devices::printer::decode::{Decoder, Printed};
use store_core::fact::Fact;
use store_journal::{LedgerReads as _, PrintState, Reader};

/// How often a receipt came out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Times {
    /// Far enough to be read which it is.
    begun: u32,
    /// To the end, and cut off.
    whole: u32,
}

/// What came out, by the printed number.
fn receipts(paper: &[u8]) -> BTreeMap<String, Times> {
    let starts: Vec<usize> =
        (0..paper.len()).filter(|at| paper[*at..].starts_with(&INIT)).collect();
    let ends = starts.iter().skip(1).copied().chain([paper.len()]);
    let mut found: BTreeMap<String, Times> = BTreeMap::new();
    for (start, end) in starts.iter().zip(ends) {
        let printed = Decoder::default().push(&paper[*start..end]);
        let number = printed.iter().find_map(|it| match it {
            Printed::Text { text, .. } => text.strip_prefix("No. ")?.split(' ').next(),
            _ => None,
        });
        if let Some(number) = number {
            let times = found.entry(number.to_owned()).or_default();
            times.begun += 1;
            times.whole += u32::from(printed.contains(&Printed::Cut));
        }
    }
    found
}

/// Every sale has one receipt, printed or unknown; none came out twice, not even in part, and none
/// without a sale. A kill that met the printer at work left one unknown, and a stop none.
pub fn check(store: &Path, prints_killed: u32) -> String {
    let reader = Reader::open(store).unwrap();
    let mut on_paper = receipts(&std::fs::read(store.join("paper.escpos")).unwrap());
    let (mut done, mut unknown, mut unknown_whole) = (0, 0, 0);
    for id in reader.completed().unwrap() {
        let Fact::SaleCompleted(sale) = reader.transaction(id).unwrap().unwrap().fact else {
            panic!("{id} is completed");
        };
        let number = format!("{}-{}", sale.workstation, sale.number.unwrap());
        let times = on_paper.remove(&number).unwrap_or_default();
        let jobs = reader.print_jobs(id).unwrap();
        assert_eq!(jobs.len(), 1, "{number}: nobody asked for a copy");
        match jobs[0].state {
            PrintState::Done => {
                assert_eq!(times, Times { begun: 1, whole: 1 }, "{number} was told to be on paper");
                done += 1;
            }
            PrintState::Unknown => {
                assert!(times.begun <= 1, "{number} came out: {times:?}");
                unknown += 1;
                unknown_whole += times.whole;
            }
            state => panic!("{number} is {state:?}"),
        }
    }
    assert_eq!(on_paper, BTreeMap::new(), "receipts without a sale");
    assert_eq!(unknown, prints_killed, "unknown receipts, and kills of a printer at work");
    format!("{done} receipts printed, {unknown} unknown, {unknown_whole} of them whole")
}
