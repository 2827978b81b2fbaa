//! What a customer hands over next, and what must come of it.

use serde_json::{Value, json};

use super::book::Given;
use crate::api::browser::twd;

/// What one dollar of the other country counts for, in halves of one here.
const USD_HALVES: i64 = 63;

/// A tender that is about to be offered.
pub struct Offer {
    pub command: Value,
    pub given: Given,
    /// What cash is rounded by, where this pays for the rest.
    pub rounding: i64,
}

/// To whole coins of five, half up.
const fn coins(amount: i64) -> i64 {
    (amount + 2).div_euclid(5) * 5
}

/// What somebody pays with where so much is due; `draw` answers a number below another.
pub fn offer(due: i64, mut draw: impl FnMut(i64) -> i64) -> Offer {
    let part = 1 + draw(due);
    match draw(9) {
        0 => exact("card", part, due),
        1 => exact("coupon", part, due),
        2 => {
            // A voucher of a hundred dollars or two; what is over lapses.
            let face = 100 * (1 + draw(2));
            Offer { given: given("gift", face.min(due), 0), ..exact("gift", face, due) }
        }
        3 | 4 => abroad(1 + draw(40), due),
        5 | 6 => {
            let note = [50, 100, 500, 1000][draw(4) as usize];
            cash(note, due)
        }
        7 => cash(coins(part).max(5), due),
        _ => cash(coins(due), due),
    }
}

fn given(tender: &'static str, amount: i64, change: i64) -> Given {
    Given { tender, amount, change }
}

fn tender(kind: &str, amount: &Value, due: i64) -> Value {
    json!({ "type": "tender", "tender_type": kind, "amount": amount, "total": twd(due) })
}

fn exact(kind: &'static str, amount: i64, due: i64) -> Offer {
    let command = tender(kind, &twd(amount), due);
    Offer { command, given: given(kind, amount, 0), rounding: 0 }
}

/// Cash: where it covers what coins can pay, the rest of a coin is nobody's.
fn cash(amount: i64, due: i64) -> Offer {
    let payable = coins(due);
    let command = tender("cash", &twd(amount), due);
    if amount < payable {
        return Offer { command, given: given("cash", amount, 0), rounding: 0 };
    }
    let change = amount - payable;
    Offer { command, given: given("cash", amount, change), rounding: payable - due }
}

/// Dollars of the other country; change is in ours, to the dollar.
fn abroad(dollars: i64, due: i64) -> Offer {
    let money = json!({ "amount": format!("{dollars}.00"), "currency": "USD" });
    let local = dollars * USD_HALVES / 2;
    let change = (local - due).max(0);
    Offer { command: tender("usd", &money, due), given: given("usd", local, change), rounding: 0 }
}
