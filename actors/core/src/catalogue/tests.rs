mod shared;

use std::fmt::Write as _;

use jiff::civil::date;

use super::*;
use crate::barcode::check_digit;
use crate::tax::{TaxMethod, TaxRate, TaxTable};
use crate::{Money, Quantity, Unit};

const HEADER: &str = "item,barcodes,plu,description,department,category,brand,tags,unit,price,\
    tax_class,cost,floor_price,safety_stock,clear_at\n";

fn ean(body: &str) -> String {
    format!("{body}{}", check_digit(body).unwrap())
}

/// A small shop: milk in bottles and crates, bananas by weight, ham in labelled pieces.
fn shop() -> Catalogue {
    let (milk, crate_of_milk) = (ean("040000000001"), ean("040000000002"));
    let rows = format!(
        "m1,{milk};{crate_of_milk}*12,,全脂鮮乳 936ml,飲料,乳品,清晨牧場,red;cold,piece,\
         95;89@2026-12-01;95@2026-12-08,food,60,70,24,30\n\
         b1,,4011,香蕉 Banana,生鮮,水果,,,kilogram,45.5,food,,,2.5,\n\
         h1,KIOSK-7,00012,\"Ham, smoked\",生鮮,肉品,,,labelled_piece,120,,,,,\n\
         n1,{},,ＡＢＣ 紙袋,日用品,,,,piece,,,,,,\n",
        ean("03600029145")
    );
    import(format!("{HEADER}{rows}").as_bytes(), Currency::USD).unwrap()
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn found<'a>(catalogue: &'a Catalogue, code: &str) -> (&'a str, u32) {
    let found = catalogue.find(code, &[VariableMeasureLayout::default()]).unwrap();
    (found.item.id.as_str(), found.pack)
}

fn refused(catalogue: &Catalogue, code: &str) -> RefusalCode {
    catalogue.find(code, &[VariableMeasureLayout::default()]).unwrap_err().code
}

fn fault(csv: &str) -> (u64, Option<String>, &'static str) {
    let error = import(csv.as_bytes(), Currency::TWD).unwrap_err();
    assert!(error.to_string().contains(&format!("line {}", error.line)), "{error}");
    (error.line, error.column, error.reason.code())
}

/// The fault of one row that differs from a good one in one field.
fn field_fault(column: &str, field: &str) -> (u64, Option<String>, &'static str) {
    let names: Vec<&str> = HEADER.trim_end().split(',').collect();
    let mut row = vec![""; names.len()];
    for (name, value) in
        [("item", "a"), ("description", "A"), ("unit", "piece"), ("price", "5"), (column, field)]
    {
        row[names.iter().position(|known| *known == name).unwrap()] = value;
    }
    fault(&format!("{HEADER}ok,,,Good,,,,,piece,1,,,,,\n{}\n", row.join(",")))
}

#[test]
fn every_code_of_an_item_finds_it() {
    let shop = shop();
    assert_eq!(found(&shop, &ean("040000000001")), ("m1", 1));
    assert_eq!(found(&shop, &ean("040000000002")), ("m1", 12));
    assert_eq!(found(&shop, &format!("]E0{}\r\n", ean("040000000001"))), ("m1", 1));
    assert_eq!(found(&shop, "m1"), ("m1", 1));
    assert_eq!(found(&shop, "4011"), ("b1", 1));
    assert_eq!(found(&shop, "04011"), ("b1", 1));
    assert_eq!(found(&shop, "４０１１"), ("b1", 1));
    assert_eq!(found(&shop, "KIOSK-7"), ("h1", 1));
    assert_eq!(found(&shop, "12"), ("h1", 1));
    assert_eq!(shop.item(&ItemId::new("n1").unwrap()).unwrap().description.as_ref(), "ＡＢＣ 紙袋");
    assert!(shop.item(&ItemId::new("n2").unwrap()).is_none());
}

#[test]
fn a_label_finds_its_item_and_says_its_price() {
    let shop = shop();
    let label = ean("210001200899");
    let found = shop.find(&label, &[VariableMeasureLayout::default()]).unwrap();
    assert_eq!(found.item.id.as_str(), "h1");
    assert_eq!((found.pack, found.measure), (1, Some(Measure::Price(899))));
    assert_eq!(refused(&shop, &ean("219999900899")), RefusalCode::UnknownBarcode);
    // A weight in an element string finds the article itself.
    let weighed = format!("01{:0>14}3103000500", ean("040000000001"));
    let found = shop.find(&weighed, &[]).unwrap();
    let half = Quantity::from_thousandths(500, Unit::Kilogram).unwrap();
    assert_eq!(found.measure, Some(Measure::Weight(half)));
}

#[test]
fn a_code_of_no_item_is_refused_by_its_kind() {
    let shop = shop();
    assert_eq!(refused(&shop, &ean("049999999999")), RefusalCode::UnknownBarcode);
    assert_eq!(refused(&shop, "0400000000011"), RefusalCode::BadCheckDigit);
    assert_eq!(refused(&shop, ""), RefusalCode::UnknownBarcode);
    assert_eq!(refused(&shop, &"x".repeat(1000)), RefusalCode::UnknownBarcode);
    let refusal = shop.find(" 99\u{0}9 ", &[]).unwrap_err();
    assert_eq!(refusal.details.get("code").map(String::as_str), Some("999"));
    assert_eq!(refused(&Catalogue::empty(Currency::TWD), "1"), RefusalCode::UnknownBarcode);
}

#[test]
fn a_code_of_the_stores_own_needs_no_check_digit() {
    let csv = format!("{HEADER}a,12345678,,A,,,,,piece,1,,,,,\n12345679,,,B,,,,,piece,1,,,,,\n");
    let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
    assert_eq!(found(&shop, "12345678"), ("a", 1));
    assert_eq!(found(&shop, "12345679"), ("12345679", 1));
    assert_eq!(refused(&shop, "12345677"), RefusalCode::BadCheckDigit);
}

#[test]
fn a_price_holds_from_its_day_on() {
    let shop = shop();
    let milk = shop.item(&ItemId::new("m1").unwrap()).unwrap();
    let price = |day| milk.price_on(day).unwrap();
    assert_eq!(price(date(2026, 11, 30)), usd(9500));
    assert_eq!(price(date(2026, 12, 1)), usd(8900));
    assert_eq!(price(date(2026, 12, 7)), usd(8900));
    assert_eq!(price(date(2026, 12, 8)), usd(9500));
    assert_eq!(milk.prices().count(), 3);
    let csv = format!("{HEADER}a,,,A,,,,,piece,9@2026-12-01,,,,,\n");
    let later = import(csv.as_bytes(), Currency::TWD).unwrap();
    let item = later.items().next().unwrap();
    assert_eq!(item.price_on(date(2026, 11, 30)), None);
    assert!(item.price_on(date(2026, 12, 1)).is_some());
}

#[test]
fn an_item_says_all_that_the_file_said() {
    let shop = shop();
    let milk = shop.item(&ItemId::new("m1").unwrap()).unwrap();
    assert_eq!((milk.cost(), milk.floor_price()), (Some(usd(6000)), Some(usd(7000))));
    assert_eq!(milk.safety_stock(), Some(Quantity::pieces(24).unwrap()));
    assert_eq!(milk.clear_at(), Some(Quantity::pieces(30).unwrap()));
    assert_eq!(milk.tags().iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["red", "cold"]);
    assert_eq!((milk.department.as_ref(), milk.category.as_ref()), ("飲料", "乳品"));
    assert_eq!(milk.main_code(), ean("040000000001"));
    let banana = shop.item(&ItemId::new("b1").unwrap()).unwrap();
    assert_eq!((banana.unit, banana.sold_by), (Unit::Kilogram, SoldBy::Weight));
    assert_eq!(banana.main_code(), "4011");
    let ham = shop.item(&ItemId::new("h1").unwrap()).unwrap();
    assert_eq!((ham.unit, ham.sold_by), (Unit::Piece, SoldBy::Weight));
    assert_eq!(ham.description.as_ref(), "Ham, smoked");
    let bag = shop.item(&ItemId::new("n1").unwrap()).unwrap();
    assert_eq!(bag.price_on(date(2026, 1, 1)), None);
    assert!(bag.tags().is_empty() && bag.cost().is_none());
}

#[test]
fn search_finds_by_words_and_by_the_beginning_of_a_code() {
    let shop = shop();
    let ids = |text: &str| -> Vec<&str> {
        shop.search(text, 10).iter().map(|item| item.id.as_str()).collect()
    };
    assert_eq!(ids("鮮乳"), ["m1"]);
    assert_eq!(ids("936ML 全脂"), ["m1"]);
    assert_eq!(ids("banana"), ["b1"]);
    assert_eq!(ids("abc"), ["n1"]);
    assert_eq!(ids("ＨＡＭ"), ["h1"]);
    assert_eq!(ids("0400000"), ["m1"]);
    assert_eq!(ids("4011"), ["b1"]);
    assert_eq!(ids("kiosk"), ["h1"]);
    assert_eq!(ids("M1"), ["m1"]);
    assert_eq!(ids("a"), ["n1", "b1", "h1"]);
    assert_eq!(shop.search("a", 2).len(), 2);
    assert!(ids("鮮乳 banana").is_empty() && ids("  ").is_empty() && ids("\n").is_empty());
    assert!(Catalogue::empty(Currency::TWD).search("a", 10).is_empty());
}

#[test]
fn a_digest_names_the_file() {
    let csv = format!("{HEADER}a,,,A,,,,,piece,1,,,,,\n");
    let digest = |csv: &str| import(csv.as_bytes(), Currency::TWD).unwrap().digest().to_owned();
    assert_eq!(digest(&csv), digest(&csv));
    assert_ne!(digest(&csv), digest(&csv.replace('A', "B")));
    assert_ne!(digest(&csv), digest(&format!("{csv}\n")));
    assert_ne!(Catalogue::empty(Currency::TWD).digest(), Catalogue::empty(Currency::USD).digest());
    // Pinned: stores compare digests across releases.
    assert_eq!(Catalogue::empty(Currency::TWD).digest(), EMPTY_TWD);
}

const EMPTY_TWD: &str = "73c48a4efc6e32937c3656ad5cf023a7";

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let csv = format!("\u{feff}{HEADER}a,,,A,,,,,piece,1,,,,,\nb,,,B,,,,,piece,2,,,,,\n");
    let shop = import(csv.replace('\n', "\r\n").as_bytes(), Currency::TWD).unwrap();
    assert_eq!((shop.len(), shop.currency()), (2, Currency::TWD));
    assert_eq!(shop.items().next().unwrap().id.as_str(), "a");
    let (line, column, code) = fault(&csv.replace(",2,", ",-2,").replace('\n', "\r\n"));
    assert_eq!((line, column.as_deref(), code), (3, Some("price"), "negative"));
}

#[test]
fn the_headers_of_other_files_are_taken_as_they_are() {
    let rows = [
        "item,ean,plu,description,department,category,brand,manufacturer,unit,unit_price,\
         tax_class,lines_2017,revenue_2017",
        &format!("1,{},,SOUP,GROCERY,CANNED,National,7,each,1.29,food,5,6.45", ean("040000000001")),
        &format!("2,{},00001,VEAL,MEAT,,National,7,weighed,6.42,food,5,6", ean("040000000002")),
        &format!("3,{},,DIESEL,FUEL,FUEL,Private,7,volume,2.29,fuel,5,6", ean("040000000003")),
    ];
    let shop = import(rows.join("\n").as_bytes(), Currency::USD).unwrap();
    let kinds: Vec<_> = shop.items().map(|item| (item.unit, item.sold_by)).collect();
    assert_eq!(
        kinds,
        [
            (Unit::Piece, SoldBy::Piece),
            (Unit::Kilogram, SoldBy::Weight),
            (Unit::Gallon, SoldBy::Volume)
        ]
    );
    assert_eq!(found(&shop, &ean("210000100642")), ("2", 1));
    let grocery = format!(
        "item,ean,description,category,type,brand_level,unit,weight_g,base_price\n\
         B-1,{},Lager,Drinks,Beer,premium,500 ml bottle,500,4.99\n",
        ean("045000000001")
    );
    let shop = import(grocery.as_bytes(), Currency::EUR).unwrap();
    let beer = shop.items().next().unwrap();
    let levels = (beer.department.as_ref(), beer.category.as_ref(), beer.brand.as_ref());
    assert_eq!(levels, ("Drinks", "Beer", "premium"));
    assert_eq!((beer.unit, beer.price_on(date(2026, 1, 1)).unwrap().minor()), (Unit::Piece, 499));
}

#[test]
fn a_bad_field_refuses_the_file_with_line_column_and_reason() {
    let long = "長".repeat(70);
    for (column, field, code) in [
        ("item", "", "bad_id"),
        ("item", "ok", "duplicate_item"),
        ("description", "", "empty_field"),
        ("description", long.as_str(), "text_too_long"),
        ("description", "a\tb", "bad_character"),
        ("department", long.as_str(), "text_too_long"),
        ("barcodes", "4712345678901", "bad_check_digit"),
        ("barcodes", "4712345678900*0", "bad_barcode"),
        ("barcodes", "4712345678900*x", "bad_barcode"),
        ("barcodes", "4712345678900;04712345678900*6", "duplicate_barcode"),
        ("barcodes", "OWN;OWN", "duplicate_barcode"),
        ("barcodes", "ok", "duplicate_barcode"),
        ("plu", "0", "bad_plu"),
        ("plu", "1234567", "bad_plu"),
        ("unit", "", "unknown_unit"),
        ("unit", "dozen", "unknown_unit"),
        ("price", "-1", "negative"),
        ("price", "1.5", "bad_amount"),
        ("price", "1_000", "bad_amount"),
        ("price", "NT$5", "bad_amount"),
        ("price", "5;6", "bad_price_date"),
        ("price", "5@2026-13-01", "bad_price_date"),
        ("price", "5@2026-12-01;6@2026-12-01", "bad_price_date"),
        ("cost", "-1", "negative"),
        ("floor_price", "x", "bad_amount"),
        ("safety_stock", "1.5", "bad_quantity"),
        ("safety_stock", "-1", "negative"),
        ("clear_at", "5", "bad_clear_at"),
    ] {
        let expected = (3, Some(column.to_owned()), code);
        assert_eq!(field_fault(column, field), expected, "{column} {field}");
    }
    let row = |clear_at: u32| format!("{HEADER}a,,,A,,,,,piece,5,,,,5,{clear_at}\n");
    assert_eq!(fault(&row(5)), (2, Some("clear_at".to_owned()), "bad_clear_at"));
    assert!(import(row(6).as_bytes(), Currency::TWD).is_ok());
    let many = "x;".repeat(65);
    assert_eq!(field_fault("tags", &many).2, "too_many_entries");
}

#[test]
fn an_item_may_have_a_tax_of_its_own() {
    let file =
        |rows: &str| format!("item,description,unit,price,tax_class,tax_rate,tax_included\n{rows}");
    let rows =
        "a,A,piece,1,,8,\nb,B,piece,1,,7.50,false\nc,C,piece,1,none,,\nd,D,piece,1,,0,true\n";
    let shop = import(file(rows).as_bytes(), Currency::TWD).unwrap();
    let table = TaxTable::flat(TaxRate::parse("5", TaxMethod::Inclusive).unwrap());
    let rate = |id: &'static str| {
        let item = shop.item(&ItemId::from_static(id)).unwrap();
        let TaxRate { percent, method } = table.rate(&item.tax_class);
        (percent.to_string(), method)
    };
    assert_eq!(rate("a"), ("8".to_owned(), TaxMethod::Inclusive));
    assert_eq!(rate("b"), ("7.5".to_owned(), TaxMethod::Exclusive));
    assert_eq!(rate("c"), ("5".to_owned(), TaxMethod::Inclusive));
    assert_eq!(rate("d"), ("0".to_owned(), TaxMethod::Inclusive));
    for (row, column, code) in [
        ("a,A,piece,1,none,8,", "tax_rate", "two_taxes"),
        ("a,A,piece,1,,,true", "tax_included", "two_taxes"),
        ("a,A,piece,1,,101,", "tax_rate", "bad_tax_rate"),
        ("a,A,piece,1,,-1,", "tax_rate", "bad_tax_rate"),
        ("a,A,piece,1,,8,yes", "tax_included", "bad_flag"),
    ] {
        assert_eq!(fault(&file(row)), (2, Some(column.to_owned()), code), "{row}");
    }
}

#[test]
fn a_pack_has_what_its_row_leaves_out_so_many_times_from_its_item() {
    let file = |rows: &str| format!("item,description,unit,price,cost,floor_price,pack_of\n{rows}");
    let rows = "six,A,piece,,,,m*6\nm,M,piece,10;12@2026-12-01,4,5,\nown,A,piece,55,20,,m*6\n";
    let shop = import(file(rows).as_bytes(), Currency::TWD).unwrap();
    let item = |id: &'static str| shop.item(&ItemId::from_static(id)).unwrap();
    let minor = |money: Option<Money>| money.map(Money::minor);
    assert_eq!(minor(item("six").price_on(date(2026, 11, 30))), Some(60));
    assert_eq!(minor(item("six").price_on(date(2026, 12, 1))), Some(72));
    assert_eq!((minor(item("six").cost()), minor(item("six").floor_price())), (Some(24), Some(30)));
    assert_eq!(minor(item("own").price_on(date(2026, 12, 1))), Some(55));
    assert_eq!((minor(item("own").cost()), minor(item("own").floor_price())), (Some(20), Some(30)));
    let pack = item("six").pack_of().unwrap();
    assert_eq!((pack.item.as_str(), pack.pieces), ("m", 6));
    assert!(item("m").pack_of().is_none());
    for (rows, line, code) in [
        ("a,A,piece,1,,,b*6", 2, "unknown_pack"),
        ("a,A,piece,1,,,a*6", 2, "unknown_pack"),
        ("m,M,piece,1,,,\na,A,piece,1,,,m*6\nb,B,piece,1,,,a*6", 4, "unknown_pack"),
        ("m,M,kilogram,1,,,\na,A,piece,1,,,m*6", 3, "unknown_pack"),
        ("m,M,piece,1,,,\na,A,kilogram,1,,,m*6", 3, "bad_pack"),
        ("m,M,piece,1,,,\na,A,piece,1,,,m", 3, "bad_pack"),
        ("m,M,piece,1,,,\na,A,piece,1,,,m*1", 3, "bad_pack"),
        ("m,M,piece,1,,,\na,A,piece,1,,,m*10001", 3, "bad_pack"),
        ("m,M,piece,999999999999999,,,\na,A,piece,,,,m*2", 3, "bad_amount"),
    ] {
        let found = fault(&file(rows));
        assert_eq!((found.0, found.2), (line, code), "{rows}");
    }
}

#[test]
fn a_bad_file_is_refused_with_its_reason() {
    assert_eq!(fault(""), (1, None, "empty_file"));
    assert_eq!(fault("\u{feff} \r\n"), (1, None, "empty_file"));
    assert_eq!(fault("item,description,unit\n"), (1, Some("price".to_owned()), "missing_column"));
    assert_eq!(
        fault("item,description,unit,price,prize\n"),
        (1, Some("prize".to_owned()), "unknown_column")
    );
    assert_eq!(fault("item,item,unit,price\n"), (1, Some("item".to_owned()), "duplicate_column"));
    let header = "item,description,unit,price\n";
    assert_eq!(fault(&format!("{header}a,A,piece\n")), (2, None, "field_count"));
    assert_eq!(fault(&format!("{header}a,A,piece,1\n\nb,\"B,piece,2\nc,C,piece,3\n")).0, 4);
    let mut bytes = format!("{header}a,A,piece,1\nb,").into_bytes();
    bytes.extend(b"\xff,piece,1\n");
    let error = import(&bytes, Currency::TWD).unwrap_err();
    assert_eq!((error.line, error.reason.code()), (3, "not_utf8"));
    // Milk, as a spreadsheet in Taiwan may save it.
    let big5 = [header.as_bytes(), b"a,A,piece,1\nb,\xc2A\xa8\xc5,piece,95\n"].concat();
    let error = import(&big5, Currency::TWD).unwrap_err();
    assert_eq!(error.line, 3);
    assert!(error.to_string().contains("save the file again as UTF-8"), "{error}");
    assert!(import(header.as_bytes(), Currency::TWD).unwrap().is_empty());
}

#[test]
fn three_hundred_thousand_items_are_all_found() {
    let mut csv = HEADER.to_owned();
    for number in (0..300_000).rev() {
        let code = ean(&format!("04{number:010}"));
        writeln!(csv, "i{number},{code},,Item {number},d,c,b,,piece,{number},,,,,").unwrap();
    }
    let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
    assert_eq!(shop.len(), 300_000);
    for number in (0..300_000).step_by(9_973).skip(1) {
        let id = format!("i{number}");
        assert_eq!(found(&shop, &ean(&format!("04{number:010}"))), (id.as_str(), 1));
        assert_eq!(found(&shop, &id), (id.as_str(), 1));
        let hits = shop.search(&format!("item {number}"), 1_000);
        assert!(hits.iter().any(|item| item.id.as_str() == id));
    }
}
