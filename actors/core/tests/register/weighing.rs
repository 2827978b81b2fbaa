//! Goods that a scale at the hub weighs.

use store_core::fact::Fact;
use store_core::register::{Command, ScaleClaim, ScaleSaid};
use store_core::transaction::Weighing;
use store_core::{DeviceId, RefusalCode};

use crate::till::{BEEF, MILK, Till, kilograms};

fn claim(said_g: Option<i64>) -> ScaleClaim {
    let said = said_g.map(|grams| {
        Box::new(Weighing {
            scale: DeviceId::new("counter").unwrap(),
            raw: "0230312e3235300d".into(),
            gross: kilograms(grams),
            tare: None,
        })
    });
    ScaleClaim { reading: 7, said: ScaleSaid(said) }
}

fn weigh(sold_g: i64, said_g: Option<i64>) -> Command {
    let (code, weight) = (BEEF.to_owned(), kilograms(sold_g));
    Command::WeighItem { code, weight, scale: Some(claim(said_g)) }
}

#[test]
fn a_sale_keeps_what_the_scale_said() {
    let mut till = Till::new();
    let weighed = till.run(weigh(1250, Some(1250))).unwrap();
    till.restart();
    let due = weighed.view.basket.unwrap().totals.due;
    till.pay("cash", &due.amount().to_string()).unwrap();
    till.run(Command::Complete).unwrap();
    let Some(Fact::SaleCompleted(sale)) = till.facts.last() else { panic!("no sale") };
    let weighing = sale.lines[0].weighing.as_deref().unwrap();
    assert_eq!((weighing.scale.as_str(), &*weighing.raw), ("counter", "0230312e3235300d"));
    assert_eq!((weighing.gross, weighing.tare), (kilograms(1250), None));
}

#[test]
fn a_weight_that_no_scale_said_is_not_sold_as_one() {
    let mut till = Till::new();
    for command in [weigh(1250, None), weigh(1250, Some(1300))] {
        assert_eq!(till.run(command).unwrap_err().code, RefusalCode::ScaleReadingStale);
    }
    assert_eq!(till.scan(MILK).unwrap().view.basket.unwrap().lines.len(), 1);
}

#[test]
fn a_terminal_cannot_say_what_a_scale_said() {
    let forged = r#"{ "reading": 7, "said": [{ "scale": "counter", "raw": "00",
        "gross": { "amount": "1", "unit": "kilogram" } }] }"#;
    let read = serde_json::from_str::<ScaleClaim>(forged);
    assert!(read.is_ok_and(|claim| claim.said.0.is_none()), "it is passed over");
    let written = serde_json::to_string(&claim(Some(1250))).unwrap();
    assert_eq!(written, r#"{"reading":7}"#);
    assert_eq!(claim(None), claim(Some(1250)), "a late duplicate is the same command");
}
