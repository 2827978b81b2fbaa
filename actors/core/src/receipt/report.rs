//! A till's X and Z report on paper.

use super::document::{Align, Element, ReceiptDocument, TextSize};
use super::labels::{ReceiptLabels, filled, named};
use super::layout::{ReceiptHeader, columns, money_text, time_text};
use crate::day::{ByAt, DaySummary, TillReport};
use crate::till::ClosingLine;
use crate::{Money, StoreId};

/// What a till came to, on paper: an X report while it is open (read by `read`), its Z report once
/// it is closed. Neither opens the drawer.
#[must_use]
pub fn till_report(
    report: &TillReport,
    (store, read): (&StoreId, &ByAt),
    header: &ReceiptHeader,
    labels: &ReceiptLabels,
) -> ReceiptDocument {
    let mut paper = Paper { elements: Vec::new(), labels };
    paper.head(report, store, read, header);
    let summary = &report.summary;
    paper.sales(summary);
    paper.tenders(summary);
    paper.taxes(summary);
    paper.shares(summary);
    paper.cash(summary);
    paper.in_till(report);
    paper.counts(summary);
    if report.closed.is_some() {
        let signature = format!("{} ", labels.report.signature);
        paper.elements.extend([
            Element::Feed { rows: 2 },
            columns(signature, "____________________".to_owned()),
            Element::Feed { rows: 1 },
        ]);
    }
    paper.elements.push(Element::Cut);
    ReceiptDocument::new(paper.elements)
}

impl ReceiptDocument {
    /// The same paper as a copy: marked at both ends by a text with `{n}`, so that neither half of
    /// it passes for the original, and without a drawer that opens.
    #[must_use]
    pub fn as_copy(&self, label: &str, number: u32) -> Self {
        let mark = bold(filled(label, &[("n", &number.to_string())]), TextSize::Normal);
        let kept = self.elements.iter().filter(|element| **element != Element::DrawerPulse);
        let mut elements = vec![mark.clone()];
        elements.extend(kept.cloned());
        let end = elements.iter().rposition(|element| *element == Element::Cut);
        elements.insert(end.unwrap_or(elements.len()), mark);
        Self::new(elements)
    }
}

struct Paper<'a> {
    elements: Vec<Element>,
    labels: &'a ReceiptLabels,
}

impl Paper<'_> {
    fn head(&mut self, report: &TillReport, store: &StoreId, read: &ByAt, header: &ReceiptHeader) {
        let (labels, words) = (self.labels, &self.labels.report);
        let number = report.number.to_string();
        let title = if report.closed.is_some() { &words.z } else { &words.x };
        let title = filled(title, &[("n", &number)]);
        self.elements.extend([
            bold(header.store_name.clone(), TextSize::Normal),
            bold(title, TextSize::Double),
            Element::Feed { rows: 1 },
        ]);
        let at = format!("{} {}", labels.register, report.workstation);
        let till = filled(&words.till, &[("n", &number)]);
        self.row(format!("{} {store}", labels.store), format!("{at}  {till}"));
        self.row(words.business_day.clone(), report.business_day.to_string());
        self.moment(&words.opened, &report.opened);
        match &report.closed {
            Some(closed) => self.moment(&words.closed, closed),
            None => self.moment(&words.read, read),
        }
        if report.is_forced {
            self.elements.push(bold(words.forced.clone(), TextSize::Normal));
        }
    }

    fn moment(&mut self, word: &str, by: &ByAt) {
        self.row(format!("{word} {}", by.operator), time_text(&by.at));
        if !by.at.clock_trusted {
            self.row(String::new(), self.labels.clock_not_trusted.clone());
        }
    }

    fn sales(&mut self, summary: &DaySummary) {
        let words = &self.labels.report;
        self.section(&words.sales);
        self.row(self.times(&words.sales, summary.counts.sales), String::new());
        self.amount_unless_nothing(&words.discount, summary.discount);
        self.amount_unless_nothing(&self.labels.rounding, summary.rounding);
        self.elements.push(Element::Columns {
            left: words.total.clone(),
            right: money_text(summary.total),
            indent: 0,
            is_bold: true,
            size: TextSize::Double,
        });
    }

    fn tenders(&mut self, summary: &DaySummary) {
        if summary.tenders.is_empty() {
            return;
        }
        let words = &self.labels.report;
        self.section(&words.tenders);
        for line in &summary.tenders {
            let name = named(&self.labels.tenders, line.tender_type.as_str());
            self.row(self.times(name, line.count), money_text(line.amount));
            if !line.change.is_zero() {
                self.set_in(&words.change, money_text(line.change));
            }
        }
    }

    fn taxes(&mut self, summary: &DaySummary) {
        let mut taxes = summary.taxes.iter().filter(|tax| !tax.base.is_zero()).peekable();
        if taxes.peek().is_none() {
            return;
        }
        let words = &self.labels.report;
        self.section(&words.taxes);
        for tax in taxes {
            let class = named(&self.labels.tax_classes, &tax.class);
            let percent = tax.percent.normalize().to_string();
            let name = filled(&words.tax, &[("class", class), ("percent", &percent)]);
            self.row(name, money_text(tax.tax));
            self.set_in(&words.tax_base, money_text(tax.base));
        }
    }

    /// By department and by who sold.
    fn shares(&mut self, summary: &DaySummary) {
        let words = &self.labels.report;
        if !summary.departments.is_empty() {
            self.section(&words.departments);
        }
        for sum in &summary.departments {
            let is_none = sum.department.is_empty();
            let name = if is_none { &words.no_department } else { &*sum.department };
            self.row(self.times(name, sum.lines), money_text(sum.net));
        }
        if !summary.operators.is_empty() {
            self.section(&words.operators);
        }
        for sum in &summary.operators {
            self.row(self.times(sum.operator.as_str(), sum.sales), money_text(sum.total));
        }
    }

    fn cash(&mut self, summary: &DaySummary) {
        let (words, cash) = (&self.labels.report, &summary.cash);
        self.section(&words.cash);
        self.row(words.float.clone(), money_text(cash.floats));
        self.amount_unless_nothing(&words.loans, cash.loans);
        self.amount_unless_nothing(&words.paid_in, cash.paid_in);
        self.amount_unless_nothing(&words.pickups, cash.pickups.negated());
        self.amount_unless_nothing(&words.paid_out, cash.paid_out.negated());
    }

    fn in_till(&mut self, report: &TillReport) {
        let words = &self.labels.report;
        self.section(&words.in_till);
        let own = report.summary.total.currency();
        for line in &report.lines {
            let name = named(&self.labels.tenders, line.tender_type.as_str());
            let foreign = Some(line.expected.currency()).filter(|currency| *currency != own);
            let name = match foreign {
                Some(currency) => format!("{name} {}", currency.code()),
                None => name.to_owned(),
            };
            let name = filled(&words.expected, &[("tender", &name)]);
            self.row(name, money_text(line.expected));
            if report.closed.is_some() {
                self.found(line);
            }
        }
    }

    /// What was there of a way of paying, and how much that is over or short.
    fn found(&mut self, line: &ClosingLine) {
        let words = &self.labels.report;
        let (Some(counted), Ok(Some(over))) = (line.counted, line.over()) else {
            return self.set_in(&words.counted, words.not_counted.clone());
        };
        self.set_in(&words.counted, money_text(counted));
        let (word, amount) = if over.is_zero() {
            (&words.exact, String::new())
        } else if over.is_negative() {
            (&words.short, money_text(over))
        } else {
            (&words.over, format!("+{}", money_text(over)))
        };
        self.elements.push(Element::Columns {
            left: word.clone(),
            right: amount,
            indent: INDENT_COLUMNS,
            is_bold: !over.is_zero(),
            size: TextSize::Normal,
        });
    }

    fn counts(&mut self, summary: &DaySummary) {
        let (words, counts) = (&self.labels.report, &summary.counts);
        let rows = [
            ("post_voids", counts.post_voids),
            ("refunds", counts.refunds),
            ("voided_lines", counts.voided_lines),
            ("abandoned", counts.abandoned),
            ("no_sales", counts.no_sales),
            ("permissions_refused", counts.permissions_refused),
        ];
        self.section(&words.counts);
        for (code, often) in rows {
            self.row(named(&words.count_names, code).to_owned(), often.to_string());
        }
    }

    fn times(&self, name: &str, often: u64) -> String {
        filled(&self.labels.report.times, &[("name", name), ("n", &often.to_string())])
    }

    fn section(&mut self, title: &str) {
        self.elements.push(Element::Rule);
        self.elements.push(Element::Text {
            text: title.to_owned(),
            align: Align::Left,
            is_bold: true,
            size: TextSize::Normal,
        });
    }

    fn row(&mut self, left: String, right: String) {
        self.elements.push(columns(left, right));
    }

    fn set_in(&mut self, left: &str, right: String) {
        self.elements.push(Element::Columns {
            left: left.to_owned(),
            right,
            indent: INDENT_COLUMNS,
            is_bold: false,
            size: TextSize::Normal,
        });
    }

    fn amount_unless_nothing(&mut self, name: &str, amount: Money) {
        if !amount.is_zero() {
            self.row(name.to_owned(), money_text(amount));
        }
    }
}

/// Columns that what belongs to a row is set in below it.
const INDENT_COLUMNS: usize = 2;

const fn bold(text: String, size: TextSize) -> Element {
    Element::Text { text, align: Align::Centre, is_bold: true, size }
}
