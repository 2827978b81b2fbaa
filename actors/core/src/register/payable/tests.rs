use proptest::prelude::*;

use super::*;
use crate::transaction::CashRounding;

fn money(text: &str, currency: &str) -> Money {
    Money::exact(text.parse().unwrap(), Currency::new(currency).unwrap()).unwrap()
}

fn cash() -> TenderRule {
    let id = TenderTypeId::from_static("cash");
    TenderRule { gives_change: true, opens_drawer: true, ..TenderRule::exact(id) }
}

fn abroad_in(currency: &str, rate: &str) -> TenderRule {
    let currency = Currency::new(currency).unwrap();
    let foreign = Some(ForeignRate { currency, rate: rate.parse().unwrap() });
    TenderRule { kind: TenderKind::Foreign, foreign, ..cash() }
}

fn quick(rule: &TenderRule, due: &str, currency: &str) -> Vec<String> {
    let due = money(due, currency);
    let view = of_rule(rule, due, due.currency()).unwrap();
    view.quick.iter().map(|amount| amount.amount().to_string()).collect()
}

#[test]
fn the_next_notes_cover_what_is_due() {
    let cash = cash();
    for (due, keys) in [
        ("95", &["100", "200", "500", "1000", "2000"] as &[&str]),
        ("32", &["40", "50", "100", "200", "500", "1000"]),
        ("100", &["200", "500", "1000", "2000"]),
        ("137", &["150", "200", "500", "1000", "2000"]),
        ("1337", &["1500", "2000"]),
        ("9001", &[]),
    ] {
        assert_eq!(quick(&cash, due, "TWD"), keys, "{due}");
    }
    assert_eq!(quick(&cash, "2.50", "USD"), ["3.00", "4.00", "5.00", "10.00", "20.00", "50.00"]);
    assert!(quick(&cash, "-20", "TWD").is_empty(), "what is paid out is paid out exactly");
    assert!(quick(&TenderRule { gives_change: false, ..cash.clone() }, "95", "TWD").is_empty());
    let most = TenderRule { change_max: Some(400.into()), ..cash.clone() };
    assert_eq!(quick(&most, "137", "TWD"), ["150", "200", "500"]);
    let named = TenderRule { quick_amounts: vec![1000.into(), 50.into(), 300.into()], ..cash };
    assert_eq!(quick(&named, "95", "TWD"), ["300", "1000"]);
}

#[test]
fn the_exact_key_is_what_coins_can_pay() {
    let rounding = CashRounding { step: 5.into(), rounding: Rounding::HalfUp };
    let coins = TenderRule { rounding: Some(rounding), ..cash() };
    for (due, exact) in [("93", "95"), ("92", "90"), ("2", "0"), ("-93", "-95"), ("95", "95")] {
        let view = of_rule(&coins, money(due, "TWD"), Currency::TWD).unwrap();
        assert_eq!(view.exact, Some(money(exact, "TWD")), "{due}");
    }
    assert!(payable_of(vec![cash()], money("0", "TWD")).is_empty());
}

#[test]
fn another_currency_has_its_own_notes_and_no_exact_key() {
    let dollars = abroad_in("USD", "31.5");
    let view = of_rule(&dollars, money("1000", "TWD"), Currency::TWD).unwrap();
    assert_eq!(view.exact, None);
    assert_eq!(quick(&dollars, "1000", "TWD"), ["40.00", "50.00", "100.00"]);
    assert!(quick(&abroad_in("BHD", "80"), "1000", "TWD").is_empty(), "notes that nobody knows");
}

fn payable_of(tenders: Vec<TenderRule>, due: Money) -> Vec<PayableView> {
    tenders
        .iter()
        .filter(|_| !due.is_zero())
        .map(|rule| of_rule(rule, due, due.currency()))
        .collect::<Result<_, _>>()
        .unwrap()
}

proptest! {
    /// Whatever has a key pays for all of it, in ascending order, and no less would in its notes.
    #[test]
    fn every_key_covers_what_is_due(
        due in 1_i64..5_000_000,
        rate in 1_i64..1_000_000,
        decimals in 0_u32..6,
        abroad in prop::sample::select(vec!["USD", "JPY", "EUR", "KWD"]),
    ) {
        let due = Money::from_minor(due, Currency::TWD).unwrap();
        let rate = Decimal::new(rate, decimals);
        let rule = abroad_in(abroad, &rate.to_string());
        let foreign = rule.foreign.unwrap();
        if let Ok(least) = super::abroad(&foreign, due) {
            let local = |amount: Money| foreign.local(amount, Currency::TWD).unwrap().minor();
            prop_assert!(local(least) >= due.minor());
            let less = Money::from_minor(least.minor() - 1, least.currency()).unwrap();
            prop_assert!(local(less) < due.minor(), "the least");
        }
        for rule in [rule, cash()] {
            let Ok(view) = of_rule(&rule, due, Currency::TWD) else { continue };
            let local = |amount: Money| match rule.foreign {
                Some(rate) => rate.local(amount, Currency::TWD).unwrap(),
                None => amount,
            };
            prop_assert!(view.quick.iter().all(|amount| local(*amount).minor() >= due.minor()));
            prop_assert!(view.quick.windows(2).all(|two| two[0].minor() < two[1].minor()));
            prop_assert!(view.quick.len() <= QUICK_MAX);
        }
    }
}
