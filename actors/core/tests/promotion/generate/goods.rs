//! What is bought: few items of few prices, so that much is equal.

use std::sync::Arc;

use store_core::promotion::goods::{Goods, GoodsLine};
use store_core::tax::{TaxMethod, TaxRate};
use store_core::{Currency, ItemId, LineNumber, Quantity, Unit};

use crate::brute::arithmetic::half_up;
use crate::make::tax;
use crate::random::Random;

/// The items of the shop, as (id, brand, department, category, tags).
pub const ITEMS: [(&str, &str, &str, &str, &[&str]); 7] = [
    ("apple", "farm", "fresh", "fruit", &["red"]),
    ("bread", "baker", "fresh", "bread/white", &[]),
    ("cola", "fizz", "dry", "drinks/cold/sweet", &["red", "new"]),
    ("date", "farm", "dry", "fruit/dried", &["new"]),
    ("egg", "farm", "fresh", "eggs", &["green"]),
    ("fish", "boat", "fresh", "fish", &[]),
    ("grape", "farm", "fresh", "fruit", &["green"]),
];

const PRICES: [&[i64]; 3] = [&[10, 20, 30, 50, 100], &[30, 50], &[5, 33, 49, 99, 101, 250]];

pub fn draw(random: &mut Random, units_max: usize) -> Goods {
    let prices = random.pick(&PRICES);
    let taxes = draw_taxes(random);
    let kinds = 1 + random.below(5);
    let stock: Vec<GoodsLine> = (0..kinds).map(|_| item(random, prices, &taxes)).collect();
    let mut stock = stock;
    stock.sort_by(|a, b| a.item.cmp(&b.item));
    stock.dedup_by(|a, b| a.item == b.item);
    let mut lines: Vec<GoodsLine> = Vec::new();
    let mut units = 0;
    while units < units_max {
        let mut line = random.pick(&stock);
        line.line = LineNumber(u32::try_from(lines.len() + 1).unwrap());
        if line.quantity.unit() == Unit::Piece {
            let most = i64::try_from(units_max - units).unwrap().min(4);
            let pieces = random.between(1, most);
            line.quantity = Quantity::pieces(pieces).unwrap();
            line.amount = line.unit_price * pieces;
            units += usize::try_from(pieces).unwrap();
        } else {
            units += 1;
        }
        if random.percent(8) {
            line.is_fixed = true;
            line.amount -= line.amount / random.between(2, 9);
        }
        lines.push(line);
    }
    Goods { currency: Currency::TWD, lines }
}

fn item(random: &mut Random, prices: &[i64], taxes: &[(&str, TaxRate)]) -> GoodsLine {
    let (id, brand, department, category, tags) = random.pick(&ITEMS);
    let (class, rate) = random.pick(taxes);
    let unit_price = random.pick(prices);
    let is_weighed = id == "fish" || (id == "apple" && random.percent(50));
    let thousandths = if is_weighed { random.pick(&[333, 500, 1250, 2000]) } else { 1000 };
    let unit = if is_weighed { Unit::Kilogram } else { Unit::Piece };
    let tags: Vec<Arc<str>> = tags.iter().map(|tag| (*tag).into()).collect();
    GoodsLine {
        line: LineNumber(0),
        item: ItemId::from_static(id),
        brand: brand.into(),
        department: department.into(),
        category: category.into(),
        tags: tags.into(),
        quantity: Quantity::from_thousandths(thousandths, unit).unwrap(),
        unit_price,
        amount: half_up(unit_price * thousandths, 1000),
        tax_class: class.into(),
        tax: rate,
        is_fixed: false,
    }
}

/// As in Taiwan, as in the United States, or every kind at once.
fn draw_taxes(random: &mut Random) -> Vec<(&'static str, TaxRate)> {
    let inclusive = ("standard", tax("5", TaxMethod::Inclusive));
    let exclusive = ("general", tax("8.875", TaxMethod::Exclusive));
    let free = ("free", tax("0", TaxMethod::Exclusive));
    match random.below(4) {
        0 | 1 => vec![inclusive],
        2 => vec![exclusive, free],
        _ => vec![
            inclusive,
            exclusive,
            free,
            ("heavy", tax("20", TaxMethod::Inclusive)),
            ("ten", tax("10", TaxMethod::Exclusive)),
            ("again", tax("10", TaxMethod::Exclusive)),
        ],
    }
}

/// What all of it costs, about.
pub fn subtotal(goods: &Goods) -> i64 {
    goods.lines.iter().map(|line| line.amount).sum()
}
