use super::*;

fn id(code: &str) -> TenderTypeId {
    TenderTypeId::new(code).unwrap()
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn rounded(step: &str, rounding: Rounding) -> TenderRule {
    let rounding = CashRounding { step: step.parse().unwrap(), rounding };
    TenderRule { rounding: Some(rounding), ..TenderRule::exact(id("cash")) }
}

#[test]
fn an_amount_is_made_whole_coins_by_the_rule() {
    for (step, rounding, cases) in [
        ("0.05", Rounding::HalfUp, [(1, 0), (2, 0), (3, 5), (7, 5), (8, 10), (-3, -5), (-2, 0)]),
        (
            "0.10",
            Rounding::HalfUp,
            [(4, 0), (5, 10), (15, 20), (14, 10), (-5, -10), (0, 0), (10, 10)],
        ),
        (
            "0.10",
            Rounding::HalfDown,
            [(4, 0), (5, 0), (6, 10), (15, 10), (-5, 0), (-6, -10), (25, 20)],
        ),
        (
            "0.10",
            Rounding::HalfEven,
            [(5, 0), (15, 20), (25, 20), (35, 40), (-15, -20), (1, 0), (9, 10)],
        ),
        (
            "1",
            Rounding::Down,
            [(99, 0), (100, 100), (199, 100), (-99, 0), (-150, -100), (1, 0), (0, 0)],
        ),
        (
            "1",
            Rounding::Up,
            [(99, 100), (100, 100), (101, 200), (-99, -100), (-150, -200), (1, 100), (0, 0)],
        ),
    ] {
        let rule = rounded(step, rounding);
        for (amount, coins) in cases {
            assert_eq!(
                rule.in_coins(usd(amount)),
                Ok(usd(coins)),
                "{amount} by {step} {rounding:?}"
            );
        }
    }
}

#[test]
fn a_currency_brings_its_coin_and_only_cash_is_rounded() {
    for (currency, amount, coins) in [
        ("CHF", 1003, 1005),
        ("SEK", 1049, 1000),
        ("SEK", 1050, 1100),
        ("HUF", 13, 15),
        ("TWD", 13, 13),
        ("USD", 1003, 1003),
        ("DKK", 1024, 1000),
    ] {
        let money = |minor| Money::from_minor(minor, Currency::new(currency).unwrap()).unwrap();
        let cash = TenderRule::exact(id("cash"));
        assert_eq!(cash.in_coins(money(amount)), Ok(money(coins)), "{currency}");
        assert_eq!(TenderRule::exact(id("card")).in_coins(money(amount)), Ok(money(amount)));
    }
}

#[test]
fn a_rule_says_what_it_is_where_it_is_written_and_by_its_name_where_not() {
    let read = |text: &str| serde_json::from_str::<TenderRule>(text);
    let old = read(r#"{"id":"card","gives_change":false,"opens_drawer":false}"#).unwrap();
    assert_eq!(old, TenderRule::exact(id("card")));
    assert_eq!(old.kind, TenderKind::Card);
    let yen = r#"{"id":"yen","kind":"foreign","gives_change":true,"opens_drawer":true,
        "foreign":{"currency":"JPY","rate":"0.21"},"quick_amounts":["1000","10000"]}"#;
    let yen = read(yen).unwrap();
    assert_eq!(yen.fault(Currency::TWD), None);
    assert_eq!(read(&serde_json::to_string(&yen).unwrap()).unwrap(), yen, "written and read");
    assert!(read(r#"{"id":"x","gives_change":false,"opens_drawer":false,"moon":1}"#).is_err());
    let yen_rate = yen.foreign.unwrap();
    let thousand = Money::parse("1000", Currency::JPY).unwrap();
    let local = yen_rate.local(thousand, Currency::TWD).unwrap();
    assert_eq!(local, Money::parse("210", Currency::TWD).unwrap());
    let odd = Money::parse("999", Currency::JPY).unwrap();
    let local = yen_rate.local(odd, Currency::TWD).unwrap();
    assert_eq!(local, Money::parse("209", Currency::TWD).unwrap(), "less what is not whole");
    assert_eq!(yen_rate.local(usd(1), Currency::TWD), Err(MoneyError::CurrencyMismatch));
}

#[test]
fn a_rule_that_cannot_be_used_is_found_before_it_is() {
    let cash = TenderRule { gives_change: true, ..TenderRule::exact(id("cash")) };
    let foreign = |code: &str, rate: &str| {
        let currency = Currency::new(code).unwrap();
        let foreign = Some(ForeignRate { currency, rate: rate.parse().unwrap() });
        TenderRule { foreign, kind: TenderKind::Foreign, ..cash.clone() }
    };
    assert_eq!(cash.fault(Currency::USD), None);
    assert_eq!(foreign("JPY", "0.21").fault(Currency::USD), None);
    for rule in [
        TenderRule { kind: TenderKind::Foreign, ..cash.clone() },
        TenderRule { kind: TenderKind::Cash, ..foreign("JPY", "0.21") },
        foreign("USD", "1"),
        foreign("JPY", "0"),
        foreign("JPY", "-1"),
        TenderRule { keeps_excess: true, ..cash.clone() },
        TenderRule { kind: TenderKind::Card, ..cash.clone() },
        rounded("0.001", Rounding::HalfUp),
        rounded("0", Rounding::HalfUp),
        TenderRule { kind: TenderKind::Voucher, ..rounded("0.05", Rounding::HalfUp) },
        TenderRule { quick_amounts: vec!["0.001".parse().unwrap()], ..cash.clone() },
        TenderRule { quick_amounts: vec![0.into()], ..cash.clone() },
        TenderRule { change_max: Some(0.into()), ..cash.clone() },
    ] {
        assert!(rule.fault(Currency::USD).is_some(), "{rule:?}");
    }
}
