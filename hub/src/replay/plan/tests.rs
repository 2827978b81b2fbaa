use jiff::Timestamp;
use serde_json::{Value, json};
use store_core::StoreId;

use super::*;

const CATALOGUE: &str = "item,ean,plu,department,unit,unit_price\n\
    1,0400000000017;0400000000116;0400000000215*6,,GROCERY,each,1.00\n\
    2,0400000000024,00001,MEAT,weighed,3.10\n\
    3,0400000000031,,FUEL,volume,2.29\n\
    4,0400000000048,,COUPON,each,0.00\n\
    5,,00007,PRODUCE,each,0.50\n\
    6,,,PRODUCE,each,0.60\n";

fn basket(lines: Vec<FileLine>) -> FileBasket {
    let store = StoreId::new("367").unwrap();
    let time = FileTime { instant: Timestamp::UNIX_EPOCH, utc_offset_s: 0 };
    FileBasket {
        file_line: 1,
        store,
        key: "b".into(),
        time,
        tender: TENDER_CASH,
        member: None,
        lines,
    }
}

fn line(item: &str, quantity: i64, reg: i64) -> FileLine {
    FileLine { item: item.into(), quantity, reg, net: reg, ..FileLine::default() }
}

fn planned(lines: Vec<FileLine>) -> BasketPlan {
    let prices = PriceList::read(CATALOGUE.as_bytes()).unwrap();
    plan(&basket(lines), &prices, Currency::USD).unwrap()
}

/// The commands as they go out, when no coupon gives change.
fn sent(lines: Vec<FileLine>) -> Vec<Value> {
    let nothing = Money::zero(Currency::USD);
    let commands = planned(lines).steps.into_iter();
    commands
        .filter_map(|step| step.after_change(nothing).unwrap())
        .map(|command| serde_json::to_value(command).unwrap())
        .collect()
}

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

fn cash(amount: &str) -> Value {
    json!({"type": "tender", "tender_type": "cash", "amount": usd(amount), "total": usd(amount),
        "reference": null, "line": null})
}

fn coupon(amount: &str, due: &str, code: &str, line: Option<u32>) -> Value {
    json!({"type": "tender", "tender_type": "coupon", "amount": usd(amount), "total": usd(due),
        "reference": code, "line": line})
}

#[test]
fn a_listed_price_is_scanned_and_counted() {
    let expected = vec![
        json!({"type": "scan_item", "code": "0400000000017", "onto": null}),
        json!({"type": "set_quantity", "line": 1,
            "quantity": {"amount": "3", "unit": "piece"}}),
        cash("3.00"),
        json!({"type": "complete"}),
    ];
    assert_eq!(sent(vec![line("1", 3, 300)]), expected);
    assert_eq!(sent(vec![line("1", 1, 100)]).len(), 3, "one piece needs no quantity");
}

#[test]
fn another_price_is_keyed_with_its_discounts_behind_it() {
    let mut dear = line("1", 2, 199);
    (dear.disc, dear.matched, dear.net) = (30, 20, 149);
    let off = |amount: &str, reason: &str| {
        json!({"type": "modify_price", "line": 1, "reason": reason,
            "modifier": {"method": "amount_off", "amount": usd(amount)}})
    };
    let expected = vec![
        json!({"type": "key_item", "code": "0400000000017", "amount": usd("1.99"),
            "quantity": {"amount": "2", "unit": "piece"}}),
        off("0.30", "loyalty"),
        off("0.20", "coupon_match"),
        cash("1.49"),
        json!({"type": "complete"}),
    ];
    assert_eq!(sent(vec![dear]), expected);
}

#[test]
fn labels_are_scanned_one_by_one_onto_one_line() {
    let mut ham = line("2", 2, 431);
    ham.labels = vec!["2100001002169".into(), "2100001002152".into()];
    let scans = |sent: &[Value]| {
        let scans = sent.iter().filter(|it| it["type"] == "scan_item");
        scans.map(|it| it["onto"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        scans(&sent(vec![line("1", 1, 100), ham.clone()])),
        [json!(null), json!(null), json!(2)]
    );
    let strange = |change: fn(&mut FileLine), why: &str| {
        let mut strange = ham.clone();
        change(&mut strange);
        let keyed = sent(vec![strange]);
        assert_eq!(scans(&keyed), [] as [Value; 0], "{why}");
        assert_eq!(keyed[0]["quantity"], json!({"amount": "2", "unit": "piece"}), "{why}");
    };
    strange(|ham| (ham.reg, ham.net) = (432, 432), "the labels say another amount");
    strange(|ham| ham.labels[1] = "2100001002153".into(), "a misprinted label");
    strange(|ham| ham.labels = vec!["2100009002161".into(), "2100009002154".into()], "another's");
}

#[test]
fn fuel_is_keyed_in_gallons() {
    let fuel = sent(vec![line("3", 11_422, 2580)]);
    assert_eq!(fuel[0]["quantity"], json!({"amount": "11.422", "unit": "gallon"}));
    assert_eq!(fuel[0]["amount"], usd("25.80"));
}

#[test]
fn a_line_of_nothing_is_noted_and_the_basket_completes_without_cash() {
    let sent = sent(vec![line("1", 0, 0)]);
    let expected = vec![
        json!({"type": "key_item", "code": "0400000000017", "amount": usd("0.00"),
            "quantity": {"amount": "0", "unit": "piece"}}),
        json!({"type": "complete"}),
    ];
    assert_eq!(sent, expected);
}

#[test]
fn money_without_a_quantity_is_for_one() {
    assert_eq!(sent(vec![line("1", 0, 299)])[0]["quantity"]["amount"], "1");
}

#[test]
fn what_comes_back_is_returned_and_paid_out() {
    let mut back = line("1", -2, -200);
    back.return_reason = Some("refund".into());
    let expected = vec![
        json!({"type": "return_item", "code": "0400000000017", "amount": usd("2.00"),
            "quantity": {"amount": "2", "unit": "piece"}, "reason": "refund"}),
        cash("-2.00"),
        json!({"type": "complete"}),
    ];
    assert_eq!(sent(vec![back]), expected);
}

#[test]
fn coupons_come_after_all_lines_and_name_their_line() {
    let free = FileLine { item: "4".into(), coupon: 20, ..FileLine::default() };
    let mut tied = line("1", 1, 100);
    tied.coupon = 30;
    let sent = sent(vec![free, tied]);
    assert_eq!(sent[0]["type"], "scan_item", "a coupon alone is no line");
    assert_eq!(sent[1], coupon("0.20", "1.00", "0400000000048", None));
    assert_eq!(sent[2], coupon("0.30", "0.80", "0400000000017", Some(1)));
    assert_eq!(sent[3], cash("0.50"));
}

#[test]
fn a_basket_of_coupons_alone_has_no_lines_but_tenders() {
    let alone = FileLine { item: "4".into(), coupon: 250, ..FileLine::default() };
    let sent = sent(vec![alone]);
    assert_eq!(sent[0], coupon("2.50", "0.00", "0400000000048", None));
    assert_eq!(sent[1], cash("-2.50"));
    assert_eq!(sent.len(), 3);
}

#[test]
fn money_to_get_back_is_paid_out_before_a_coupon_is_taken() {
    let mut back = line("1", -2, -200);
    back.return_reason = Some("refund".into());
    let alone = FileLine { item: "4".into(), coupon: 30, ..FileLine::default() };
    let sent = sent(vec![back, alone]);
    assert_eq!(sent[1], cash("-2.00"));
    assert_eq!(sent[2], coupon("0.30", "0.00", "0400000000048", None));
}

#[test]
fn the_written_code_is_entered_where_the_catalogue_has_it() {
    let code = |item: &str, ean: Option<&str>| {
        let ean = ean.map(str::to_owned);
        let sent = sent(vec![FileLine { ean, ..line(item, 1, 77) }]);
        sent[0]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code("1", Some("0400000000116")), "0400000000116", "its second code");
    assert_eq!(code("1", Some("0400000000215")), "0400000000017", "a pack is six pieces");
    assert_eq!(code("1", Some("999")), "0400000000017", "a code that nobody knows");
    assert_eq!(code("1", None), "0400000000017");
    assert_eq!(code("5", None), "00007", "its PLU");
    assert_eq!(code("6", Some("")), "6", "its id");
}

#[test]
fn a_coupon_marked_as_nothing_but_with_a_discount_is_a_line() {
    let mut odd = line("4", 0, 50);
    (odd.disc, odd.net, odd.coupon) = (50, 0, 10);
    let sent = sent(vec![odd, line("1", 1, 100)]);
    assert_eq!(sent[0]["type"], "key_item");
    assert_eq!(sent[3], coupon("0.10", "1.00", "0400000000048", Some(1)));
}

#[test]
fn change_that_was_given_for_a_coupon_is_not_paid_out_again() {
    let mut cheap = line("1", 1, 100);
    cheap.coupon = 150;
    let steps = planned(vec![cheap]).steps;
    let given = Money::from_minor(50, Currency::USD).unwrap();
    let cash_step = steps.iter().find(|step| step.kind == StepKind::Cash).unwrap();
    assert_eq!(cash_step.after_change(given).unwrap(), None);
    let paid_out = cash_step.after_change(Money::zero(Currency::USD)).unwrap().unwrap();
    assert_eq!(serde_json::to_value(paid_out).unwrap(), cash("-0.50"));
}

#[test]
fn a_second_start_makes_the_same_ids_and_no_two_are_equal() {
    let lines = vec![line("1", 3, 300), line("2", 1, 310)];
    let (first, second) = (planned(lines.clone()), planned(lines));
    assert_eq!(first, second);
    let ids: std::collections::BTreeSet<_> =
        first.steps.iter().map(|step| step.command_id).collect();
    assert_eq!(ids.len(), first.steps.len());
    assert_eq!(first.completion(), first.steps.last().unwrap().command_id);
    let store = |id: &str| StoreId::new(id).unwrap();
    assert_ne!(transaction_id(&store("1"), "2/3"), transaction_id(&store("1/2"), "3"));
    // Pinned: another value would sell every day again that was half replayed.
    let pinned = transaction_id(&store("367"), "31527660766").to_string();
    assert_eq!(pinned, "0fe13a80-85b4-56e0-9b95-67690625c2a1");
}

#[test]
fn an_item_that_nobody_knows_has_no_command() {
    let prices = PriceList::read(CATALOGUE.as_bytes()).unwrap();
    let fault = plan(&basket(vec![line("77", 1, 1)]), &prices, Currency::USD).unwrap_err();
    assert_eq!(fault, PlanError::NoCode("77".into()));
}
