pub mod chance;
pub mod random;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::evaluate::NODES_MAX;
use super::*;
use crate::invariants::check_basket;
use crate::promotion::solve::tests::now;
use crate::tax::{TaxMethod, TaxRate};
use crate::transaction::tests::{line, modifier};
use crate::transaction::{ModifierMethod, RetailTransaction, VoidedLine};
use crate::{
    BusinessDay, LineNumber, MoneyError, OperatorId, Quantity, ReasonCode, StoreId, TransactionId,
    WorkstationId,
};
use uuid::Uuid;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD).unwrap()
}

fn rules(percent: i64, method: TaxMethod) -> PricingRules {
    let taxes = TaxTable::flat(TaxRate { percent: percent.into(), method });
    PricingRules { taxes, promotions: Arc::default() }
}

fn priced(
    rules: &PricingRules,
    mut lines: Vec<LineItem>,
    basket_modifiers: Vec<PriceModifier>,
) -> Result<PricedBasket, MoneyError> {
    for (number, line) in (1..).zip(&mut lines) {
        line.line = LineNumber(number);
    }
    let context = PricingContext::anonymous(now(), now().date());
    let rules = Arc::new(rules.clone());
    price(PricingRequest {
        rules,
        lines,
        attributes: Vec::new(),
        basket_modifiers,
        currency: Currency::USD,
        context,
        nodes_max: NODES_MAX,
    })
}

/// The basket as the register would keep it.
pub fn basket(priced: &PricedBasket) -> RetailTransaction {
    RetailTransaction {
        id: TransactionId::new(Uuid::nil()),
        store: StoreId::new("1").unwrap(),
        workstation: WorkstationId::new("1").unwrap(),
        operator: OperatorId::new("c1").unwrap(),
        business_day: BusinessDay::new(now().date()),
        opened: now(),
        currency: Currency::USD,
        number: None,
        lines: priced.lines.clone(),
        basket_modifiers: priced.basket_modifiers.clone(),
        tenders: Vec::new(),
        totals: priced.totals.clone(),
        ban: None,
        approvals: Vec::new(),
        pricing: None,
    }
}

fn percent_off(percent: Decimal) -> PriceModifier {
    modifier(ModifierMethod::PercentOff { percent }, usd(0))
}

#[test]
fn a_line_is_lowered_by_one_modifier_after_the_other() {
    let mut milk = line("", usd(1000));
    milk.quantity = Quantity::pieces(4).unwrap();
    milk.unit_price = usd(250);
    milk.recorded_modifiers = vec![
        modifier(ModifierMethod::AmountOff, usd(100)),
        percent_off(Decimal::TEN),
        modifier(ModifierMethod::NewUnitPrice { price: usd(200) }, usd(0)),
    ];
    let priced = priced(&rules(10, TaxMethod::Exclusive), vec![milk], Vec::new()).unwrap();
    let amounts: Vec<i64> =
        priced.lines[0].modifiers.iter().map(|modifier| modifier.amount.minor()).collect();
    assert_eq!(amounts, [100, 90, 10], "10 % of 9.00, then from 8.10 to 4 × 2.00");
    let totals = &priced.totals;
    assert_eq!((totals.shelf, totals.discount, totals.net), (usd(1000), usd(200), usd(800)));
    assert_eq!((totals.total, totals.due), (usd(880), usd(880)), "tax is added");
    assert_eq!((totals.tendered, totals.change), (usd(0), usd(0)));
}

#[test]
fn a_contained_tax_is_not_added() {
    let totals = priced(&rules(5, TaxMethod::Inclusive), vec![line("", usd(105))], Vec::new());
    let totals = totals.unwrap().totals;
    assert_eq!((totals.total, totals.taxes[0].tax), (usd(105), usd(5)));
}

#[test]
fn what_comes_off_the_basket_falls_on_what_is_sold_and_counts() {
    let mut voided = line("", usd(5000));
    voided.voided = Some(VoidedLine {
        operator: OperatorId::new("c1").unwrap(),
        reason: ReasonCode::new("voided").unwrap(),
    });
    let lines = vec![line("", usd(100)), voided, line("", usd(-300)), line("", usd(201))];
    let modifiers = vec![modifier(ModifierMethod::AmountOff, usd(100)), percent_off(Decimal::TEN)];
    let priced = priced(&rules(0, TaxMethod::Exclusive), lines, modifiers).unwrap();
    let nets: Vec<i64> = priced.lines.iter().map(|line| line.net.minor()).collect();
    assert_eq!(nets, [60, 5000, -300, 121], "67 and 134 are left, and 20 off them");
    assert_eq!(priced.basket_modifiers[1].amount, usd(20), "10 % of what the first left");
    assert_eq!(priced.totals.net, usd(-119));
    assert_eq!(check_basket(&basket(&priced)), Ok(()));
}

#[test]
fn a_basket_never_falls_below_nothing() {
    let off = |minor| vec![modifier(ModifierMethod::AmountOff, usd(minor))];
    let rules = rules(0, TaxMethod::Exclusive);
    let all = priced(&rules, vec![line("", usd(100))], off(100)).unwrap();
    assert_eq!((all.totals.net, all.basket_modifiers[0].amount), (usd(0), usd(100)));
    let too_much = priced(&rules, vec![line("", usd(100))], off(101)).unwrap();
    assert_eq!((too_much.totals.net, too_much.basket_modifiers[0].amount), (usd(100), usd(0)));
    let nothing = priced(&rules, vec![line("", usd(-100))], off(1)).unwrap();
    assert_eq!((nothing.totals.net, nothing.basket_modifiers[0].amount), (usd(-100), usd(0)));
}

fn any_modifier() -> impl Strategy<Value = PriceModifier> {
    prop_oneof![
        (0_i64..20_000).prop_map(|minor| modifier(ModifierMethod::AmountOff, usd(minor))),
        (1_i64..=1_000_000).prop_map(|percent| percent_off(Decimal::new(percent, 4))),
    ]
}

fn any_line() -> impl Strategy<Value = LineItem> {
    let amount = prop_oneof![8 => -5_000_i64..50_000, 1 => Just(1_000_000_000_000_000_i64)];
    (amount, prop::collection::vec(any_modifier(), 0..3), any::<bool>(), 0_usize..3).prop_map(
        |(minor, modifiers, is_voided, class)| {
            let mut line = line(["", "food", "none"][class], usd(minor));
            if !line.net.is_negative() {
                line.recorded_modifiers = modifiers;
            }
            line.voided = is_voided.then(|| VoidedLine {
                operator: OperatorId::new("c1").unwrap(),
                reason: ReasonCode::new("voided").unwrap(),
            });
            line
        },
    )
}

proptest! {
    #[test]
    fn every_priced_basket_adds_up_and_pricing_it_again_changes_nothing(
        lines in prop::collection::vec(any_line(), 0..20),
        modifiers in prop::collection::vec(any_modifier(), 0..4),
        percent in 0_i64..30,
        is_inclusive in any::<bool>(),
    ) {
        let method = if is_inclusive { TaxMethod::Inclusive } else { TaxMethod::Exclusive };
        let rules = rules(percent, method);
        // Beyond the range of money it is an error, and nothing is wrapped or panics.
        let Ok(first) = priced(&rules, lines, modifiers.clone()) else { return Ok(()) };
        prop_assert_eq!(check_basket(&basket(&first)), Ok(()));
        let bases = first.totals.taxes.iter().map(|tax| tax.base);
        prop_assert_eq!(Money::sum(Currency::USD, bases), Ok(first.totals.net));
        let shared = first.lines.iter().filter(|line| line.voided.is_none());
        let shared = shared.flat_map(|line| &line.modifiers[line.recorded_modifiers.len()..]);
        let shared = Money::sum(Currency::USD, shared.map(|modifier| modifier.amount));
        let stated = first.basket_modifiers.iter().map(|modifier| modifier.amount);
        prop_assert_eq!(shared, Money::sum(Currency::USD, stated));
        let again = priced(&rules, first.lines.clone(), modifiers).unwrap();
        prop_assert_eq!(again.lines, first.lines);
        prop_assert_eq!(again.totals, first.totals);
    }
}
