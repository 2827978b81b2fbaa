//! Every receipt as the customer sees it, in both languages. `UPDATE_GOLDEN=1` writes them anew.

#![allow(clippy::disallowed_methods, reason = "the golden files are read and written here")]

use std::path::PathBuf;

use super::sale::{america, money, plain, promoted, refund, rules, taiwan};
use crate::Currency;
use crate::buyer::Ban;
use crate::receipt::{Frame, ReceiptHeader, ReceiptLabels, layout};
use crate::tax::TaxMethod;
use crate::transaction::{ForeignCash, RetailTransaction};

pub fn chinese() -> ReceiptLabels {
    ReceiptLabels::from_json(include_str!("../../../../../hub/text/receipt.zh-TW.json")).unwrap()
}

pub fn english() -> ReceiptLabels {
    ReceiptLabels::from_json(include_str!("../../../../../hub/text/receipt.en.json")).unwrap()
}

pub fn header() -> ReceiptHeader {
    ReceiptHeader {
        store_name: "幸福超市 信義店".to_owned(),
        address: vec!["臺北市信義區市府路1號".to_owned(), "統一編號 12345675".to_owned()],
        footer: vec!["商品七日內可憑本單退換".to_owned()],
    }
}

fn american_header() -> ReceiptHeader {
    ReceiptHeader {
        store_name: "MAIN STREET MARKET".to_owned(),
        address: vec!["1 Main Street, Springfield".to_owned()],
        footer: Vec::new(),
    }
}

pub fn check(name: &str, actual: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/golden/receipt", name].iter().collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "{name} has changed; it is now\n{actual}");
}

fn both(name: &str, sale: &RetailTransaction, header: &ReceiptHeader, copy: Option<u32>) {
    for (language, labels) in [("zh-TW", chinese()), ("en", english())] {
        for columns in [48, 32] {
            let (labels, rules, return_code) = (&labels, &rules(), Some("RC1:A"));
            let is_post_void = name.ends_with("-voided");
            let is_training = name.ends_with("-training");
            let return_code = return_code.filter(|_| !is_training);
            let frame =
                Frame { header, labels, rules, copy, return_code, is_post_void, is_training };
            let text = layout(sale, &frame).to_text(columns);
            check(&format!("{name}.{language}.{columns}.txt"), &text);
        }
    }
}

#[test]
fn a_full_basket_in_taiwan() {
    both("taiwan", &taiwan(), &header(), None);
}

#[test]
fn a_company_finds_its_number_at_the_head() {
    let company = RetailTransaction { ban: Ban::new("04595252").ok(), ..taiwan() };
    both("taiwan-company", &company, &header(), None);
}

#[test]
fn a_second_copy_says_so_at_both_ends() {
    both("taiwan-copy", &taiwan(), &header(), Some(2));
}

#[test]
fn an_undone_sale_says_so_at_both_ends() {
    both("taiwan-voided", &taiwan(), &header(), None);
}

#[test]
fn a_sale_of_training_says_so_in_both_languages_at_both_ends() {
    both("taiwan-training", &taiwan(), &header(), Some(1));
}

#[test]
fn what_a_tender_was_besides_an_amount() {
    let mut sale = taiwan();
    let foreign =
        ForeignCash { amount: money("20", Currency::USD), rate: "31.25".parse().unwrap() };
    sale.tenders[0].foreign = Some(foreign);
    sale.tenders[0].face = Some(money("500", Currency::TWD));
    sale.totals.rounding = Some(money("-2", Currency::TWD));
    both("tenders", &sale, &header(), None);
}

#[test]
fn a_basket_with_added_tax_and_fuel() {
    both("america", &america(), &american_header(), None);
}

#[test]
fn a_refund() {
    both("refund", &refund(), &header(), None);
}

#[test]
fn promotions_by_their_names() {
    both("promoted", &promoted(Currency::TWD, TaxMethod::Inclusive), &header(), None);
    both("promoted-added", &promoted(Currency::USD, TaxMethod::Exclusive), &header(), None);
}

#[test]
fn the_smallest_receipt() {
    both("plain", &plain(), &american_header(), None);
}
