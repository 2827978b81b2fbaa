//! Any line of a basket.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use store_core::transaction::*;
use store_core::*;

use super::facts::{id, money, quantity, text};
use super::pricing;

pub fn percent() -> impl Strategy<Value = Decimal> {
    (0..=100_000_i64, 0..=3_u32).prop_map(|(number, scale)| Decimal::new(number, scale))
}

pub fn modifier() -> impl Strategy<Value = PriceModifier> {
    let method = prop_oneof![
        Just(ModifierMethod::AmountOff),
        percent().prop_map(|percent| ModifierMethod::PercentOff { percent }),
        money().prop_map(|price| ModifierMethod::NewUnitPrice { price }),
    ];
    let by = (option::of(id(OperatorId::new)), option::of(pricing::applied()));
    (method, money(), id(ReasonCode::new), by).prop_map(
        |(method, amount, reason, (operator, promotion))| PriceModifier {
            method,
            amount,
            reason,
            operator,
            promotion,
        },
    )
}

fn weighing() -> impl Strategy<Value = Box<Weighing>> {
    let said = (id(DeviceId::new), text(), quantity(), option::of(quantity()));
    said.prop_map(|(scale, raw, gross, tare)| Box::new(Weighing { scale, raw, gross, tare }))
}

pub fn line() -> impl Strategy<Value = LineItem> {
    let kind = prop::sample::select(vec![LineKind::Sale, LineKind::Return]);
    let entry =
        prop::sample::select(vec![EntryMethod::Scanned, EntryMethod::Keyed, EntryMethod::Weighed]);
    let source =
        prop::sample::select(vec![PriceSource::Catalogue, PriceSource::Label, PriceSource::Keyed]);
    let voided = option::of((id(OperatorId::new), id(ReasonCode::new)));
    let what = (any::<u32>(), kind, entry, source, id(ItemId::new));
    let texts = (text(), text(), text(), text(), text());
    let amounts = (quantity(), money(), money(), money());
    let modifiers = (vec(modifier(), 0..3), vec(modifier(), 0..3));
    let goods =
        (any::<bool>(), option::of(any::<u32>()), option::of(text()), option::of(weighing()));
    let rest = (option::of(id(ReasonCode::new)), voided, goods);
    (what, texts, amounts, modifiers, rest).prop_map(
        |(
            (line, kind, entry, price_source, item),
            (code, description, department, category, tax_class),
            (quantity, unit_price, shelf_amount, net),
            (recorded_modifiers, modifiers),
            (return_reason, voided, (by_department, deposit_of, serial, weighing)),
        )| LineItem {
            line: LineNumber(line),
            kind,
            item,
            code,
            entry,
            description,
            department,
            category,
            tax_class,
            quantity,
            unit_price,
            shelf_amount,
            price_source,
            recorded_modifiers,
            modifiers,
            net,
            return_reason,
            by_department,
            deposit_of: deposit_of.map(LineNumber),
            serial,
            weighing,
            voided: voided.map(|(operator, reason)| VoidedLine { operator, reason }),
        },
    )
}
