//! Which price holds, and what may lower it.

use std::sync::Arc;

use store_core::catalogue::import;
use store_core::promotion::PricingRules;
use store_core::register::{
    Command, InForce, ModifierRequest, ReasonCodes, RegisterInput, RegisterRules,
};
use store_core::tax::{TaxMethod, TaxRate, TaxTable};
use store_core::transaction::{PriceSource, Totals};
use store_core::{Currency, LineNumber, RefusalCode, TransactionId};
use uuid::Uuid;

use crate::sales::discount;
use crate::till::{
    BEEF, BEER, CRATE, HAM, LABELLED_BEEF, MILK, SOAP, Till, kilograms, pieces, reason,
    tender_type, usd,
};

const LINE: LineNumber = LineNumber(1);
const DAY_S: i64 = 86_400;

fn totals(till: &Till) -> &Totals {
    &till.machine.basket().unwrap().transaction.totals
}

/// Sells one bottle of beer in a basket of its own, and answers what it cost.
fn beer(till: &mut Till) -> String {
    if let Some(basket) = till.machine.basket() {
        let id = basket.transaction.id.uuid().as_u128() + 1;
        till.run(Command::Abandon { reason: reason("changed_mind") }).unwrap();
        (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(id)), 0);
    }
    till.scan(BEER).unwrap();
    totals(till).total.amount().to_string()
}

#[test]
fn a_basket_keeps_the_prices_of_the_day_on_which_it_opened() {
    let mut till = Till::new();
    assert_eq!(beer(&mut till), "0.99", "the offer of this day");
    till.wall_s += 2 * DAY_S;
    till.scan(BEER).unwrap();
    assert_eq!(totals(&till).total, usd("1.98"), "opened before midnight");
    till.restart();
    till.scan(BEER).unwrap();
    assert_eq!(totals(&till).total, usd("2.97"), "and after a restart");
    assert_eq!(beer(&mut till), "1.25", "the next basket has the next day's price");
}

#[test]
fn under_a_clock_that_is_not_trusted_no_price_begins_or_ends() {
    let mut till = Till::new();
    assert_eq!(beer(&mut till), "0.99");
    till.is_clock_trusted = false;
    for wall_s in [0, 1_700_000_000 + 30 * DAY_S, 4_000_000_000] {
        till.wall_s = wall_s;
        assert_eq!(beer(&mut till), "0.99", "the last day that was trusted is in force");
    }
    let day = "2023-11-17".parse().unwrap();
    till.restart();
    till.machine = till.machine.with_last_trusted(Some(day));
    till.scan(BEER).unwrap();
    assert_eq!(totals(&till).total, usd("1.98"), "the basket keeps its own day");
    assert_eq!(beer(&mut till), "1.25", "a restart knows the day from outside");
    (till.wall_s, till.is_clock_trusted) = (1_700_000_000, true);
    assert_eq!(beer(&mut till), "0.99", "a clock that is trusted again decides");
}

#[test]
fn another_catalogue_is_that_of_the_next_basket() {
    let mut till = Till::new();
    assert_eq!(beer(&mut till), "0.99");
    let csv = format!("item,barcodes,description,unit,price\n5,{BEER},BEER,piece,3.00\n");
    let dearer = Arc::new(import(csv.as_bytes(), Currency::USD).unwrap());
    let (rules, revision) = (till.rules.clone(), 1);
    till.feed(RegisterInput::InForceChanged(InForce { revision, catalogue: dearer, rules }));
    till.scan(BEER).unwrap();
    assert_eq!(totals(&till).total, usd("1.98"));
    assert_eq!(beer(&mut till), "3.00");
}

#[test]
fn other_rules_are_those_of_the_next_basket() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    let rate = TaxRate { percent: 10.into(), method: TaxMethod::Exclusive };
    let reasons = ReasonCodes { abandon: vec![reason("closed")], ..till.rules.reasons.clone() };
    let rules = RegisterRules {
        reasons,
        tenders: till.rules.tenders.iter().filter(|rule| rule.gives_change).cloned().collect(),
        pricing: Arc::new(PricingRules { taxes: TaxTable::flat(rate), promotions: Arc::default() }),
        ..RegisterRules::clone(&till.rules)
    };
    let csv = format!("item,barcodes,description,unit,price\n1,{MILK},MILK,piece,3.00\n");
    let catalogue = Arc::new(import(csv.as_bytes(), Currency::USD).unwrap());
    let in_force = InForce { revision: 7, catalogue, rules: Arc::new(rules) };
    till.feed(RegisterInput::InForceChanged(in_force));
    assert_eq!(till.machine.view(till.now()).in_force, 0, "the basket keeps to what it began with");

    till.scan(MILK).unwrap();
    assert_eq!((totals(&till).net, totals(&till).total), (usd("5.00"), usd("5.00")));
    let unknown = Command::Abandon { reason: reason("closed") };
    assert_eq!(till.run(unknown.clone()).unwrap_err().code, RefusalCode::UnknownReason);
    let card = |amount: &str| Command::Tender {
        tender_type: tender_type("card"),
        amount: usd(amount),
        total: usd(amount),
        reference: None,
        line: None,
    };
    till.run(card("5.00")).unwrap();
    till.run(Command::Complete).unwrap();
    assert_eq!(till.machine.view(till.now()).in_force, 7);

    (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(2)), 0);
    till.scan(MILK).unwrap();
    assert_eq!((totals(&till).net, totals(&till).total), (usd("3.00"), usd("3.30")));
    assert_eq!(till.run(card("3.30")).unwrap_err().code, RefusalCode::UnknownTender);
    till.run(unknown).unwrap();
}

#[test]
fn a_barcode_of_a_pack_is_as_many_pieces() {
    let mut till = Till::new();
    till.scan(CRATE).unwrap();
    till.run(Command::ScanItem { code: BEER.to_owned(), onto: Some(LINE), item: None }).unwrap();
    till.run(Command::ScanItem { code: CRATE.to_owned(), onto: Some(LINE), item: None }).unwrap();
    let line = &till.machine.basket().unwrap().transaction.lines[0];
    assert_eq!((line.quantity, line.net), (pieces(13), usd("12.87")));
    till.run(Command::KeyItem { code: CRATE.to_owned(), quantity: None, amount: None, item: None })
        .unwrap();
    assert_eq!(till.machine.basket().unwrap().transaction.lines[1].quantity, pieces(6));
}

#[test]
fn a_label_says_the_price_and_by_it_the_weight() {
    let mut till = Till::new();
    till.scan(LABELLED_BEEF).unwrap();
    till.scan(HAM).unwrap();
    let lines = &till.machine.basket().unwrap().transaction.lines;
    assert_eq!((lines[0].quantity, lines[0].net), (kilograms(500), usd("4.00")));
    assert_eq!((lines[1].quantity, lines[1].net), (pieces(1), usd("8.99")));
    assert!(lines.iter().all(|line| line.price_source == PriceSource::Label));
    let onto = Command::ScanItem { code: LABELLED_BEEF.to_owned(), onto: Some(LINE), item: None };
    till.run(onto).unwrap();
    let line = &till.machine.basket().unwrap().transaction.lines[0];
    assert_eq!((line.quantity, line.net), (kilograms(1000), usd("8.00")));
    let by_hand = Command::SetQuantity { line: LINE, quantity: kilograms(1) };
    assert_eq!(till.run(by_hand).unwrap_err().code, RefusalCode::BadQuantity);
    let weighed = Command::WeighItem { code: BEEF.to_owned(), weight: kilograms(0), scale: None };
    assert_eq!(till.run(weighed).unwrap_err().code, RefusalCode::BadQuantity);
}

#[test]
fn no_lowered_line_falls_below_its_floor_by_another_quantity() {
    let mut till = Till::new();
    let key = |quantity| Command::KeyItem {
        code: SOAP.to_owned(),
        quantity: Some(pieces(quantity)),
        amount: None,
        item: None,
    };
    till.run(key(10)).unwrap();
    assert_eq!(
        till.run(discount("4.91", Some(LINE))).unwrap_err().code.as_str(),
        "below_floor_price"
    );
    till.run(discount("4.90", Some(LINE))).unwrap();
    assert_eq!(totals(&till).net, usd("15.00"), "exactly at the floor of 1.50 a piece");
    let fewer = Command::SetQuantity { line: LINE, quantity: pieces(9) };
    assert_eq!(till.run(fewer).unwrap_err().code, RefusalCode::BelowFloorPrice);
    till.run(Command::SetQuantity { line: LINE, quantity: pieces(11) }).unwrap();
    assert_eq!(totals(&till).net, usd("16.99"));
    let basket_wide = till.run(discount("0.50", None));
    assert_eq!(basket_wide.unwrap_err().code, RefusalCode::BelowFloorPrice);
}

#[test]
fn what_came_off_the_basket_brings_no_other_line_below_its_floor() {
    let mut till = Till::new();
    till.scan(SOAP).unwrap();
    till.scan(MILK).unwrap();
    till.run(discount("1.00", None)).unwrap();
    let net = |till: &Till| till.machine.basket().unwrap().transaction.lines[0].net;
    assert_eq!(net(&till), usd("1.55"), "its share, above the floor of 1.50");
    let version = till.version;
    let without = Command::VoidLine { line: LineNumber(2) };
    assert_eq!(till.run(without).unwrap_err().code, RefusalCode::BelowFloorPrice);
    assert_eq!((till.version, net(&till)), (version, usd("1.55")), "nothing has changed");
    till.scan(MILK).unwrap();
    till.run(Command::VoidLine { line: LineNumber(2) }).unwrap();
    till.run(Command::Undo).unwrap();
    till.run(Command::Undo).unwrap();
    till.run(Command::Undo).unwrap();
    till.run(Command::VoidLine { line: LineNumber(2) }).unwrap();
    assert_eq!(net(&till), usd("1.99"), "without the discount it may");
}

#[test]
fn what_came_off_the_basket_comes_back_with_the_line() {
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    till.run(discount("2.00", None)).unwrap();
    till.run(Command::VoidLine { line: LINE }).unwrap();
    assert_eq!(totals(&till).total, usd("0"));
    till.restart();
    till.run(Command::Undo).unwrap();
    assert_eq!(totals(&till).total, usd("0.50"));
    till.run(Command::Undo).unwrap();
    assert_eq!(totals(&till).total, usd("2.50"));
    assert!(till.machine.basket().unwrap().transaction.basket_modifiers.is_empty());
}

#[test]
fn a_percentage_has_at_most_four_decimals() {
    let percent = |text: &str| Command::ModifyPrice {
        line: Some(LINE),
        modifier: ModifierRequest::PercentOff { percent: text.parse().unwrap() },
        reason: reason("damaged"),
    };
    let mut till = Till::new();
    till.scan(MILK).unwrap();
    assert_eq!(till.run(percent("0.00001")).unwrap_err().code, RefusalCode::BadAmount);
    till.run(percent("33.3333")).unwrap();
    assert_eq!(totals(&till).net, usd("1.67"));
    till.run(percent("50.00000000")).unwrap();
    assert_eq!(totals(&till).net, usd("0.83"), "0.835 off 1.67, rounded half up to 0.84");
    till.run(percent("100")).unwrap();
    assert_eq!(totals(&till).net, usd("0"));
}

#[test]
fn a_tax_that_is_added_is_paid_and_one_that_is_contained_is_not() {
    for (method, total) in [(TaxMethod::Exclusive, "2.70"), (TaxMethod::Inclusive, "2.50")] {
        let mut till = Till::new();
        till.tax = Some(TaxRate { percent: 8.into(), method });
        till.scan(MILK).unwrap();
        assert_eq!(totals(&till).due, usd(total));
        assert_eq!(till.pay("cash", "5.00").unwrap().view.basket.unwrap().totals.total, usd(total));
        till.run(Command::Complete).unwrap();
    }
}

/// Rules with these taxes on top of the price.
fn taxed(till: &Till, default: i64, classes: &[(&str, i64)]) -> Arc<RegisterRules> {
    let rate = |percent: i64| TaxRate { percent: percent.into(), method: TaxMethod::Exclusive };
    let classes = classes.iter().map(|(class, percent)| (Arc::from(*class), rate(*percent)));
    let taxes = TaxTable { default: rate(default), classes: classes.collect() };
    let pricing = Arc::new(PricingRules { taxes, promotions: Arc::default() });
    Arc::new(RegisterRules { pricing, ..till.rules.as_ref().clone() })
}

#[test]
fn a_basket_keeps_its_prices_and_taxes_over_a_restart_and_further_lines_cost_what_they_cost_now() {
    let milk = |price: &str| {
        let milk = format!("1,{MILK},MILK,piece,{price},food\n");
        format!(
            "item,barcodes,description,unit,price,tax_class\n{milk}2,{SOAP},SOAP,piece,2.00,new\n"
        )
    };
    let mut till = Till::new();
    let begun_with = taxed(&till, 5, &[("food", 10)]);
    let catalogue = Arc::new(import(milk("10.00").as_bytes(), Currency::USD).unwrap());
    let (rules, sold) = (begun_with.clone(), catalogue.clone());
    till.feed(RegisterInput::InForceChanged(InForce { revision: 1, catalogue, rules }));
    till.scan(MILK).unwrap();
    let before = totals(&till).clone();
    assert_eq!((before.total, before.due), (usd("11.00"), usd("11.00")));

    till.rules = taxed(&till, 50, &[("food", 20), ("new", 30)]);
    till.catalogue = Arc::new(import(milk("90.00").as_bytes(), Currency::USD).unwrap());
    assert_ne!(till.catalogue.digest(), sold.digest());
    till.restart();
    assert_eq!(*totals(&till), before);
    // Priced again, it comes to the same.
    till.run(Command::SetQuantity { line: LINE, quantity: pieces(2) }).unwrap();
    assert_eq!(totals(&till).total, usd("22.00"));
    till.run(Command::SetQuantity { line: LINE, quantity: pieces(1) }).unwrap();
    assert_eq!(*totals(&till), before);
    till.restart();
    assert_eq!(*totals(&till), before, "a second restart changes nothing either");

    // One more of it costs what it costs now, taxed as the basket began; a class that the basket
    // did not know is taxed as it is now.
    till.scan(MILK).unwrap();
    assert_eq!(totals(&till).total, usd("110.00"));
    till.scan(SOAP).unwrap();
    assert_eq!(totals(&till).total, usd("112.60"));
    till.pay("cash", "112.60").unwrap();
    till.run(Command::Complete).unwrap();
    (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(88)), 0);
    till.scan(MILK).unwrap();
    assert_eq!(totals(&till).total, usd("108.00"), "the next basket follows what is in force");
}

#[test]
fn what_is_beyond_all_amounts_is_refused() {
    let mut till = Till::new();
    let key = |amount: &str| Command::KeyItem {
        code: MILK.to_owned(),
        quantity: None,
        amount: Some(usd(amount)),
        item: None,
    };
    till.run(key("10000000000000")).unwrap();
    assert_eq!(till.run(key("0.01")).unwrap_err().code, RefusalCode::BadAmount);
    assert_eq!(till.scan(MILK).unwrap_err().code, RefusalCode::BadAmount);
    till.tax = Some(TaxRate { percent: 5.into(), method: TaxMethod::Exclusive });
    let again = Command::SetQuantity { line: LINE, quantity: pieces(2) };
    assert_eq!(till.run(again).unwrap_err().code, RefusalCode::BadQuantity, "its amount was keyed");
    assert_eq!(till.run(discount("1", None)).unwrap_err().code, RefusalCode::BadAmount, "the tax");
    let now = till.now();
    assert_eq!(till.machine.view(now).basket.unwrap().lines.len(), 1);
}

#[test]
fn a_shelf_price_below_the_floor_is_the_stores_own_business() {
    let mut till = Till::new();
    till.scan("G1").unwrap();
    till.run(Command::SetQuantity { line: LINE, quantity: pieces(3) }).unwrap();
    assert_eq!(totals(&till).net, usd("1.50"));
    assert_eq!(
        till.run(discount("0.01", Some(LINE))).unwrap_err().code,
        RefusalCode::BelowFloorPrice
    );
}
