use proptest::prelude::*;

use super::*;

const UNITS: [Unit; 4] = [Unit::Piece, Unit::Kilogram, Unit::Litre, Unit::Gallon];

#[test]
fn a_quantity_has_thousandths_and_pieces_are_whole() {
    assert_eq!(Quantity::parse("1.25", Unit::Kilogram).unwrap().thousandths(), 1250);
    assert_eq!(Quantity::parse("-3", Unit::Piece).unwrap().thousandths(), -3000);
    assert_eq!(Quantity::parse("3.000", Unit::Piece), Quantity::pieces(3));
    assert_eq!(Quantity::parse("1.5", Unit::Piece), Err(QuantityError::NotWhole));
    assert_eq!(Quantity::parse("0.0005", Unit::Litre), Err(QuantityError::TooPrecise));
    assert_eq!(Quantity::parse("1e3", Unit::Litre), Err(QuantityError::BadAmount));
    assert_eq!(Quantity::parse("1000000", Unit::Gallon).unwrap().thousandths(), THOUSANDTHS_MAX);
    assert_eq!(Quantity::parse("1000000.001", Unit::Gallon), Err(QuantityError::TooLarge));
    assert_eq!(Quantity::pieces(i64::MAX), Err(QuantityError::TooLarge));
    assert_eq!(Quantity::pieces(i64::MIN), Err(QuantityError::TooLarge));
    assert_eq!(Quantity::parse(&"9".repeat(28), Unit::Litre), Err(QuantityError::TooLarge));
    assert_eq!(Quantity::one(Unit::Piece), Quantity::pieces(1).unwrap());
    assert_eq!(Quantity::parse("0.5", Unit::Kilogram).unwrap().to_string(), "0.5 kilogram");
}

#[test]
fn a_unit_is_known_by_its_code_alone() {
    for unit in UNITS {
        assert_eq!(Unit::from_code(unit.code()), Some(unit));
    }
    assert_eq!(Unit::from_code("Piece"), None);
}

#[test]
fn two_units_are_never_added() {
    let sum = Quantity::one(Unit::Piece).add(Quantity::one(Unit::Kilogram));
    assert_eq!(sum, Err(QuantityError::UnitMismatch));
}

proptest! {
    #[test]
    fn a_sum_is_exact_or_refused(
        a in -THOUSANDTHS_MAX..=THOUSANDTHS_MAX,
        b in -THOUSANDTHS_MAX..=THOUSANDTHS_MAX,
    ) {
        let of = |thousandths| Quantity::from_thousandths(thousandths, Unit::Litre).unwrap();
        let sum = of(a).add(of(b));
        let fits = (a + b).abs() <= THOUSANDTHS_MAX;
        prop_assert_eq!(sum, if fits { Ok(of(a + b)) } else { Err(QuantityError::TooLarge) });
        prop_assert_eq!(sum, of(b).add(of(a)));
        prop_assert_eq!(of(a).negated().negated(), of(a));
        prop_assert_eq!(of(a).is_negative(), a < 0);
    }

    #[test]
    fn what_is_written_is_read_again(count in -1_000_000_i64..=1_000_000, unit in 0_usize..4) {
        let unit = UNITS[unit];
        let thousandths = if unit == Unit::Piece { count * 1000 } else { count };
        let quantity = Quantity::from_thousandths(thousandths, unit).unwrap();
        prop_assert_eq!(Quantity::parse(&quantity.amount().to_string(), unit), Ok(quantity));
        let json = serde_json::to_string(&quantity).unwrap();
        prop_assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap(), quantity);
    }
}
