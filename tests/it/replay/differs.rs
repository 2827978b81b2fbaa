//! What does not agree is said, and the command fails.

use serde_json::json;

use super::runner::Replay;
use crate::support;

const CATALOGUE: &str = "item,ean,plu,description,department,category,brand,unit,unit_price,\
    tax_class\n1,0400000000015,,MILK,DAIRY,X,B,each,1.00,food\n";

fn basket(number: u32, item: u32, reg: i64) -> String {
    let line = json!({"item": item, "ean": "0400000000015", "qty": 1, "reg": reg, "disc": 0,
        "match": 0, "net": reg, "coupon": 0});
    let time = "2017-03-01T10:00:00-05:00";
    json!({"basket": number, "store": 7, "time": time, "lines": [line]}).to_string()
}

/// Replays these baskets into a directory: the exit code and what was said.
fn replayed<'a>(
    data: &'a tempfile::TempDir,
    baskets: &[String],
) -> (Option<i32>, String, Replay<'a>) {
    let path = |name: &str| data.path().join(name);
    std::fs::write(path("catalogue.csv"), CATALOGUE).unwrap();
    std::fs::write(path("baskets.jsonl"), baskets.join("\n")).unwrap();
    let replay = Replay {
        catalogue: path("catalogue.csv"),
        baskets: path("baskets.jsonl"),
        data: data.path(),
        registers: 2,
    };
    let output = replay.output();
    (output.status.code(), String::from_utf8(output.stderr).unwrap(), replay)
}

#[test]
fn a_store_that_holds_something_else_is_told_and_fails() {
    let data = support::temp_dir("differs");
    let whole = [basket(1, 1, 100), basket(2, 1, 150), basket(3, 1, 130)];
    assert_eq!(replayed(&data, &whole).0, Some(0));
    // The same store, and a file in which the second basket came to another amount.
    let other = [basket(1, 1, 100), basket(2, 1, 155), basket(3, 1, 130)];
    let (code, said, _) = replayed(&data, &other);
    assert_eq!(code, Some(1), "{said}");
    for line in [
        "store 7: net: the input has 385, the stores have 380",
        "store 7: by_hour 10: the input has 385, the stores have 380",
        "all stores: paid: the input has 385, the stores have 380",
    ] {
        assert!(said.lines().any(|it| it == line), "{line} in {said}");
    }
    // A file that lacks a basket which the store has sold.
    let (code, said, _) = replayed(&data, &whole[..2]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("store 7: transactions: the input has 2, the stores have 3"), "{said}");
}

#[test]
fn a_basket_that_the_hub_refuses_is_lost_and_fails() {
    let data = support::temp_dir("refused");
    let unknown = basket(2, 99, 100).replace("0400000000015", "0400000000992");
    let (code, said, replay) = replayed(&data, &[basket(1, 1, 100), unknown]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("was answered 404 unknown_barcode"), "{said}");
    assert!(said.contains("1 baskets lost"), "{said}");
    assert_eq!(replay.report()["lost"], 1);
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_its_line() {
    let data = support::temp_dir("malformed");
    let unequal = basket(2, 1, 100).replace("\"disc\":0", "\"disc\":5");
    let (code, said, _) = replayed(&data, &[basket(1, 1, 100), unequal]);
    assert_eq!(code, Some(65), "{said}");
    assert!(said.contains("baskets.jsonl, line 2: item 1: `reg` is not"), "{said}");
}
