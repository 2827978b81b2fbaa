//! The tables are the machines' own fold, written down.

use std::collections::BTreeMap;

use store_core::fact::Fact;
use store_core::invariants::check_stock;
use store_core::inventory::InventoryEffect;
use store_core::inventory::{InventoryInput, InventoryMachine, MovementKind};
use store_core::promotion::uses::Sold;
use store_core::safety_stock::{SafetyStockInput, SafetyStockMachine};
use store_core::{Machine, Quantity, Unit};
use store_journal::{DayOfPromotion, LedgerReads, Write};

use crate::bench::{Bench, placed};
use crate::everything::{Seen, everything};
use crate::trade::{Trade, at, cashier, five, item, member, moment, pieces, promise};

super::on_both!(
    the_tables_are_the_fold_of_the_rows,
    alerts_go_up_and_down_with_the_stock,
    uses_of_promotions_are_those_of_the_sales,
    looking_changes_nothing,
);

/// A little day with everything in it that moves stock.
fn day<B: Bench>(bench: &mut B, trade: &mut Trade) {
    let kilograms = |grams| Quantity::from_thousandths(grams, Unit::Kilogram).unwrap();
    let bread = trade.basket("1", "bread", 3);
    let given_up = trade.basket("2", "milk", 9);
    let appends = [
        trade.sign_on("1"),
        trade.levels(&[("milk", 2, 5), ("bread", 1, 2)]),
        trade.moved("milk", MovementKind::Received, pieces(6)),
        trade.sale("1", 1),
        trade.sale("2", 1),
        trade.completed(bread, 2),
        trade.abandoned(given_up),
        trade.moved("milk", MovementKind::WrittenOff, pieces(1)),
        trade.moved("beef", MovementKind::Adjusted, kilograms(1250)),
        trade.moved("beef", MovementKind::Counted, kilograms(1100)),
        trade.moved("beef", MovementKind::Received, pieces(2)),
        trade.levels(&[("milk", 0, 1)]),
        trade.sign_off("1"),
    ];
    for group in appends.chunks(4) {
        for outcome in bench.write(group.iter().map(promise).collect()) {
            placed(&outcome);
        }
    }
}

fn the_tables_are_the_fold_of_the_rows<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    day(&mut bench, &mut trade);
    bench.reopen();
    let (mut inventory, mut safety) = (InventoryMachine::default(), SafetyStockMachine::default());
    let mut facts = Vec::new();
    for row in bench.rows() {
        let Some(committed) = row.committed().unwrap() else { continue };
        if let Fact::SafetyStockSet(levels) = &committed.fact {
            safety.step(row.now, SafetyStockInput::LevelsSet(levels.clone()), &mut Vec::new());
        }
        facts.push(committed.fact.clone());
        let mut effects = Vec::new();
        inventory.step(row.now, InventoryInput::Committed(committed), &mut effects);
        for InventoryEffect::LevelChanged { item, on_hand, .. } in effects {
            safety.step(row.now, SafetyStockInput::LevelChanged { item, on_hand }, &mut Vec::new());
        }
    }
    let ledger = bench.ledger();
    assert_eq!(ledger.inventory().unwrap(), inventory);
    assert_eq!(ledger.safety_stock().unwrap(), safety);
    assert_eq!(ledger.stock_on_hand().unwrap(), inventory.on_hand);
    check_stock(&facts, &inventory.on_hand).unwrap();
    assert_eq!(ledger.stock(&item("milk")).unwrap(), Some(pieces(1)));
    assert_eq!(ledger.stock(&item("bread")).unwrap(), Some(pieces(-3)), "sold all the same");
    let beef = Quantity::from_thousandths(1100, Unit::Kilogram).unwrap();
    assert_eq!(ledger.stock(&item("beef")).unwrap(), Some(beef), "two pieces of no weight");
    assert_eq!(ledger.stock(&item("salt")).unwrap(), None);
    assert_eq!(ledger.last_number(&at("1")).unwrap().0, 2);
    assert_eq!(ledger.register(&at("1")).unwrap().unwrap().operator, None);
    assert_eq!(ledger.register(&at("3")).unwrap(), None);
    bench.verify();
}

fn alerts_go_up_and_down_with_the_stock<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    let raised = |bench: &mut B| -> Vec<String> {
        let alerts = bench.ledger().stock_alerts().unwrap();
        alerts.into_iter().map(|alert| alert.item.to_string()).collect()
    };
    placed(&bench.append(&trade.levels(&[("milk", 2, 5), ("bread", 0, 1)])));
    assert_eq!(raised(&mut bench), [""; 0], "nobody knows yet how much there is");
    placed(&bench.append(&trade.moved("milk", MovementKind::Received, pieces(3))));
    assert_eq!(raised(&mut bench), [""; 0]);
    let fall = trade.moved("milk", MovementKind::WrittenOff, pieces(1));
    placed(&bench.append(&fall));
    placed(&bench.append(&trade.moved("bread", MovementKind::Counted, pieces(0))));
    assert_eq!(raised(&mut bench), ["milk", "bread"], "in the order in which they went up");
    let since = bench.ledger().stock_alerts().unwrap()[0].since_wall_ms;
    assert_eq!(since, fall.now.wall.as_millisecond());
    placed(&bench.append(&trade.moved("milk", MovementKind::Received, pieces(2))));
    assert_eq!(raised(&mut bench), ["milk", "bread"], "not before it is well above");
    bench.power_cut(0);
    placed(&bench.append(&trade.moved("milk", MovementKind::Received, pieces(1))));
    assert_eq!(raised(&mut bench), ["bread"]);
    placed(&bench.append(&trade.levels(&[("milk", 8, 9)])));
    assert_eq!(raised(&mut bench), ["bread", "milk"], "the mark moved, not the stock");
    bench.verify();
}

fn uses_of_promotions_are_those_of_the_sales<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    day(&mut bench, &mut trade);
    bench.power_cut(0);
    let today = moment(1).business_day();
    let tomorrow = moment(100_000).business_day();
    let ledger = bench.ledger();
    // Two of milk and one of bread were sold, one of milk was given up.
    let sold = |of: &str, day| ledger.promotion_sold(&five(of), day).unwrap();
    assert_eq!(sold("milk", today), Sold { ever: 2, today: 2, amount: 10 });
    assert_eq!(sold("milk", tomorrow), Sold { ever: 2, today: 0, amount: 10 });
    assert_eq!(sold("salt", today), Sold::default());
    let theirs = ledger.promotions_sold_to(&member()).unwrap();
    assert_eq!(theirs, BTreeMap::from([(five("bread"), 1), (five("milk"), 2)]));
    assert_eq!(ledger.points_spent(&member(), today).unwrap(), 9, "three sales");
    assert_eq!(ledger.points_spent(&member(), tomorrow).unwrap(), 0);
    assert!(ledger.is_coupon_used("FIVE").unwrap());
    assert!(!ledger.is_coupon_used("five").unwrap(), "another code");
    let days = ledger.promotion_days().unwrap();
    let milk = DayOfPromotion { baskets: 2, uses: 2, units: 4, amount: 10, sales: 60 };
    assert_eq!(days.get(&(five("milk"), today)), Some(&milk));
    assert_eq!(days.len(), 2);
    bench.verify();
}

fn looking_changes_nothing<B: Bench>() {
    let (mut bench, mut trade) = (B::new(), Trade::new(1));
    day(&mut bench, &mut trade);
    let on = trade.sign_on("2");
    placed(&bench.append(&on));
    bench.one(Write::Prune { before_ms: 0 }).unwrap();
    let seen = Seen { transactions: vec![trade.transaction()], commands: vec![on.id] };
    let first = everything(bench.ledger(), &seen);
    assert_eq!(everything(bench.ledger(), &seen), first);
    assert!(first.contains(cashier().as_str()));
    bench.reopen();
    assert_eq!(everything(bench.ledger(), &seen), first, "nor does closing and opening");
}
