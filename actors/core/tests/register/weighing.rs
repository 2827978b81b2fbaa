//! Goods that a scale at the hub weighs, and weights that somebody types.

use store_core::fact::Fact;
use store_core::permission::Permission;
use store_core::register::{
    Answer, Attached, Command, CommandAnswer, CommandEnvelope, Request, ScaleClaim,
};
use store_core::transaction::{Approval, EntryMethod, RetailTransaction, Weighing};
use store_core::{DeviceId, LineNumber, Refusal, RefusalCode};

use crate::till::{BEEF, MILK, Till, kilograms, operator};

fn weighing(grams: i64) -> Box<Weighing> {
    Box::new(Weighing {
        scale: DeviceId::new("counter").unwrap(),
        raw: "0230312e3235300d".into(),
        gross: kilograms(grams),
        tare: None,
    })
}

fn weigh(sold_g: i64, scale: Option<ScaleClaim>) -> Command {
    Command::WeighItem { code: BEEF.to_owned(), weight: kilograms(sold_g), scale }
}

const CLAIM: Option<ScaleClaim> = Some(ScaleClaim { reading: 7 });

/// Sends a command with what the hub knows besides.
fn send(
    till: &mut Till,
    envelope: CommandEnvelope,
    attached: Attached,
) -> Result<CommandAnswer, Refusal> {
    let request = Request::Command { operator: operator("c1"), attached, envelope };
    let Answer::Command(answer) = till.ask(request)? else { panic!("a command's answer") };
    till.version = answer.outcome.version;
    Ok(answer)
}

/// Sells by a reading of which the hub remembers so much.
fn sell(till: &mut Till, sold_g: i64, said_g: Option<i64>) -> Result<CommandAnswer, Refusal> {
    let envelope = till.envelope(weigh(sold_g, CLAIM));
    send(till, envelope, Attached { said: said_g.map(weighing), approval: None })
}

/// Takes payment for what is in the basket, and answers the sale.
fn paid(till: &mut Till) -> Box<RetailTransaction> {
    let due = till.machine.view(till.now()).basket.unwrap().totals.due;
    till.pay("cash", &due.amount().to_string()).unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("no sale") };
    sale.clone()
}

#[test]
fn a_sale_keeps_what_the_scale_said() {
    let mut till = Till::new();
    sell(&mut till, 1250, Some(1250)).unwrap();
    till.restart();
    let sale = paid(&mut till);
    let weighing = sale.lines[0].weighing.as_deref().unwrap();
    assert_eq!((weighing.scale.as_str(), &*weighing.raw), ("counter", "0230312e3235300d"));
    assert_eq!((weighing.gross, weighing.tare), (kilograms(1250), None));
    assert_eq!(sale.lines[0].entry, EntryMethod::Weighed);
}

#[test]
fn a_weight_that_no_scale_said_is_not_sold_as_one() {
    let mut till = Till::new();
    for said_g in [None, Some(1300)] {
        let refused = sell(&mut till, 1250, said_g).unwrap_err();
        assert_eq!(refused.code, RefusalCode::ScaleReadingStale);
    }
    assert_eq!(till.scan(MILK).unwrap().view.basket.unwrap().lines.len(), 1);
}

#[test]
fn a_weight_that_was_typed_stands_in_the_sale_as_typed_and_so_does_who_allowed_it() {
    let mut till = Till::new();
    let envelope = till.envelope(weigh(1250, None));
    let permission = Permission::TypeWeight;
    let approval = Some(Approval { permission, approved_by: operator("s1") });
    // What a scale says meanwhile is nothing to a weight that somebody typed.
    send(&mut till, envelope, Attached { approval, said: Some(weighing(1250)) }).unwrap();
    let sale = paid(&mut till);
    assert_eq!((sale.lines[0].entry, &sale.lines[0].weighing), (EntryMethod::Keyed, &None));
    assert_eq!(sale.approvals, [Approval { permission, approved_by: operator("s1") }]);
}

#[test]
fn another_weight_on_a_line_is_no_scales_any_more() {
    let mut till = Till::new();
    sell(&mut till, 1250, Some(1250)).unwrap();
    till.run(Command::SetQuantity { line: LineNumber(1), quantity: kilograms(300) }).unwrap();
    let sale = paid(&mut till);
    assert_eq!((sale.lines[0].entry, &sale.lines[0].weighing), (EntryMethod::Keyed, &None));
}

#[test]
fn a_command_that_comes_again_when_nobody_remembers_the_reading_is_answered_as_the_first() {
    let mut till = Till::new();
    let envelope = till.envelope(weigh(1250, CLAIM));
    let said = Attached { said: Some(weighing(1250)), approval: None };
    let first = send(&mut till, envelope.clone(), said).unwrap();
    let again = send(&mut till, envelope, Attached::default()).unwrap();
    assert!(again.repeated && again.outcome == first.outcome);
    assert_eq!(again.view.basket.unwrap().lines.len(), 1);
}

#[test]
fn a_terminal_cannot_say_what_a_scale_said() {
    let forged = r#"{ "reading": 7, "said": { "scale": "counter", "raw": "00",
        "gross": { "amount": "1", "unit": "kilogram" } } }"#;
    let read = serde_json::from_str::<ScaleClaim>(forged);
    assert_eq!(read.ok(), CLAIM, "it is passed over");
}
