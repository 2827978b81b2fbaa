//! A till's reports, made of its facts as they are in a store.

use jiff::SignedDuration;

use super::golden::{check, chinese, english, header};
use super::sale::{refund, taiwan};
use crate::day::{ByAt, TillReport, TillReportFold};
use crate::fact::{CommittedFact, Fact, PostVoid, RowPosition};
use crate::receipt::{Element, ReceiptDocument, till_report};
use crate::till::{CashCount, Denomination, Till, TillEntry, TillEvent, TillNumber};
use crate::transaction::RetailTransaction;
use crate::*;

fn twd(amount: i64) -> Money {
    Money::from_minor(amount, Currency::TWD).unwrap()
}

fn reason() -> ReasonCode {
    ReasonCode::from_static("supplier")
}

/// A till of which each fact is made as a register makes it.
struct Day {
    rows: Vec<CommittedFact>,
    till: Till,
}

impl Day {
    fn new() -> Self {
        Self { rows: Vec::new(), till: Till { last_number: TillNumber(6), open: None } }
    }

    fn now(&self) -> Now {
        let opened = taiwan().opened;
        let passed = SignedDuration::from_mins(i64::try_from(self.rows.len()).unwrap() * 20);
        Now { wall: opened.wall + passed, ..opened }
    }

    fn add(&mut self, fact: Fact) {
        let now = self.now();
        let stream = StreamId::new(uuid::Uuid::nil());
        let sequence = JournalSequence(self.rows.len() as u64 + 1);
        self.till.apply(&WorkstationId::from_static("1"), now, &fact).unwrap();
        self.rows.push(CommittedFact { position: RowPosition { stream, sequence }, now, fact });
    }

    fn till(&mut self, event: TillEvent) {
        self.add(Fact::Till(Box::new(TillEntry {
            workstation: WorkstationId::from_static("1"),
            operator: OperatorId::from_static("c1"),
            approved_by: None,
            business_day: taiwan().business_day,
            till: Some(TillNumber(7)),
            event,
        })));
    }

    fn close(&mut self, is_forced: bool) {
        let closing = self.till.open.as_ref().unwrap().closing(is_forced).unwrap();
        self.till(TillEvent::Closed { closing });
    }

    /// A morning at a till: float, sales, one of them undone, money in and out.
    fn morning() -> Self {
        let mut day = Self::new();
        day.till(TillEvent::Opened { float: twd(3000), rules: None });
        day.add(sold(taiwan()));
        day.add(sold(refund()));
        let (at, by) = (WorkstationId::from_static("1"), OperatorId::from_static("m1"));
        day.add(Fact::SalePostVoided(Box::new(PostVoid {
            sale: refund(),
            workstation: at.clone(),
            operator: by.clone(),
            approved_by: None,
            reason: reason(),
        })));
        day.add(Fact::PermissionRefused {
            workstation: Some(at),
            operator: by,
            permission: permission::Permission::NoSale,
            transaction: None,
        });
        day.till(TillEvent::DrawerOpened { reason: reason() });
        day.till(TillEvent::Loan { amount: twd(500), reason: None });
        day.till(TillEvent::Pickup { amount: twd(2000) });
        day.till(TillEvent::PaidOut { amount: twd(120), reason: reason() });
        day
    }

    fn report(&self) -> TillReport {
        let at = WorkstationId::from_static("1");
        let mut fold = TillReportFold::new(at, TillNumber(7), Currency::TWD);
        self.rows.iter().for_each(|row| fold.add(row));
        fold.report().unwrap()
    }

    fn read(&self) -> ByAt {
        ByAt { operator: OperatorId::from_static("m1"), at: self.now() }
    }
}

fn sold(sale: RetailTransaction) -> Fact {
    Fact::SaleCompleted(Box::new(sale))
}

fn counted(pieces: &[(i64, u32)]) -> TillEvent {
    let pieces = pieces.iter().map(|(value, pieces)| (twd(*value), *pieces));
    let denominations = pieces.map(|(value, pieces)| Denomination { value, pieces }).collect();
    TillEvent::Counted { count: CashCount { denominations, others: Vec::new() } }
}

fn on_paper(day: &Day) -> [(&'static str, ReceiptDocument); 2] {
    let store = StoreId::new("S001").unwrap();
    [("zh-TW", chinese()), ("en", english())].map(|(language, labels)| {
        let who = (&store, &day.read());
        (language, till_report(&day.report(), who, &header(), &labels))
    })
}

fn both(name: &str, day: &Day) {
    for (language, document) in on_paper(day) {
        for columns in [48, 32] {
            check(&format!("{name}.{language}.{columns}.txt"), &document.to_text(columns));
        }
    }
}

#[test]
fn an_x_report_says_what_should_be_there_and_changes_nothing() {
    let mut day = Day::morning();
    both("report-x", &day);
    // A count makes no difference to it, and no number is used up.
    let before = day.report();
    day.till(counted(&[(1000, 1)]));
    assert_eq!(day.report().lines, before.lines);
    assert_eq!(day.report().closed, None);
}

#[test]
fn a_z_report_says_what_is_missing() {
    let mut day = Day::morning();
    day.till(counted(&[(1000, 1), (100, 3), (1, 2)]));
    day.close(false);
    both("report-z", &day);
}

#[test]
fn a_forced_close_says_that_nobody_counted() {
    let mut day = Day::morning();
    day.close(true);
    both("report-forced", &day);
}

#[test]
fn a_copy_is_marked_at_both_ends_and_cut_once() {
    let (_, document) = on_paper(&Day::morning()).into_iter().next().unwrap();
    let with_drawer = [&[Element::DrawerPulse], document.elements.as_slice()].concat();
    let copy = ReceiptDocument::new(with_drawer).as_copy(&english().copy, 3);
    assert!(!copy.opens_drawer());
    let text = copy.to_text(48);
    assert_eq!(text.matches("*** COPY 3 ***").count(), 2, "{text}");
    assert!(text.trim_start().starts_with("*** COPY 3 ***"));
    assert_eq!(copy.elements.last(), Some(&Element::Cut));
    assert_eq!(copy.elements.len(), document.elements.len() + 2);
}

#[test]
fn a_till_that_is_not_there_has_no_report() {
    let day = Day::morning();
    for (at, number) in [("1", 6), ("1", 8), ("2", 7)] {
        let at = WorkstationId::from_static(at);
        let mut fold = TillReportFold::new(at, TillNumber(number), Currency::TWD);
        day.rows.iter().for_each(|row| fold.add(row));
        assert_eq!(fold.report(), None);
    }
}

#[test]
fn both_languages_name_the_same_counts() {
    let (chinese, english) = (chinese().report, english().report);
    assert!(chinese.count_names.keys().eq(english.count_names.keys()));
}
