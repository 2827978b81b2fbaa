use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::fact::{CommittedFact, RowPosition};
use crate::invariants::check_stock;
use crate::transaction::tests::line;
use crate::transaction::{LineItem, Totals, VoidedLine};
use crate::{
    BootId, JournalSequence, Machine, Now, StoreId, StreamId, TransactionId, WorkstationId,
};

fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

fn kilograms(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths, Unit::Kilogram).unwrap()
}

fn movement(kind: MovementKind, quantity: Quantity) -> Fact {
    Fact::StockMoved(StockMovement {
        item: ItemId::new("m1").unwrap(),
        kind,
        quantity,
        reason: ReasonCode::new("delivery").unwrap(),
        operator: OperatorId::new("c1").unwrap(),
    })
}

fn row(stream: u128, sequence: u64, fact: Fact) -> CommittedFact {
    let position = RowPosition {
        stream: StreamId::new(Uuid::from_u128(stream)),
        sequence: JournalSequence(sequence),
    };
    let now = Now {
        wall: Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: false,
    };
    CommittedFact { position, now, fact }
}

fn fed(machine: &mut InventoryMachine, row: CommittedFact) -> Vec<InventoryEffect> {
    let mut effects = Vec::new();
    machine.step(row.now, InventoryInput::Committed(row), &mut effects);
    effects
}

#[test]
fn stock_is_what_came_less_what_went() {
    let mut machine = InventoryMachine::default();
    let facts = [
        (movement(MovementKind::Received, pieces(24)), 24),
        (movement(MovementKind::WrittenOff, pieces(2)), 22),
        (movement(MovementKind::Adjusted, pieces(-3)), 19),
        (movement(MovementKind::Counted, pieces(5)), 5),
        (movement(MovementKind::WrittenOff, pieces(8)), -3),
        (movement(MovementKind::Received, pieces(3)), 0),
    ];
    for (sequence, (fact, level)) in (1..).zip(&facts) {
        let effects = fed(&mut machine, row(1, sequence, fact.clone()));
        let expected = InventoryEffect::LevelChanged {
            item: ItemId::new("m1").unwrap(),
            on_hand: pieces(*level),
            is_negative: *level < 0,
        };
        assert_eq!(effects, [expected]);
    }
    assert_eq!(check_stock(facts.iter().map(|(fact, _)| fact), &machine.on_hand), Ok(()));
}

#[test]
fn a_row_counts_once_and_a_new_stream_begins_again_at_one() {
    let mut machine = InventoryMachine::default();
    let delivery = || movement(MovementKind::Received, pieces(1));
    assert_eq!(fed(&mut machine, row(1, 2, delivery())).len(), 1);
    assert!(fed(&mut machine, row(1, 2, delivery())).is_empty());
    assert!(fed(&mut machine, row(1, 1, delivery())).is_empty());
    assert_eq!(fed(&mut machine, row(2, 1, delivery())).len(), 1);
    assert_eq!(machine.on_hand.values().copied().collect::<Vec<_>>(), [pieces(2)]);
}

#[test]
fn pieces_do_not_move_a_weight_and_a_weight_begins_a_new_level_over_pieces() {
    let by = |quantity| StockChange::By(quantity);
    assert_eq!(by(kilograms(-250)).level_after(Some(kilograms(1000))), kilograms(750));
    assert_eq!(by(pieces(-1)).level_after(Some(kilograms(1000))), kilograms(1000));
    assert_eq!(by(kilograms(2000)).level_after(Some(pieces(-7))), kilograms(2000));
    assert_eq!(by(pieces(-1)).level_after(None), pieces(-1));
    assert_eq!(StockChange::To(pieces(4)).level_after(Some(kilograms(1))), pieces(4));
    let most = pieces(1_000_000);
    assert_eq!(by(pieces(1)).level_after(Some(most)), most, "beyond the range it stays");
}

#[test]
fn a_kind_of_movement_is_known_by_its_code() {
    use MovementKind::{Adjusted, Counted, Received, WrittenOff};
    for kind in [Received, WrittenOff, Adjusted, Counted] {
        assert_eq!(MovementKind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
    assert_eq!(MovementKind::from_code("lost"), None);
}

#[test]
fn a_sale_moves_what_was_sold_and_returned_and_nothing_that_was_voided_or_only_noted() {
    let price = |minor| crate::Money::from_minor(minor, crate::Currency::USD).unwrap();
    let voided = VoidedLine {
        operator: OperatorId::new("c1").unwrap(),
        reason: ReasonCode::new("voided").unwrap(),
    };
    let noted = LineItem { quantity: pieces(0), ..line("", price(0)) };
    let lines = vec![
        LineItem { quantity: pieces(3), ..line("", price(300)) },
        LineItem { voided: Some(voided), ..line("", price(100)) },
        noted,
        line("", price(-100)),
    ];
    let now = row(1, 1, movement(MovementKind::Counted, pieces(0))).now;
    let sale = RetailTransaction {
        id: TransactionId::new(Uuid::nil()),
        store: StoreId::new("1").unwrap(),
        workstation: WorkstationId::new("1").unwrap(),
        operator: OperatorId::new("c1").unwrap(),
        business_day: now.business_day(),
        opened: now,
        currency: crate::Currency::USD,
        number: None,
        lines,
        basket_modifiers: Vec::new(),
        tenders: Vec::new(),
        totals: Totals::zero(crate::Currency::USD),
        ban: None,
        approvals: Vec::new(),
        pricing: None,
    };
    let changes = |fact: &Fact| -> Vec<StockChange> {
        stock_changes(fact).into_iter().map(|(_, change)| change).collect()
    };
    let expected = [StockChange::By(pieces(-3)), StockChange::By(pieces(1))];
    assert_eq!(changes(&Fact::SaleCompleted(Box::new(sale.clone()))), expected);
    let reason = ReasonCode::new("mistake").unwrap();
    let abandoned = Fact::SaleAbandoned { transaction: Box::new(sale), reason };
    assert!(changes(&abandoned).is_empty());
}
