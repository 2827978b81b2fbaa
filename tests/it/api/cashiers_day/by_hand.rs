//! What the day comes to, computed by hand.

use serde_json::{Value, json};

use super::super::browser::twd;

/// What the day comes to, by hand. Sales in the order in which they were rung up:
/// 40, 45, 100, 120, 54, 30, 15, −60; the 15 were undone.
pub fn by_hand(day: &Value) {
    // 40 + 45 + 100 + 120 + 54 + 30 + 15 − 15 − 60
    assert_eq!(day["total"], twd(329));
    // 10 per cent of 60
    assert_eq!((&day["discount"], &day["rounding"]), (&twd(6), &twd(0)));
    let tender = |tender_type: &str, count: u64, taken: i64, change: i64, amount: i64| {
        json!({
            "tender_type": tender_type, "count": count, "taken": twd(taken),
            "change": twd(change), "amount": twd(amount),
        })
    };
    let tenders = json!([
        tender("card", 1, 100, 0, 100),
        // taken 100 + 5 + 20 + 60 + 50 + 15 − 15 − 60 = 175, change 60 + 6 + 20 = 86
        tender("cash", 7, 175, 86, 89),
        // 5 × 30, less 50
        tender("usd", 1, 150, 50, 100),
        tender("voucher", 1, 40, 0, 40),
    ]);
    assert_eq!(day["tenders"], tenders);
    // Tax that is contained, of each sale by itself, 5/105 of it rounded: 2 + 2 + 5 + 6 + 3 + 1 +
    // 1 − 1 − 3 = 16, of all 329.
    let tax = &day["taxes"][0];
    assert_eq!((&tax["base"], &tax["tax"]), (&twd(329), &twd(16)), "{}", day["taxes"]);
    let departments: Vec<_> = day["departments"].as_array().unwrap().iter().collect();
    // Lines 2 + 1 + 1 + 1 + 2 + 1 + 1 = 9 of drinks, 329 − 45 = 284; one of beer.
    let sums = [("酒類", 1, 45), ("飲料", 9, 284)];
    for (found, (name, lines, net)) in departments.iter().zip(sums) {
        let sum = json!({ "department": name, "lines": lines, "net": twd(net) });
        assert_eq!(**found, sum);
    }
    assert_eq!(departments.len(), 2);
    // Register 1: 40 + 45 + 54 + 15 − 15 = 139; register 2: 100 + 120 + 30 − 60 = 190.
    let operators = json!([
        { "operator": "c1", "sales": 4, "total": twd(139) },
        { "operator": "c2", "sales": 4, "total": twd(190) },
    ]);
    assert_eq!(day["operators"], operators);
    let hours = day["hours"].as_array().unwrap().iter();
    assert_eq!(hours.map(|hour| hour["sales"].as_u64().unwrap()).sum::<u64>(), 8);
    // Refused: the discount, the post-void, the drawer, the X report, its copy, the close.
    let counts = json!({
        "sales": 8, "post_voids": 1, "lines": 10, "voided_lines": 1, "refunds": 1,
        "abandoned": 2, "no_sales": 1, "permissions_refused": 6,
    });
    assert_eq!(day["counts"], counts);
    let cash = json!({
        "floats": twd(5000), "loans": twd(500), "pickups": twd(1000), "paid_in": twd(100),
        "paid_out": twd(120),
    });
    assert_eq!(day["cash"], cash);
    tills_by_hand(day);
}

fn tills_by_hand(day: &Value) {
    let line = |tender_type: &str, expected: &Value, counted: Option<i64>| {
        let counted = counted.map(twd);
        json!({ "tender_type": tender_type, "expected": expected, "counted": counted })
    };
    let first = json!([line("cash", &twd(1979), Some(1974)), line("voucher", &twd(40), Some(40))]);
    // 2000 + 20 − 50 + 30 − 60 + 500 + 100 = 2540; nobody counted.
    let dollars = json!({ "amount": "5.00", "currency": "USD" });
    let second = json!([
        line("card", &twd(100), None),
        line("cash", &twd(2540), None),
        line("usd", &dollars, None),
    ]);
    let till = |at: &str, by: &str, closing: &Value, is_forced: bool| {
        json!({
            "workstation": at, "number": 1, "operator": by, "closing": closing,
            "is_forced": is_forced,
        })
    };
    let tills = json!([till("1", "c1", &first, false), till("2", "c2", &second, true)]);
    assert_eq!(day["tills"], tills);
    assert_eq!(day["is_closed"], true);
}
