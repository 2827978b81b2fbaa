use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{BootId, Machine, Now};

fn item() -> ItemId {
    ItemId::new("m1").unwrap()
}

fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

fn level(safety_stock: i64, clear_at: i64) -> SafetyStockLevel {
    SafetyStockLevel {
        item: item(),
        safety_stock: pieces(safety_stock),
        clear_at: pieces(clear_at),
    }
}

fn step(machine: &mut SafetyStockMachine, input: SafetyStockInput) -> Vec<AlertChange> {
    let now = Now {
        wall: Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let mut effects = Vec::new();
    machine.step(now, input, &mut effects);
    effects.into_iter().map(|SafetyStockEffect::Alert { change, .. }| change).collect()
}

fn at(machine: &mut SafetyStockMachine, on_hand: i64) -> Vec<AlertChange> {
    step(machine, SafetyStockInput::LevelChanged { item: item(), on_hand: pieces(on_hand) })
}

#[test]
fn an_alert_goes_up_once_and_away_only_well_above_the_mark() {
    let mut machine = SafetyStockMachine::default();
    assert!(at(&mut machine, 3).is_empty(), "no level, no alert");
    let set = SafetyStockInput::LevelsSet(vec![level(10, 15)]);
    assert_eq!(step(&mut machine, set), [AlertChange::Raise], "it is below the new mark already");
    for (on_hand, change) in [
        (9, None),
        (11, None),
        (14, None),
        (15, Some(AlertChange::Clear)),
        (11, None),
        (10, Some(AlertChange::Raise)),
        (-2, None),
        (40, Some(AlertChange::Clear)),
    ] {
        assert_eq!(at(&mut machine, on_hand), Vec::from_iter(change), "{on_hand}");
    }
    let set = SafetyStockInput::LevelsSet(vec![level(50, 60)]);
    assert_eq!(step(&mut machine, set), [AlertChange::Raise]);
    let set = SafetyStockInput::LevelsSet(vec![level(5, 20)]);
    assert_eq!(step(&mut machine, set), [AlertChange::Clear]);
}

#[test]
fn a_level_in_another_unit_decides_nothing() {
    let kilo = Quantity::one(Unit::Kilogram);
    assert_eq!(decide(AlertState::Clear, &level(10, 15), kilo), None);
    assert_eq!(decide(AlertState::Raised, &level(0, 1), kilo), None);
}

#[test]
fn without_a_mark_of_its_own_an_alert_clears_one_step_above() {
    let default = level_with_default_clearing(item(), pieces(10));
    assert_eq!(default, level(10, 11));
    let weighed = Quantity::from_thousandths(2500, Unit::Kilogram).unwrap();
    let default = level_with_default_clearing(item(), weighed);
    assert_eq!(default.clear_at.thousandths(), 2501);
}

proptest! {
    #[test]
    fn alerts_alternate_and_each_was_due(
        safety_stock in 0_i64..30,
        clear_at in 0_i64..60,
        levels in prop::collection::vec(-10_i64..80, 1..60),
    ) {
        let mut machine = SafetyStockMachine::default();
        step(&mut machine, SafetyStockInput::LevelsSet(vec![level(safety_stock, clear_at)]));
        let mut is_raised = false;
        for on_hand in levels {
            for change in at(&mut machine, on_hand) {
                prop_assert_eq!(is_raised, change == AlertChange::Clear, "alerts alternate");
                is_raised = change == AlertChange::Raise;
            }
            prop_assert_eq!(machine.raised.contains(&item()), is_raised);
            prop_assert!(is_raised || on_hand > safety_stock, "{on_hand} went unnoticed");
            prop_assert!(!is_raised || on_hand < clear_at.max(safety_stock + 1));
        }
    }
}
