//! Whatever is asked of a register, however large, small or often: it answers, what it shows adds
//! up, a refusal changes nothing, and a restart forgets nothing.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_decimal::Decimal;
use store_core::fact::Fact;
use store_core::invariants::{check_basket, check_numbers, check_sale};
use store_core::register::{BasketEvent, Command, ModifierRequest};
use store_core::transaction::RetailTransaction;
use store_core::{
    Currency, LineNumber, Money, Quantity, ReasonCode, TransactionId, TransactionNumber, Unit,
    WorkstationId,
};
use uuid::Uuid;

use crate::till::{BEEF, COLA, CRATE, FUEL, HAM, MILK, PHONE, SOAP, Till, tender_type};

/// What a cashier may mean by an amount that is known only when the basket is.
#[derive(Clone, Debug)]
enum Asked {
    This(Box<Command>),
    /// Pay what is due, and this many cents more.
    Pay(&'static str, i64),
    /// Send the last command again.
    Again,
    Restart,
}

fn any_code() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![MILK, SOAP, BEEF, FUEL, CRATE, HAM, COLA, PHONE])
            .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["/17MEWYP", "]A08999", "1-42", "9901234567899"])
            .prop_map(str::to_owned),
        1 => "[0-9]{0,14}",
        1 => "\\PC{0,70}",
    ]
}

fn any_minor() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => -100_i64..3_000,
        1 => Just(0),
        1 => Just(1_000_000_000_000_000),
        1 => -1_000_000_000_000_000_i64..=1_000_000_000_000_000,
    ]
}

fn any_money() -> impl Strategy<Value = Money> {
    let currency = prop::sample::select(vec![Currency::USD, Currency::USD, Currency::TWD]);
    (any_minor(), currency)
        .prop_map(|(minor, currency)| Money::from_minor(minor, currency).unwrap())
}

fn any_quantity() -> impl Strategy<Value = Quantity> {
    let thousandths = prop_oneof![
        6 => (-3_i64..20).prop_map(|count| count * 1000),
        3 => 0_i64..5_000,
        1 => Just(1_000_000_000),
        1 => -1_000_000_000_i64..=1_000_000_000,
    ];
    let units = vec![Unit::Piece, Unit::Piece, Unit::Kilogram, Unit::Gallon];
    (thousandths, prop::sample::select(units)).prop_map(|(thousandths, unit)| {
        let whole = if unit == Unit::Piece { thousandths / 1000 * 1000 } else { thousandths };
        Quantity::from_thousandths(whole, unit).unwrap()
    })
}

fn any_line() -> impl Strategy<Value = LineNumber> {
    (0_u32..8).prop_map(LineNumber)
}

fn any_modifier() -> impl Strategy<Value = ModifierRequest> {
    let percent = (any::<i32>(), 0_u32..=28);
    prop_oneof![
        any_money().prop_map(|amount| ModifierRequest::AmountOff { amount }),
        (1_i64..101).prop_map(|percent| ModifierRequest::PercentOff { percent: percent.into() }),
        percent.prop_map(|(mantissa, scale)| ModifierRequest::PercentOff {
            percent: Decimal::new(i64::from(mantissa), scale)
        }),
        any_money().prop_map(|price| ModifierRequest::NewUnitPrice { price }),
    ]
}

fn reason(code: &str) -> ReasonCode {
    ReasonCode::new(code).unwrap()
}

fn any_entry() -> impl Strategy<Value = Command> {
    let onto = prop::option::weighted(0.3, any_line());
    prop_oneof![
        3 => (any_code(), onto)
            .prop_map(|(code, onto)| Command::ScanItem { code, onto, item: None }),
        1 => (any_code(), prop::option::of(any_quantity()), prop::option::of(any_money()))
            .prop_map(|(code, quantity, amount)| {
                Command::KeyItem { code, quantity, amount, item: None }
            }),
        1 => (any_money(), prop::option::of(any_quantity()), any::<bool>()).prop_map(
            |(amount, quantity, is_return)| Command::KeyDepartment {
                department: "DELI".to_owned(),
                amount,
                quantity,
                reason: is_return.then(|| reason("refund")),
            }
        ),
        1 => (any_code(), any_quantity())
            .prop_map(|(code, weight)| Command::WeighItem { code, weight, scale: None }),
        1 => (any_code(), any_quantity(), prop::option::of(any_money())).prop_map(
            |(code, quantity, amount)| {
                Command::ReturnItem { code, quantity, amount, reason: reason("refund") }
            }
        ),
    ]
}

fn any_change() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => (any_line(), any_quantity())
            .prop_map(|(line, quantity)| Command::SetQuantity { line, quantity }),
        1 => any_line().prop_map(|line| Command::VoidLine { line }),
        1 => (any_line(), "[AB]{0,2}")
            .prop_map(|(line, serial)| Command::NameSerial { line, serial }),
        2 => Just(Command::Undo),
        3 => (prop::option::of(any_line()), any_modifier()).prop_map(|(line, modifier)| {
            Command::ModifyPrice { line, modifier, reason: reason("damaged") }
        }),
    ]
}

fn any_end() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => Just(Command::Complete),
        1 => Just(Command::Abandon { reason: reason("changed_mind") }),
        1 => (0_u32..4).prop_map(|number| Command::VoidTender { number }),
        1 => (any_money(), any_money()).prop_map(|(amount, total)| Command::Tender {
            tender_type: tender_type("cash"),
            amount,
            total,
            reference: None,
            line: None,
        }),
    ]
}

fn any_asked() -> impl Strategy<Value = Asked> {
    let this = |command| Asked::This(Box::new(command));
    let pay = (prop::sample::select(vec!["cash", "coupon", "card"]), -200_i64..2_000);
    prop_oneof![
        8 => any_entry().prop_map(this),
        4 => any_change().prop_map(this),
        2 => any_end().prop_map(this),
        2 => pay.prop_map(|(kind, more)| Asked::Pay(kind, more)),
        1 => Just(Asked::Again),
        1 => Just(Asked::Restart),
    ]
}

/// The command, as it stands for the basket of this moment.
fn command(till: &Till, asked: Asked) -> Option<Command> {
    match asked {
        Asked::This(command) => Some(*command),
        Asked::Pay(kind, more) => {
            let due = till.machine.basket()?.transaction.totals.due;
            let amount = Money::from_minor(due.minor().checked_add(more)?, Currency::USD).ok()?;
            let tender_type = tender_type(kind);
            Some(Command::Tender { tender_type, amount, total: due, reference: None, line: None })
        }
        Asked::Again | Asked::Restart => None,
    }
}

fn check(till: &Till) {
    if let Some(basket) = till.machine.basket() {
        check_basket(&basket.transaction).unwrap();
        assert_eq!(basket.version, basket.absorbed.len() as u64, "every version has its command");
        check_goods(&basket.transaction);
    }
    let sales: Vec<_> = till
        .facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::SaleCompleted(sale) => Some(sale),
            _ => None,
        })
        .collect();
    sales.iter().try_for_each(|sale| check_sale(sale)).unwrap();
    let one = WorkstationId::new("1").unwrap();
    let numbers = sales.iter().map(|sale| {
        let number = sale.number.unwrap().0;
        (&one, TransactionNumber(number - 41))
    });
    check_numbers(numbers).unwrap();
}

/// A deposit goes with its goods whatever becomes of them, and no number stands twice.
fn check_goods(basket: &RetailTransaction) {
    let mut serials = BTreeSet::new();
    for line in &basket.lines {
        let deposits: Vec<_> =
            basket.lines.iter().filter(|one| one.deposit_of == Some(line.line)).collect();
        assert_eq!(deposits.len(), usize::from(line.item.as_str() == "C1"));
        for deposit in deposits {
            assert_eq!(deposit.quantity.thousandths(), line.quantity.thousandths());
            assert_eq!((deposit.kind, &deposit.voided), (line.kind, &line.voided));
            assert_eq!(deposit.net, deposit.shelf_amount, "nobody lowers it");
        }
        if let (Some(serial), None) = (&line.serial, &line.voided) {
            assert!(serials.insert(serial.clone()), "{serial} twice");
            assert_eq!(line.quantity.thousandths().abs(), 1_000);
        }
    }
}

fn run(asked: Vec<Asked>) {
    let mut till = Till::new();
    let mut last = None;
    let mut baskets = 1;
    for asked in asked {
        let now = till.now();
        let mut before = till.machine.view(now);
        match asked {
            Asked::Restart => {
                till.restart();
                let mut after = till.machine.view(now);
                // What does not outlive a restart: the count of changes, and the sale before.
                (before.revision, before.last_sale) = (0, None);
                (after.revision, after.last_sale) = (0, None);
                assert_eq!(after, before);
            }
            Asked::Again => {
                let Some((envelope, outcome)) = last.clone() else { continue };
                let version = till.version;
                let again = till.send(envelope).unwrap();
                till.version = version;
                assert!(again.repeated && again.outcome == outcome);
                assert_eq!(till.machine.view(now), before);
            }
            asked => {
                let Some(command) = command(&till, asked) else { continue };
                let envelope = till.envelope(command);
                match till.send(envelope.clone()) {
                    Ok(answer) => last = Some((envelope, answer.outcome)),
                    Err(_) => assert_eq!(till.machine.view(now), before, "{envelope:?}"),
                }
            }
        }
        let is_over = last.as_ref().is_some_and(|(_, outcome)| {
            matches!(outcome.event, BasketEvent::SaleCompleted { .. } | BasketEvent::SaleAbandoned)
        });
        if is_over && till.machine.basket().is_none() {
            baskets += 1;
            (till.transaction, till.version) = (TransactionId::new(Uuid::from_u128(baskets)), 0);
        }
        check(&till);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_register_answers_whatever_is_asked_and_always_adds_up(
        asked in prop::collection::vec(any_asked(), 1..60),
    ) {
        run(asked);
    }
}
