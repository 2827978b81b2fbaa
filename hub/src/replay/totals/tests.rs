use super::*;
use crate::replay::file::{FileLine, FileTime};
use crate::replay::stores::{SoldLine, SoldModifier, SoldTender};

const CATALOGUE: &str = "item,ean,department,unit,unit_price\n\
    1,045,GROCERY,each,1.00\n\
    2,046,COUPON,each,0.00\n";

fn prices() -> PriceList {
    PriceList::read(CATALOGUE.as_bytes()).unwrap()
}

fn store() -> StoreId {
    StoreId::new("367").unwrap()
}

fn basket() -> FileBasket {
    let time =
        FileTime { instant: "2017-01-22T12:00:00Z".parse().unwrap(), utc_offset_s: -5 * 3600 };
    let sold = FileLine {
        item: "1".into(),
        quantity: 2,
        reg: 200,
        disc: 30,
        matched: 20,
        net: 150,
        coupon: 10,
        ..FileLine::default()
    };
    let coupon = FileLine { item: "2".into(), coupon: 40, ..FileLine::default() };
    let lines = vec![sold, coupon];
    FileBasket {
        file_line: 1,
        store: store(),
        key: "b".into(),
        time,
        tender: "cash",
        member: None,
        lines,
    }
}

fn sale() -> SoldSale {
    let modifier = |reason: &str, amount| SoldModifier { reason: reason.to_owned(), amount };
    let modifiers = vec![modifier(REASON_LOYALTY, 30), modifier(REASON_COUPON_MATCH, 20)];
    let line = SoldLine { department: "GROCERY".into(), shelf: 200, net: 150, modifiers };
    let tender = |tender_type: &str, amount, change, is_for_a_line, department: Option<&str>| {
        let department = department.map(str::to_owned);
        let tender_type = tender_type.to_owned();
        SoldTender { tender_type, amount, change, is_for_a_line, department }
    };
    let tenders = vec![
        tender(TENDER_COUPON, 10, 0, true, Some("GROCERY")),
        tender(TENDER_COUPON, 40, 0, false, Some("COUPON")),
        tender("cash", 120, 20, false, None),
    ];
    let transaction = crate::replay::plan::transaction_id(&store(), "b");
    SoldSale { transaction, hour: 7, lines: vec![line], tenders }
}

#[test]
fn a_basket_and_its_sale_come_to_the_same() {
    let input = Totals::of_input([&basket()], &prices());
    let mut stores = Totals::default();
    stores.add_sale(&store(), &sale());
    assert_eq!(input.differences(&stores, Side::Stores), []);
    assert_eq!(input, stores);
    let expected = serde_json::json!({
        "transactions": 1, "lines": 2, "reg": 200, "disc": 30, "match": 20, "net": 150,
        "coupon": 50, "paid": 100, "by_department": {"COUPON": 0, "GROCERY": 150},
        "by_hour": {"7": 150}, "by_store": {"367": 150},
        "by_tender": {"cash": 100, "coupon": 50},
    });
    assert_eq!(serde_json::to_value(&input).unwrap(), expected);
}

#[test]
fn every_sum_that_differs_is_said_and_a_missing_group_is_not_nought() {
    let input = Totals::of_input([&basket()], &prices());
    let mut sale = sale();
    sale.hour = 8;
    sale.lines[0].modifiers[0].reason = "damaged".into();
    sale.tenders[1].department = None;
    let mut stores = Totals::default();
    stores.add_sale(&store(), &sale);
    let said: Vec<String> =
        input.differences(&stores, Side::Stores).iter().map(Difference::to_string).collect();
    assert_eq!(
        said,
        [
            "disc: the input has 30, the stores have 0",
            "by_department COUPON: the input has 0, the stores have nothing",
            "by_department UNKNOWN: the input has nothing, the stores have 0",
            "by_hour 7: the input has 150, the stores have nothing",
            "by_hour 8: the input has nothing, the stores have 150",
        ]
    );
}

#[test]
fn sums_of_two_stores_add_up() {
    let one = Totals::of_input([&basket()], &prices());
    let mut other = basket();
    other.store = StoreId::new("9").unwrap();
    let both = Totals::of_input([&basket(), &other], &prices());
    let mut sum = one.clone();
    sum.add(&Totals::of_input([&other], &prices()));
    assert_eq!(sum, both);
    assert_eq!(both.by_store.len(), 2);
}
