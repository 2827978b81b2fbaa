//! Stock and alerts are those of the core's own machines, fed with the same facts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hq::store::Scope;
use hq_wire::facts::v1;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::inventory::{
    InventoryEffect, InventoryInput, InventoryMachine, MovementKind, StockMovement,
};
use store_core::safety_stock::{SafetyStockInput, SafetyStockLevel, SafetyStockMachine};
use store_core::transaction::{
    EntryMethod, LineItem, LineKind, PriceSource, RetailTransaction, Totals, VoidedLine,
};
use store_core::{
    BootId, BusinessDay, Currency, ItemId, JournalSequence, LineNumber, Machine, Money, Now,
    OperatorId, Quantity, ReasonCode, StoreId, StreamId, TransactionId, Unit, WorkstationId,
};
use uuid::Uuid;

use crate::journal::{Journal, quantity, sale};
use crate::support::{Place, with_stores};

crate::everywhere! { stock_and_alerts_are_those_of_the_machines }

/// One fact, in a form from which both sides make theirs.
#[derive(Clone, Debug)]
enum Step {
    /// Lines: item, thousandths, whether it is weighed, whether it was voided.
    Sale(Vec<(u8, i64, bool, bool)>),
    Moved(u8, v1::MovementKind, i64, bool),
    Levels(Vec<(u8, i64, i64)>),
}

fn step() -> impl Strategy<Value = Step> {
    let item = 0..3_u8;
    let pieces = (-2..6_i64).prop_map(|count| count * 1000);
    let line = (item.clone(), pieces.clone(), prop::bool::weighted(0.2), prop::bool::weighted(0.2));
    let kind = prop_oneof![
        Just(v1::MovementKind::Received),
        Just(v1::MovementKind::WrittenOff),
        Just(v1::MovementKind::Adjusted),
        Just(v1::MovementKind::Counted),
    ];
    let level = (item.clone(), 0..5_i64, 0..8_i64);
    prop_oneof![
        4 => prop::collection::vec(line, 1..4).prop_map(Step::Sale),
        2 => (item, kind, pieces, prop::bool::weighted(0.2))
            .prop_map(|(item, kind, amount, weighed)| Step::Moved(item, kind, amount, weighed)),
        1 => prop::collection::vec(level, 1..3).prop_map(Step::Levels),
    ]
}

fn name(item: u8) -> String {
    format!("i{item}")
}

fn id(item: u8) -> ItemId {
    ItemId::new(&name(item)).unwrap()
}

fn amount(thousandths: i64, is_weighed: bool) -> Quantity {
    let unit = if is_weighed { Unit::Kilogram } else { Unit::Piece };
    Quantity::from_thousandths(thousandths, unit).unwrap()
}

fn on_wire(value: Quantity) -> v1::Quantity {
    quantity(&value.amount().to_string(), value.unit().code())
}

fn to_wire(step: &Step, number: u64) -> v1::Fact {
    match step {
        Step::Sale(lines) => {
            let names: Vec<String> = lines.iter().map(|line| name(line.0)).collect();
            let lines_of: Vec<(&str, i64)> = names.iter().map(|it| (it.as_str(), 1)).collect();
            let mut sale = sale("367", number, 9, &lines_of);
            for (line, (_, thousandths, is_weighed, is_voided)) in sale.lines.iter_mut().zip(lines)
            {
                line.quantity = on_wire(amount(*thousandths, *is_weighed));
                line.voided = is_voided.then(|| v1::VoidedLine {
                    operator: "c1".to_owned(),
                    reason: "voided".to_owned(),
                });
            }
            v1::Fact::SaleCompleted(Box::new(sale))
        }
        Step::Moved(item, kind, thousandths, is_weighed) => v1::Fact::StockMoved(v1::StockMoved {
            item: name(*item),
            kind: *kind,
            quantity: on_wire(amount(*thousandths, *is_weighed)),
            reason: "r".to_owned(),
            operator: "s1".to_owned(),
        }),
        Step::Levels(levels) => v1::Fact::SafetyStockSet(v1::SafetyStockSet {
            levels: levels
                .iter()
                .map(|(item, safety, clear)| v1::SafetyStockLevel {
                    item: name(*item),
                    safety_stock: on_wire(amount(safety * 1000, false)),
                    clear_at: on_wire(amount(clear * 1000, false)),
                })
                .collect(),
        }),
    }
}

fn line(item: u8, quantity: Quantity, is_voided: bool) -> LineItem {
    let (nothing, text) = (Money::zero(Currency::TWD), Arc::<str>::from(""));
    LineItem {
        line: LineNumber(1),
        kind: LineKind::Sale,
        item: id(item),
        code: text.clone(),
        entry: EntryMethod::Keyed,
        description: text.clone(),
        department: text.clone(),
        category: text.clone(),
        tax_class: text,
        quantity,
        unit_price: nothing,
        shelf_amount: nothing,
        price_source: PriceSource::Catalogue,
        recorded_modifiers: Vec::new(),
        modifiers: Vec::new(),
        net: nothing,
        return_reason: None,
        by_department: false,
        deposit_of: None,
        serial: None,
        weighing: None,
        voided: is_voided.then(|| VoidedLine {
            operator: OperatorId::new("c1").unwrap(),
            reason: ReasonCode::new("voided").unwrap(),
        }),
    }
}

fn now() -> Now {
    Now {
        wall: Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

fn to_core(step: &Step) -> Fact {
    match step {
        Step::Sale(lines) => Fact::SaleCompleted(Box::new(RetailTransaction {
            id: TransactionId::new(Uuid::nil()),
            store: StoreId::new("367").unwrap(),
            workstation: WorkstationId::new("1").unwrap(),
            operator: OperatorId::new("c1").unwrap(),
            business_day: BusinessDay::new(date(2026, 11, 24)),
            opened: now(),
            currency: Currency::TWD,
            number: None,
            lines: lines.iter().map(|it| line(it.0, amount(it.1, it.2), it.3)).collect(),
            basket_modifiers: Vec::new(),
            tenders: Vec::new(),
            totals: Totals::zero(Currency::TWD),
            ban: None,
            approvals: Vec::new(),
            pricing: None,
        })),
        Step::Moved(item, kind, thousandths, is_weighed) => Fact::StockMoved(StockMovement {
            item: id(*item),
            kind: match kind {
                v1::MovementKind::Received => MovementKind::Received,
                v1::MovementKind::WrittenOff => MovementKind::WrittenOff,
                v1::MovementKind::Adjusted => MovementKind::Adjusted,
                v1::MovementKind::Counted => MovementKind::Counted,
            },
            quantity: amount(*thousandths, *is_weighed),
            reason: ReasonCode::new("r").unwrap(),
            operator: OperatorId::new("s1").unwrap(),
        }),
        Step::Levels(levels) => {
            let level = |(item, safety, clear): &(u8, i64, i64)| SafetyStockLevel {
                item: id(*item),
                safety_stock: amount(safety * 1000, false),
                clear_at: amount(clear * 1000, false),
            };
            Fact::SafetyStockSet(levels.iter().map(level).collect())
        }
    }
}

/// What the core's machines make of the same facts.
fn by_machines(steps: &[Step]) -> (BTreeMap<String, (i64, String)>, BTreeSet<String>) {
    let (mut inventory, mut safety) = (InventoryMachine::default(), SafetyStockMachine::default());
    for (sequence, step) in (1..).zip(steps) {
        let fact = to_core(step);
        if let Fact::SafetyStockSet(levels) = &fact {
            safety.step(now(), SafetyStockInput::LevelsSet(levels.clone()), &mut Vec::new());
        }
        let position =
            RowPosition { stream: StreamId::new(Uuid::nil()), sequence: JournalSequence(sequence) };
        let row = CommittedFact { position, now: now(), fact };
        let mut effects = Vec::new();
        inventory.step(now(), InventoryInput::Committed(row), &mut effects);
        for InventoryEffect::LevelChanged { item, on_hand, .. } in effects {
            safety.step(now(), SafetyStockInput::LevelChanged { item, on_hand }, &mut Vec::new());
        }
    }
    let level = |quantity: &Quantity| (quantity.thousandths(), quantity.unit().code().to_owned());
    let levels = inventory.on_hand.iter().map(|(item, on_hand)| (item.to_string(), level(on_hand)));
    (levels.collect(), safety.raised.iter().map(ToString::to_string).collect())
}

fn stock_and_alerts_are_those_of_the_machines(place: &Place) {
    let cases = if place.is_fast() { 150 } else { 6 };
    let mut runner = TestRunner::new(Config { cases, ..Config::default() });
    let steps = (prop::collection::vec(step(), 1..25), 1..9_usize);
    let property = |(steps, at_once): (Vec<Step>, usize)| {
        let mut hq = with_stores(&place.another(), &["367"]);
        let mut journal = Journal::new("367", 1);
        (1..).zip(&steps).for_each(|(number, step)| journal.push(&to_wire(step, number)));
        let rows = journal.rows.len();
        for first in (1..=rows).step_by(at_once) {
            hq.ingest(&[journal.message(first..=(first + at_once - 1).min(rows))], 1000).unwrap();
        }
        let stock = hq.stock("367", "").unwrap();
        let levels =
            stock.iter().map(|it| (it.item.clone(), (it.on_hand_thousandths, it.unit.clone())));
        let alerts = hq.alerts(&Scope::All, 100).unwrap();
        let alerts = alerts.into_iter().map(|it| it.item);
        assert_eq!((levels.collect(), alerts.collect()), by_machines(&steps));
        Ok(())
    };
    if let Err(failure) = runner.run(&steps, property) {
        panic!("{failure}");
    }
}
