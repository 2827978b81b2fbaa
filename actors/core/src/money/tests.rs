use proptest::prelude::*;

use super::*;

fn money(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn any_money() -> impl Strategy<Value = Money> {
    prop_oneof![
        3 => (-100_000_i64..=100_000).prop_map(money),
        1 => (-MINOR_MAX..=MINOR_MAX).prop_map(money),
        1 => prop_oneof![Just(MINOR_MAX), Just(-MINOR_MAX), Just(0)].prop_map(money),
    ]
}

/// `numerator / denominator` by the schoolbook's half up, in whole numbers alone.
fn half_up(numerator: i128, denominator: i128) -> i128 {
    let rounded = (2 * numerator.abs() + denominator) / (2 * denominator);
    rounded * numerator.signum()
}

fn in_range(minor: i128) -> Option<i64> {
    i64::try_from(minor).ok().filter(|minor| minor.abs() <= MINOR_MAX)
}

#[test]
fn every_currency_has_the_decimals_of_its_tills() {
    for (code, scale) in [
        ("TWD", 0),
        ("JPY", 0),
        ("KRW", 0),
        ("USD", 2),
        ("EUR", 2),
        ("GBP", 2),
        ("KWD", 3),
        ("BHD", 3),
        ("CLF", 4),
        ("ZZZ", 2),
    ] {
        assert_eq!(Currency::new(code).unwrap().scale(), scale, "{code}");
    }
    let mut codes: Vec<_> = SCALES.iter().map(|(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), SCALES.len(), "a currency stands twice in the table");
}

#[test]
fn a_currency_is_three_capital_letters() {
    assert_eq!("TWD".parse(), Ok(Currency::TWD));
    for code in ["", "TW", "TWDX", "twd", "T1D", "元"] {
        assert_eq!(Currency::new(code), Err(MoneyError::BadCurrency), "{code}");
    }
}

#[test]
fn one_amount_has_one_way_of_being_written() {
    let usd = |text: &str| Money::parse(text, Currency::USD);
    assert_eq!(usd("12.5").unwrap(), money(1250));
    assert_eq!(usd("12.50").unwrap(), money(1250));
    assert_eq!(usd("-0.01").unwrap(), money(-1));
    assert_eq!(usd("7").unwrap().to_string(), "7.00 USD");
    assert_eq!(Money::parse("59", Currency::TWD).unwrap().to_string(), "59 TWD");
    assert_eq!(Money::parse("1.234", Currency::KWD).unwrap().minor(), 1234);
    for text in ["", "-", "1_000", "+5", "5.", ".5", "1e3", " 5", "5 ", "1,5", "NT$5", "--5", "٣"]
    {
        assert_eq!(usd(text), Err(MoneyError::BadAmount), "{text:?}");
    }
    assert_eq!(usd("0.001"), Err(MoneyError::TooPrecise));
    assert_eq!(Money::parse("0.5", Currency::TWD), Err(MoneyError::TooPrecise));
    assert_eq!(Money::parse("1.000", Currency::TWD).unwrap().minor(), 1);
    assert_eq!(usd("10000000000000.00").unwrap().minor(), MINOR_MAX);
    assert_eq!(usd("10000000000000.01"), Err(MoneyError::TooLarge));
    assert_eq!(usd(&"9".repeat(40)), Err(MoneyError::BadAmount));
    assert_eq!(usd(&"9".repeat(28)), Err(MoneyError::TooLarge));
}

#[test]
fn two_currencies_are_never_added() {
    let dollars = Money::from_minor(5, Currency::TWD).unwrap();
    assert_eq!(money(5).add(dollars), Err(MoneyError::CurrencyMismatch));
    assert_eq!(money(5).subtract(dollars), Err(MoneyError::CurrencyMismatch));
    assert_eq!(Money::sum(Currency::USD, [dollars]), Err(MoneyError::CurrencyMismatch));
}

#[test]
fn in_json_an_amount_is_a_text_with_its_currency() {
    let json = r#"{"amount":"-12.50","currency":"USD"}"#;
    assert_eq!(serde_json::to_string(&money(-1250)).unwrap(), json);
    assert_eq!(serde_json::from_str::<Money>(json).unwrap(), money(-1250));
    for bad in [
        r#"{"amount":12.5,"currency":"USD"}"#,
        r#"{"amount":"12.505","currency":"USD"}"#,
        r#"{"amount":"1","currency":"usd"}"#,
        r#"{"amount":"1","currency":"USD","scale":2}"#,
        r#"{"amount":"1"}"#,
    ] {
        assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn a_sum_is_exact_or_refused(a in any_money(), b in any_money()) {
        let exact = in_range(i128::from(a.minor()) + i128::from(b.minor()));
        prop_assert_eq!(a.add(b).ok().map(Money::minor), exact);
        prop_assert_eq!(a.add(b), b.add(a));
        prop_assert_eq!(a.subtract(b), a.add(b.negated()));
        if let Ok(sum) = a.add(b) {
            prop_assert_eq!(sum.subtract(b), Ok(a));
        }
    }

    #[test]
    fn the_order_of_a_sum_does_not_matter(
        minors in prop::collection::vec(-1_000_000_i64..1_000_000, 0..40),
    ) {
        let forth = Money::sum(Currency::USD, minors.iter().copied().map(money));
        let back = Money::sum(Currency::USD, minors.iter().rev().copied().map(money));
        prop_assert_eq!(forth, back);
        prop_assert_eq!(forth.unwrap().minor(), minors.iter().sum::<i64>());
    }

    #[test]
    fn a_price_times_a_quantity_is_rounded_once_or_refused(
        price in any_money(),
        thousandths in prop_oneof![-2_000_000_i64..2_000_000, -1_000_000_000_i64..=1_000_000_000],
    ) {
        let quantity = Decimal::new(thousandths, 3);
        let product = i128::from(price.minor()) * i128::from(thousandths);
        let exact = in_range(half_up(product, 1000));
        let product = price.times(quantity, Rounding::HalfUp).ok().map(Money::minor);
        prop_assert_eq!(product, exact);
    }

    #[test]
    fn no_factor_wraps_or_panics(
        minor in -MINOR_MAX..=MINOR_MAX, mantissa in any::<i64>(), scale in 0_u32..=28,
    ) {
        let factor = Decimal::from_i128_with_scale(i128::from(mantissa), scale);
        for currency in [Currency::TWD, Currency::USD, Currency::KWD] {
            let amount = Money::from_minor(minor, currency).unwrap();
            if let Ok(product) = amount.times(factor, Rounding::HalfEven) {
                prop_assert!(product.minor().abs() <= MINOR_MAX);
                prop_assert_eq!(product.currency(), currency);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again(minor in -MINOR_MAX..=MINOR_MAX) {
        for currency in [Currency::TWD, Currency::USD, Currency::KWD] {
            let amount = Money::from_minor(minor, currency).unwrap();
            prop_assert_eq!(Money::parse(&amount.amount().to_string(), currency), Ok(amount));
            prop_assert_eq!(amount.amount().scale(), currency.scale());
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
        }
    }
}
