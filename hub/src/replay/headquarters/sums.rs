use std::collections::BTreeMap;

use serde::Deserialize;

use crate::replay::catalogue::DEPARTMENT_UNKNOWN;
use crate::replay::plan::{REASON_COUPON_MATCH, REASON_LOYALTY, TENDER_CASH, TENDER_COUPON};
use crate::replay::totals::{Totals, pay};

/// Exact sums, as headquarters has them.
#[derive(Clone, Debug, Deserialize)]
pub struct Sums {
    transactions: u64,
    lines: u64,
    shelf: i64,
    net: i64,
    by_reason: BTreeMap<String, i64>,
    by_tender: BTreeMap<String, TenderSum>,
    by_department: BTreeMap<String, i64>,
    by_hour: BTreeMap<String, i64>,
    by_store: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct TenderSum {
    amount: i64,
    change: i64,
    untied_by_department: BTreeMap<String, u64>,
}

impl Sums {
    /// The same under the names of the control totals. A coupon that was given for no line counts
    /// as a line of its department.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let reason = |code| self.by_reason.get(code).copied().unwrap_or_default();
        let mut totals = Totals {
            transactions: self.transactions,
            lines: self.lines,
            reg: self.shelf,
            disc: reason(REASON_LOYALTY),
            matched: reason(REASON_COUPON_MATCH),
            net: self.net,
            by_hour: self.by_hour.clone(),
            by_store: self.by_store.clone(),
            ..Totals::default()
        };
        for (department, net) in &self.by_department {
            *totals.by_department.entry(named(department)).or_default() += net;
        }
        for (tender, sum) in &self.by_tender {
            totals.paid -= sum.change;
            pay(&mut totals.by_tender, tender, sum.amount);
            pay(&mut totals.by_tender, TENDER_CASH, -sum.change);
            if tender != TENDER_COUPON {
                totals.paid += sum.amount;
                continue;
            }
            totals.coupon += sum.amount;
            for (department, count) in &sum.untied_by_department {
                totals.lines += count;
                totals.by_department.entry(named(department)).or_default();
            }
        }
        totals
    }
}

/// What the control totals call a department without a name.
fn named(department: &str) -> String {
    let name = if department.is_empty() { DEPARTMENT_UNKNOWN } else { department };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_headquarters_counts_has_the_names_of_the_control_totals() {
        let sums = r#"{"transactions": 2, "lines": 3, "shelf": 1000, "net": 850,
            "by_reason": {"loyalty": 100, "coupon_match": 50},
            "by_tender": {
                "cash": {"amount": 700, "change": 20, "count": 2, "untied_by_department": {}},
                "coupon": {"amount": 170, "change": 0, "count": 3,
                    "untied_by_department": {"COUPON": 1, "": 1}}},
            "by_department": {"GROCERY": 850, "": 0}, "by_hour": {"7": 850},
            "by_store": {"367": 850}}"#;
        let totals = serde_json::from_str::<Sums>(sums).unwrap().totals();
        let expected = r#"{"transactions": 2, "lines": 5, "reg": 1000, "disc": 100, "match": 50,
            "net": 850, "coupon": 170, "paid": 680,
            "by_department": {"COUPON": 0, "GROCERY": 850, "UNKNOWN": 0},
            "by_hour": {"7": 850}, "by_store": {"367": 850},
            "by_tender": {"cash": 680, "coupon": 170}}"#;
        assert_eq!(totals, serde_json::from_str(expected).unwrap());
    }
}
