//! What each way of paying takes, gives back and rounds; and whatever is handed over, tenders less
//! change are the total as it was rounded.

use proptest::prelude::*;
use store_core::fact::Fact;
use store_core::invariants::{check_basket, check_sale};
use store_core::register::{Command, CommandAnswer};
use store_core::transaction::{CashRounding, ForeignRate, TenderKind, TenderRule};
use store_core::{Currency, Money, Refusal, RefusalCode, Rounding};

use crate::till::{BEEF, MILK, SOAP, Till, kilograms, reason, tender_type, usd};

fn cash(rounding: Option<CashRounding>) -> TenderRule {
    TenderRule {
        gives_change: true,
        opens_drawer: true,
        rounding,
        ..TenderRule::exact(tender_type("cash"))
    }
}

fn nickels() -> Option<CashRounding> {
    Some(CashRounding { step: "0.05".parse().unwrap(), rounding: Rounding::HalfUp })
}

fn yen() -> TenderRule {
    let rate = ForeignRate { currency: Currency::JPY, rate: "0.0067".parse().unwrap() };
    TenderRule {
        kind: TenderKind::Foreign,
        gives_change: true,
        rounding: nickels(),
        foreign: Some(rate),
        ..TenderRule::exact(tender_type("yen"))
    }
}

fn store(rounding: Option<CashRounding>) -> Till {
    let kept = TenderRule { keeps_excess: true, ..TenderRule::exact(tender_type("gift")) };
    let paper = TenderRule { gives_change: true, ..TenderRule::exact(tender_type("voucher")) };
    let card = TenderRule::exact(tender_type("card"));
    Till::new().with_tenders(vec![cash(rounding), card, kept, paper, yen()])
}

fn hand_over(till: &mut Till, kind: &str, amount: Money) -> Result<CommandAnswer, Refusal> {
    let total = till.machine.basket().expect("a basket").transaction.totals.due;
    let tender_type = tender_type(kind);
    till.run(Command::Tender { tender_type, amount, total, reference: None, line: None })
}

fn totals(till: &Till) -> (String, String, Option<String>) {
    let totals = &till.machine.basket().expect("a basket").transaction.totals;
    let text = |money: Money| money.amount().to_string();
    (text(totals.due), text(totals.change), totals.rounding.map(text))
}

fn is(due: &str, change: &str, rounding: Option<&str>) -> (String, String, Option<String>) {
    (due.to_owned(), change.to_owned(), rounding.map(str::to_owned))
}

#[test]
fn only_the_part_in_cash_is_rounded_when_it_pays_the_rest() {
    let mut till = store(nickels());
    till.scan(SOAP).unwrap();
    till.scan(SOAP).unwrap();
    hand_over(&mut till, "card", usd("1.00")).unwrap();
    assert_eq!(totals(&till), is("2.98", "0.00", None));
    hand_over(&mut till, "cash", usd("1.00")).unwrap();
    assert_eq!(totals(&till), is("1.98", "0.00", None), "a part is not rounded");
    hand_over(&mut till, "cash", usd("5.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "3.00", Some("0.02")));
    till.run(Command::VoidTender { number: 1 }).unwrap();
    assert_eq!(totals(&till), is("0.98", "3.00", None), "what is open again is not rounded");
    hand_over(&mut till, "cash", usd("1.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "3.00", Some("0.02")));
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(check_sale(sale), Ok(()));
}

#[test]
fn cash_comes_in_coins_and_less_than_half_of_one_is_paid_with_none() {
    let mut till = store(nickels());
    till.scan(SOAP).unwrap();
    let refused = hand_over(&mut till, "cash", usd("1.99")).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotInCoins);
    hand_over(&mut till, "card", usd("1.97")).unwrap();
    hand_over(&mut till, "cash", usd("0.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "0.00", Some("-0.02")));
    till.run(Command::Complete).unwrap();
}

#[test]
fn money_is_paid_out_in_coins() {
    let mut till = store(nickels());
    let quantity = store_core::Quantity::pieces(1).unwrap();
    let reason = reason("refund");
    let code = SOAP.to_owned();
    till.run(Command::ReturnItem { code, quantity, amount: None, reason }).unwrap();
    let refused = hand_over(&mut till, "cash", usd("-1.99")).unwrap_err();
    assert_eq!(refused.details["due"], "-2.00");
    assert!(hand_over(&mut till, "yen", Money::parse("-300", Currency::JPY).unwrap()).is_err());
    hand_over(&mut till, "cash", usd("-2.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "0.00", Some("-0.01")));
}

#[test]
fn a_voucher_gives_change_or_lapses_or_is_not_taken_as_its_rule_says() {
    let mut till = store(None);
    till.scan(SOAP).unwrap();
    let refused = hand_over(&mut till, "card", usd("5.00")).unwrap_err();
    assert_eq!(refused.code, RefusalCode::TenderExceedsDue);
    hand_over(&mut till, "voucher", usd("5.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "3.01", None));
    till.run(Command::VoidTender { number: 1 }).unwrap();
    hand_over(&mut till, "gift", usd("5.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "0.00", None));
    let tender = till.machine.basket().unwrap().transaction.tenders.last().unwrap();
    assert_eq!((tender.amount, tender.face), (usd("1.99"), Some(usd("5.00"))));
    till.run(Command::Complete).unwrap();
}

#[test]
fn what_comes_back_of_a_voucher_comes_in_the_coins_that_there_are() {
    let mut till = store(nickels());
    till.scan(SOAP).unwrap();
    hand_over(&mut till, "voucher", usd("5.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "3.00", Some("0.01")));
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(check_sale(sale), Ok(()));
}

#[test]
fn what_is_handed_over_when_nothing_is_due_leaves_the_rounding_as_it_is() {
    let coupon = TenderRule {
        taken_when_nothing_due: true,
        gives_change: true,
        ..TenderRule::exact(tender_type("coupon"))
    };
    let mut till = Till::new().with_tenders(vec![cash(nickels()), coupon]);
    till.scan(SOAP).unwrap();
    hand_over(&mut till, "cash", usd("2.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "0.00", Some("0.01")));
    hand_over(&mut till, "coupon", usd("1.00")).unwrap();
    assert_eq!(totals(&till), is("0.00", "1.00", Some("0.01")));
    // Its own change is rounded besides.
    hand_over(&mut till, "coupon", usd("1.02")).unwrap();
    assert_eq!(totals(&till), is("0.00", "2.00", Some("0.03")));
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
    assert_eq!(check_sale(sale), Ok(()));
}

#[test]
fn foreign_cash_counts_at_its_rate_and_its_change_is_local() {
    let yen = |amount: &str| Money::parse(amount, Currency::JPY).unwrap();
    let mut till = store(nickels());
    till.scan(SOAP).unwrap();
    assert_eq!(hand_over(&mut till, "yen", usd("5.00")).unwrap_err().code, RefusalCode::BadAmount);
    assert_eq!(hand_over(&mut till, "yen", yen("1")).unwrap_err().code, RefusalCode::BadAmount);
    assert_eq!(hand_over(&mut till, "cash", yen("300")).unwrap_err().code, RefusalCode::BadAmount);
    hand_over(&mut till, "yen", yen("100")).unwrap();
    assert_eq!(totals(&till), is("1.32", "0.00", None));
    hand_over(&mut till, "yen", yen("1000")).unwrap();
    assert_eq!(totals(&till), is("0.00", "5.40", Some("-0.02")));
    let tender = till.machine.basket().unwrap().transaction.tenders.last().unwrap();
    let foreign = tender.foreign.as_ref().unwrap();
    assert_eq!((tender.amount, foreign.amount), (usd("6.70"), yen("1000")));
    assert_eq!(foreign.rate.to_string(), "0.0067");
    till.restart();
    assert_eq!(totals(&till), is("0.00", "5.40", Some("-0.02")), "a restart forgets nothing");
    till.run(Command::Complete).unwrap();
}

#[test]
fn more_change_than_the_rule_says_is_a_slip_of_the_fingers() {
    let rule = TenderRule { change_max: Some(100.into()), ..cash(None) };
    let mut till = Till::new().with_tenders(vec![rule]);
    till.scan(SOAP).unwrap();
    let refused = hand_over(&mut till, "cash", usd("102.00")).unwrap_err();
    assert_eq!(refused.code, RefusalCode::ChangeTooLarge);
    hand_over(&mut till, "cash", usd("101.99")).unwrap();
}

/// One step of paying.
#[derive(Clone, Debug)]
enum Step {
    /// The way of paying, and so many cents or yen.
    Give(&'static str, i64),
    /// What is due, and this many cents more, in this way.
    Rest(&'static str, i64),
    Void(u32),
}

fn any_step() -> impl Strategy<Value = Step> {
    let kind = || prop::sample::select(vec!["cash", "card", "gift", "voucher", "yen"]);
    prop_oneof![
        4 => (kind(), 0_i64..2_000).prop_map(|(kind, amount)| Step::Give(kind, amount)),
        3 => (kind(), -3_i64..200).prop_map(|(kind, more)| Step::Rest(kind, more)),
        2 => (1_u32..6).prop_map(Step::Void),
    ]
}

fn any_rounding() -> impl Strategy<Value = Option<CashRounding>> {
    let rounding = prop::sample::select(vec![
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::HalfDown,
        Rounding::Down,
        Rounding::Up,
    ]);
    let step = prop::sample::select(vec!["0.01", "0.02", "0.05", "0.10", "0.50", "1"]);
    proptest::option::of(
        (step, rounding)
            .prop_map(|(step, rounding)| CashRounding { step: step.parse().unwrap(), rounding }),
    )
}

fn take_step(till: &mut Till, step: &Step) -> Result<CommandAnswer, Refusal> {
    let due = till.machine.basket().expect("a basket").transaction.totals.due;
    match *step {
        Step::Give(kind, amount) | Step::Rest(kind, amount) => {
            let is_rest = matches!(step, Step::Rest(..));
            let minor = if is_rest { due.minor() + amount } else { amount };
            let currency = if kind == "yen" { Currency::JPY } else { Currency::USD };
            hand_over(till, kind, Money::from_minor(minor, currency).unwrap())
        }
        Step::Void(number) => till.run(Command::VoidTender { number }),
    }
}

proptest! {
    #[test]
    fn tenders_less_change_are_the_total_as_it_was_rounded(
        rounding in any_rounding(),
        grams in 0_i64..2_000,
        steps in prop::collection::vec(any_step(), 1..12),
    ) {
        let coin = rounding.map_or(1, |rounding| rounding.step_minor(Currency::USD).unwrap());
        let mut till = store(rounding);
        till.scan(MILK).unwrap();
        let (code, weight) = (BEEF.to_owned(), kilograms(grams));
        till.run(Command::WeighItem { code, weight, scale: None }).ok();
        let total = till.machine.basket().unwrap().transaction.totals.total;
        let mut is_paid = false;
        for step in steps {
            let before = till.machine.basket().unwrap().transaction.clone();
            let answer = take_step(&mut till, &step);
            let after = till.machine.basket().unwrap().transaction.clone();
            if answer.is_err() {
                prop_assert_eq!(before, after, "a refusal changes nothing");
                continue;
            }
            prop_assert_eq!(check_basket(&after), Ok(()));
            prop_assert_eq!(after.totals.total, total, "paying changes no price");
            is_paid = after.totals.due.is_zero();
            let by = after.totals.rounding.map_or(0, Money::minor);
            prop_assert!(by.abs() < coin.max(5), "{by} by coins of {coin}");
            if by != 0 {
                prop_assert!(is_paid, "rounded before it is paid");
                let kind = after.live_tenders().last().unwrap().tender_type.clone();
                // What comes back of a voucher is cash.
                let is_rounded = ["cash", "yen", "voucher"].contains(&kind.as_str());
                prop_assert!(is_rounded, "{kind} is not rounded");
            }
            for tender in after.live_tenders().filter(|one| one.tender_type.as_str() == "cash") {
                prop_assert_eq!(tender.amount.minor() % coin, 0, "cash is whole coins");
                prop_assert_eq!(tender.change.minor() % coin, 0, "change is whole coins");
            }
            let before_restart = till.machine.basket().unwrap().transaction.clone();
            till.restart();
            prop_assert_eq!(&till.machine.basket().unwrap().transaction, &before_restart);
        }
        let completed = till.run(Command::Complete);
        prop_assert_eq!(completed.is_ok(), is_paid);
        if is_paid {
            let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("a sale") };
            prop_assert_eq!(check_sale(sale), Ok(()));
            let given: i64 = sale.live_tenders().map(|one| one.amount.minor()).sum();
            let change: i64 = sale.live_tenders().map(|one| one.change.minor()).sum();
            let by = sale.totals.rounding.map_or(0, Money::minor);
            prop_assert_eq!(given - change, total.minor() + by);
        }
    }
}
