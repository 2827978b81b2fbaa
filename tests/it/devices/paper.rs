//! What came out of printers, held against the journal.

use std::collections::BTreeMap;
use std::path::Path;

use devices::printer::decode::{Decoder, Printed};
use devices::printer::{Charset, PrinterFamily};
use store_core::fact::Fact;
use store_journal::{LedgerReads as _, PrintState, Reader};

/// What stands before a receipt's number.
const NUMBER: &str = "交易序號 ";

/// How often a receipt came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Far enough to be read which it is.
    pub begun: u32,
    /// To the end, and cut off.
    pub whole: u32,
}

/// What became of all receipts.
#[derive(Debug, Default)]
pub struct Checked {
    pub done: usize,
    pub unknown: usize,
    pub unknown_whole: usize,
}

/// What is on a roll, by the printed number. A printer reads its bytes in one go, so that what one
/// hub left in the middle is completed by what the next one sends first.
pub fn receipts(roll: &Path, found: &mut BTreeMap<String, Times>) {
    let bytes = std::fs::read(roll).unwrap();
    let printed = Decoder::new(PrinterFamily::EscPos, Charset::Big5).push(&bytes);
    for receipt in printed.split(|it| *it == Printed::Started) {
        let number = receipt.iter().find_map(|it| match it {
            Printed::Text { text, .. } => text.strip_prefix(NUMBER)?.split(' ').next(),
            _ => None,
        });
        let Some(number) = number else { continue };
        let times = found.entry(number.to_owned()).or_default();
        times.begun += 1;
        times.whole += u32::from(receipt.contains(&Printed::Cut));
    }
}

/// Every sale has one receipt, printed or unknown; none came out twice, not even in part, and none
/// without a sale. Those that are unknown are on the list that a person sees, and nothing else is.
pub fn check(store: &Path, rolls: &[&Path], listed: &[String]) -> Checked {
    let reader = Reader::open(store).unwrap();
    let mut on_paper = BTreeMap::new();
    rolls.iter().for_each(|roll| receipts(roll, &mut on_paper));
    let mut checked = Checked::default();
    for id in reader.completed().unwrap() {
        let Fact::SaleCompleted(sale) = reader.transaction(id).unwrap().unwrap().fact else {
            panic!("{id} is completed");
        };
        let number = format!("{}-{}", sale.workstation, sale.number.unwrap());
        let times = on_paper.remove(&number).unwrap_or_default();
        let jobs = reader.print_jobs(id).unwrap();
        assert_eq!(jobs.len(), 1, "{number}: nobody asked for a copy");
        let is_listed = listed.contains(&id.to_string());
        match jobs[0].state {
            PrintState::Done => {
                assert_eq!(times, Times { begun: 1, whole: 1 }, "{number} was told to be on paper");
                assert!(!is_listed, "{number} is on the list");
                checked.done += 1;
            }
            PrintState::Unknown => {
                assert!(times.begun <= 1, "{number} came out: {times:?}");
                assert!(is_listed, "nobody sees that {number} is unknown");
                checked.unknown += 1;
                checked.unknown_whole += usize::from(times.whole == 1);
            }
            state => panic!("{number} is {state:?}"),
        }
    }
    assert_eq!(on_paper, BTreeMap::new(), "receipts without a sale");
    assert_eq!(listed.len(), checked.unknown);
    checked
}
