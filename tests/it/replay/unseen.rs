//! Days that nobody chose: drawn at random from the whole year when the data is derived, with
//! control totals from the raw tables. The stores of the day of many stores are stopped in the
//! middle and their commands repeated.

use std::time::Instant;

use serde_json::Value;

use super::control::{expected, json};
use super::repeated::after_a_stop;
use super::runner::{Replay, agrees, took, verify_all};
use crate::support;

#[test]
fn days_drawn_at_random_from_the_real_year_agree() {
    let Some(derived) = support::derived() else { return };
    let unseen = derived.join("unseen");
    if !unseen.join("control_totals.json").is_file() {
        return support::skip("the derived data has no unseen days: derive them again");
    }
    let control = json(&unseen.join("control_totals.json"));
    println!("drawn with seed {}: derive.py --seed draws them again", control["seed"]);
    let days: Vec<(&String, &Value)> =
        control.as_object().unwrap().iter().filter(|(_, it)| it.is_object()).collect();
    assert!(days.len() >= 3, "{days:?}");
    for (name, totals) in days {
        let begun = Instant::now();
        assert!(totals["transactions"].as_u64() > Some(0), "nothing was drawn: {name} {totals}");
        if name == "chain_day" {
            after_a_stop(&unseen, "chain_day.jsonl.gz", &expected(totals));
            continue;
        }
        let data = support::temp_dir(name);
        let replay = Replay {
            catalogue: unseen.join("catalogue.csv"),
            baskets: unseen.join(format!("{name}.jsonl.gz")),
            data: data.path(),
            registers: 2,
        };
        let report = replay.run();
        agrees(&report, &expected(totals), name);
        assert_eq!(Some(verify_all(data.path()) as u64), totals["stores"].as_u64());
        took(&format!("{name} ({})", totals["what"]), begun);
    }
}
