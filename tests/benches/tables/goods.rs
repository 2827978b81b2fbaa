//! A catalogue of any size, with names as long as real ones.

use crate::random::Random;
use std::fmt::Write as _;

use store_core::barcode::check_digit;

const DEPARTMENTS: [&str; 8] = ["生鮮", "乳品", "飲料", "零食", "冷凍", "日用", "清潔", "烘焙"];
const KINDS: [&str; 12] = [
    "鮮乳",
    "優格",
    "綠茶",
    "烏龍茶",
    "洋芋片",
    "餅乾",
    "水餃",
    "衛生紙",
    "洗衣精",
    "吐司",
    "蘋果",
    "雞蛋",
];
const MAKERS: [&str; 10] =
    ["光陽", "大同村", "春水", "山田", "綠野", "北海", "四季", "金豐", "Harvest", "Sunny Day"];

/// The barcode of the item with this number: a GTIN-13 of Taiwan's prefix.
pub fn barcode(number: usize) -> String {
    let body = format!("471{number:09}");
    let digit = check_digit(&body).expect("twelve digits");
    format!("{body}{digit}")
}

/// A catalogue in our own form, the same for the same number of items.
pub fn catalogue(items: usize) -> String {
    let mut random = Random::new(42);
    let mut csv =
        String::from("item,barcodes,description,department,category,brand,unit,price,tax_class\n");
    for number in 0..items {
        let department = random.place(DEPARTMENTS.len());
        let (kind, maker) = (random.place(KINDS.len()), random.place(MAKERS.len()));
        let (size, price) = (50 + 50 * random.place(30), 10 + random.place(490));
        writeln!(
            csv,
            "A{number:07},{},{} {} {size}g 第{number}號,{},{},{},piece,{price},",
            barcode(number),
            MAKERS[maker],
            KINDS[kind],
            DEPARTMENTS[department],
            KINDS[kind],
            MAKERS[maker],
        )
        .expect("a string takes everything");
    }
    csv
}
