//! What goes into a row comes out of it again, and what was ever written can be read.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;

use super::*;

mod facts;
mod line;
mod pricing;
mod till;

/// The fact as a row would give it back.
fn through_a_row(fact: &Fact, now: &Now) -> Fact {
    let wire = to_wire(fact, now);
    assert_eq!(wire.kind(), fact.kind(), "one name on both sides");
    let body = wire.write().unwrap();
    let read = v1::Fact::read(fact.kind(), &body).unwrap();
    assert_eq!(read, wire, "what was written is what is read");
    from_wire(read).unwrap().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_fact_comes_back_as_it_went(fact in facts::fact(), now in facts::now()) {
        prop_assert_eq!(through_a_row(&fact, &now), fact);
    }
}

/// The files that `hq-wire` keeps of every version, with the kind in their name.
fn golden() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cloud-bridge/wire/golden");
    let files = std::fs::read_dir(folder.join("facts/v1")).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let kind = name.split('.').next().unwrap().to_owned();
        (kind, std::fs::read_to_string(path).unwrap())
    });
    files.collect()
}

#[test]
fn every_golden_body_becomes_a_fact_and_is_written_back_to_the_same_bytes() {
    let mut kinds = BTreeSet::new();
    for (kind, text) in golden() {
        let wire = v1::Fact::read(&kind, &text).unwrap();
        // The moment of the end stands beside the fact: in the row, and again in the body.
        let ended = match &wire {
            v1::Fact::SaleCompleted(sale) => value::moment("ended", &sale.ended).unwrap(),
            v1::Fact::SaleAbandoned(sale) => value::moment("ended", &sale.basket.ended).unwrap(),
            v1::Fact::BasketSuspended(sale) => value::moment("ended", &sale.basket.ended).unwrap(),
            v1::Fact::SalePostVoided(void) => value::moment("ended", &void.sale.ended).unwrap(),
            _ => facts::some_now(),
        };
        if let Some(fact) = from_wire(wire).unwrap() {
            assert_eq!(to_wire(&fact, &ended).write().unwrap(), text, "{kind}");
            kinds.insert(kind);
        } else {
            assert_eq!(kind, "stream_started", "only this the domain does not know");
        }
    }
    assert_eq!(kinds.len(), v1::Fact::KINDS.len() - 1, "every kind has a golden file");
}

/// The golden sale with one text in place of another.
fn sale_with(found: &str, put: &str) -> Result<Option<Fact>, ConvertError> {
    let (_, text) = golden().into_iter().find(|(kind, _)| kind == "sale_completed").unwrap();
    assert!(text.contains(found), "{found} stands in the golden sale");
    from_wire(v1::Fact::read("sale_completed", &text.replacen(found, put, 1)).unwrap())
}

#[test]
fn a_field_that_may_not_be_is_named() {
    for (found, put, named) in [
        (r#""transaction":"0193af10"#, r#""transaction":"xyz"#, "transaction"),
        (r#""store":"367""#, r#""store":"""#, "store"),
        (r#""workstation":"1""#, r#""workstation":" 1""#, "workstation"),
        (r#""operator":"c1""#, r#""operator":"c\u00001""#, "operator"),
        (r#""business_day":"2026-11-24""#, r#""business_day":"2026-02-30""#, "business_day"),
        (r#""wall_ms":1795579200123"#, r#""wall_ms":9223372036854775807"#, "opened"),
        (r#""currency":"TWD","number""#, r#""currency":"twd","number""#, "currency"),
        (r#""unit":"piece""#, r#""unit":"dozen""#, "quantity"),
        (r#""amount":"1","unit":"piece""#, r#""amount":"1.5","unit":"piece""#, "quantity"),
        (r#""amount":"0.525""#, r#""amount":"5e-1""#, "quantity"),
        (r#""unit_price":{"amount":"95""#, r#""unit_price":{"amount":"95.5""#, "unit_price"),
        (r#""percent":"10""#, r#""percent":"ten""#, "percent"),
        (r#""price":{"amount":"60""#, r#""price":{"amount":"""#, "price"),
        (r#""reason":"damaged""#, r#""reason":"""#, "reason"),
        (r#""tender_type":""#, r#""tender_type":" "#, "tender_type"),
    ] {
        match sale_with(found, put) {
            Err(ConvertError::BadField { field, .. }) => assert_eq!(field, named, "{put}"),
            other => panic!("{put}: {other:?}"),
        }
    }
    assert!(sale_with(r#""store":"367""#, r#""store":"368""#).unwrap().is_some());
}
