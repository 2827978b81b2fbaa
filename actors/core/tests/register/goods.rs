//! What the registers of these tests sell, and short words for amounts.

use store_core::transaction::TenderTypeId;
use store_core::{Currency, Money, OperatorId, Quantity, ReasonCode, Unit};

pub const CSV: &str = "\
item,barcodes,plu,description,department,unit,price,floor_price,age_min,deposit_item,serial
1,0400000000015,,MILK 1L,DAIRY,piece,2.50,,,,
2,0400000000022,,SOAP,GENERAL,piece,1.99,1.50,,,
3,0400000000039,00007,BEEF,MEAT,kilogram,8.00,,,,
4,0400000000046,,FUEL,FUEL,gallon,2.29,,,,
5,0400000000053;0400000000060*6,,BEER,DRINKS,piece,1.25;0.99@2023-11-14;1.25@2023-11-16,,,,
6,,00012,HAM,MEAT,labelled_piece,9.99,,,,
G1,,,GUM,SWEETS,piece,0.50,0.80,,,
W1,0400000000077,,WHISKY,DRINKS,piece,20,,18,,
T1,0400000000084,,GREEN TEA,DRINKS,piece,0.90,,,,
T2,0400000000084*6,,TEA BOX,DRINKS,piece,0.80,,,,
C1,0400000000091,,COLA,DRINKS,piece,1.10,,,D1,
D1,,00099,BOTTLE DEPOSIT,DEPOSITS,piece,0.25,,,,
P1,0400000000107,,PHONE,PHONES,piece,99.00,,,,required
";

pub const MILK: &str = "0400000000015";
pub const SOAP: &str = "0400000000022";
pub const BEEF: &str = "00007";
pub const FUEL: &str = "0400000000046";
pub const BEER: &str = "0400000000053";
/// Six bottles of beer.
pub const CRATE: &str = "0400000000060";
pub const WHISKY: &str = "0400000000077";
/// With a deposit on the bottle.
pub const COLA: &str = "0400000000091";
/// Each with a number of its own.
pub const PHONE: &str = "0400000000107";
/// Green tea, and also a box of six.
pub const TEA: &str = "0400000000084";
/// A piece of ham with a label that says 8.99.
pub const HAM: &str = "2100012008990";
/// A piece of beef with a label that says 4.00, at 8.00 a kilogram.
pub const LABELLED_BEEF: &str = "2100007004006";

pub fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

pub fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

pub fn kilograms(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths, Unit::Kilogram).unwrap()
}

pub fn reason(code: &str) -> ReasonCode {
    ReasonCode::new(code).unwrap()
}

pub fn tender_type(code: &str) -> TenderTypeId {
    TenderTypeId::new(code).unwrap()
}

pub fn operator(id: &str) -> OperatorId {
    OperatorId::new(id).unwrap()
}
