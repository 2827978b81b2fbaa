use std::sync::Arc;

use hq_wire::facts::v1;
use jiff::civil::Date;
use store_core::fact::PostVoid;
use store_core::tax::TaxMethod;
use store_core::transaction::{
    Approval, EntryMethod, ForeignCash, LineItem, LineKind, ModifierMethod, PriceModifier,
    PriceSource, RetailTransaction, TaxLine, Tender, TenderTypeId, Totals, VoidedLine, Weighing,
};
use store_core::{BusinessDay, LineNumber, Now, TransactionNumber};

use super::value::{
    id, moment, moment_to_wire, money, money_to_wire, percent, permission, quantity,
    quantity_to_wire,
};
use super::{ConvertError, bad, card, pricing};

pub fn to_wire(sale: &RetailTransaction, ended: &Now) -> v1::Sale {
    v1::Sale {
        transaction: sale.id.to_string(),
        store: sale.store.to_string(),
        workstation: sale.workstation.to_string(),
        operator: sale.operator.to_string(),
        business_day: sale.business_day.to_string(),
        opened: moment_to_wire(&sale.opened),
        ended: moment_to_wire(ended),
        currency: sale.currency.code().to_owned(),
        number: sale.number.map(|number| number.0),
        lines: sale.lines.iter().map(line_to_wire).collect(),
        basket_modifiers: sale.basket_modifiers.iter().map(modifier_to_wire).collect(),
        tenders: sale.tenders.iter().map(tender_to_wire).collect(),
        ban: sale.ban.as_ref().map(ToString::to_string),
        totals: totals_to_wire(&sale.totals),
        approvals: sale.approvals.iter().map(approval_to_wire).collect(),
        pricing: sale.pricing.as_ref().map(|made| pricing::to_wire(made, sale.currency)),
    }
}

pub fn from_wire(wire: &v1::Sale) -> Result<RetailTransaction, ConvertError> {
    let business_day: Date = id("business_day", &wire.business_day)?;
    Ok(RetailTransaction {
        id: id("transaction", &wire.transaction)?,
        store: id("store", &wire.store)?,
        workstation: id("workstation", &wire.workstation)?,
        operator: id("operator", &wire.operator)?,
        business_day: BusinessDay::new(business_day),
        opened: moment("opened", &wire.opened)?,
        currency: id("currency", &wire.currency)?,
        number: wire.number.map(TransactionNumber),
        lines: wire.lines.iter().map(line_from_wire).collect::<Result<_, _>>()?,
        basket_modifiers: modifiers_from_wire(&wire.basket_modifiers)?,
        tenders: wire.tenders.iter().map(tender_from_wire).collect::<Result<_, _>>()?,
        ban: wire.ban.as_deref().map(|ban| id("ban", ban)).transpose()?,
        totals: totals_from_wire(&wire.totals)?,
        approvals: wire.approvals.iter().map(approval_from_wire).collect::<Result<_, _>>()?,
        pricing: wire.pricing.as_ref().map(pricing::from_wire).transpose()?,
    })
}

pub fn post_void_to_wire(void: &PostVoid, now: &Now) -> v1::SalePostVoided {
    v1::SalePostVoided {
        sale: to_wire(&void.sale, now),
        workstation: void.workstation.to_string(),
        operator: void.operator.to_string(),
        approved_by: void.approved_by.as_ref().map(ToString::to_string),
        reason: void.reason.to_string(),
    }
}

pub fn post_void_from_wire(wire: &v1::SalePostVoided) -> Result<PostVoid, ConvertError> {
    Ok(PostVoid {
        sale: from_wire(&wire.sale)?,
        workstation: id("workstation", &wire.workstation)?,
        operator: id("operator", &wire.operator)?,
        approved_by: wire.approved_by.as_deref().map(|by| id("approved_by", by)).transpose()?,
        reason: id("reason", &wire.reason)?,
    })
}

fn approval_to_wire(approval: &Approval) -> v1::Approval {
    v1::Approval {
        permission: approval.permission.to_string(),
        approved_by: approval.approved_by.to_string(),
    }
}

fn approval_from_wire(wire: &v1::Approval) -> Result<Approval, ConvertError> {
    Ok(Approval {
        permission: permission(&wire.permission)?,
        approved_by: id("approved_by", &wire.approved_by)?,
    })
}

fn line_to_wire(line: &LineItem) -> v1::LineItem {
    v1::LineItem {
        line: line.line.0,
        kind: match line.kind {
            LineKind::Sale => v1::LineKind::Sale,
            LineKind::Return => v1::LineKind::Return,
        },
        item: line.item.to_string(),
        code: line.code.to_string(),
        entry: match line.entry {
            EntryMethod::Scanned => v1::EntryMethod::Scanned,
            EntryMethod::Keyed => v1::EntryMethod::Keyed,
            EntryMethod::Weighed => v1::EntryMethod::Weighed,
        },
        description: line.description.to_string(),
        department: line.department.to_string(),
        category: line.category.to_string(),
        tax_class: line.tax_class.to_string(),
        quantity: quantity_to_wire(line.quantity),
        unit_price: money_to_wire(line.unit_price),
        shelf_amount: money_to_wire(line.shelf_amount),
        price_source: match line.price_source {
            PriceSource::Catalogue => v1::PriceSource::Catalogue,
            PriceSource::Label => v1::PriceSource::Label,
            PriceSource::Keyed => v1::PriceSource::Keyed,
        },
        recorded_modifiers: line.recorded_modifiers.iter().map(modifier_to_wire).collect(),
        modifiers: line.modifiers.iter().map(modifier_to_wire).collect(),
        net: money_to_wire(line.net),
        return_reason: line.return_reason.as_ref().map(ToString::to_string),
        by_department: line.by_department,
        deposit_of: line.deposit_of.map(|line| line.0),
        serial: line.serial.as_ref().map(ToString::to_string),
        weighing: line.weighing.as_deref().map(weighing_to_wire),
        voided: line.voided.as_ref().map(|voided| v1::VoidedLine {
            operator: voided.operator.to_string(),
            reason: voided.reason.to_string(),
        }),
    }
}

fn line_from_wire(wire: &v1::LineItem) -> Result<LineItem, ConvertError> {
    Ok(LineItem {
        line: LineNumber(wire.line),
        kind: match wire.kind {
            v1::LineKind::Sale => LineKind::Sale,
            v1::LineKind::Return => LineKind::Return,
        },
        item: id("item", &wire.item)?,
        code: Arc::from(wire.code.as_str()),
        entry: match wire.entry {
            v1::EntryMethod::Scanned => EntryMethod::Scanned,
            v1::EntryMethod::Keyed => EntryMethod::Keyed,
            v1::EntryMethod::Weighed => EntryMethod::Weighed,
        },
        description: Arc::from(wire.description.as_str()),
        department: Arc::from(wire.department.as_str()),
        category: Arc::from(wire.category.as_str()),
        tax_class: Arc::from(wire.tax_class.as_str()),
        quantity: quantity("quantity", &wire.quantity)?,
        unit_price: money("unit_price", &wire.unit_price)?,
        shelf_amount: money("shelf_amount", &wire.shelf_amount)?,
        price_source: match wire.price_source {
            v1::PriceSource::Catalogue => PriceSource::Catalogue,
            v1::PriceSource::Label => PriceSource::Label,
            v1::PriceSource::Keyed => PriceSource::Keyed,
        },
        recorded_modifiers: modifiers_from_wire(&wire.recorded_modifiers)?,
        modifiers: modifiers_from_wire(&wire.modifiers)?,
        net: money("net", &wire.net)?,
        return_reason: wire
            .return_reason
            .as_deref()
            .map(|one| id("return_reason", one))
            .transpose()?,
        by_department: wire.by_department,
        deposit_of: wire.deposit_of.map(LineNumber),
        serial: wire.serial.as_deref().map(Arc::from),
        weighing: wire.weighing.as_ref().map(weighing_from_wire).transpose()?,
        voided: wire.voided.as_ref().map(voided_from_wire).transpose()?,
    })
}

fn weighing_to_wire(weighing: &Weighing) -> v1::Weighing {
    v1::Weighing {
        scale: weighing.scale.to_string(),
        raw: weighing.raw.to_string(),
        gross: quantity_to_wire(weighing.gross),
        tare: weighing.tare.map(quantity_to_wire),
    }
}

fn weighing_from_wire(wire: &v1::Weighing) -> Result<Box<Weighing>, ConvertError> {
    Ok(Box::new(Weighing {
        scale: id("scale", &wire.scale)?,
        raw: Arc::from(wire.raw.as_str()),
        gross: quantity("gross", &wire.gross)?,
        tare: wire.tare.as_ref().map(|tare| quantity("tare", tare)).transpose()?,
    }))
}

fn voided_from_wire(wire: &v1::VoidedLine) -> Result<VoidedLine, ConvertError> {
    Ok(VoidedLine {
        operator: id("operator", &wire.operator)?,
        reason: id("reason", &wire.reason)?,
    })
}

fn modifier_to_wire(modifier: &PriceModifier) -> v1::PriceModifier {
    v1::PriceModifier {
        method: match &modifier.method {
            ModifierMethod::AmountOff => v1::ModifierMethod::AmountOff,
            ModifierMethod::PercentOff { percent } => {
                v1::ModifierMethod::PercentOff { percent: percent.to_string() }
            }
            ModifierMethod::NewUnitPrice { price } => {
                v1::ModifierMethod::NewUnitPrice { price: money_to_wire(*price) }
            }
        },
        amount: money_to_wire(modifier.amount),
        reason: modifier.reason.to_string(),
        operator: modifier.operator.as_ref().map(ToString::to_string),
        promotion: modifier.promotion.as_ref().map(pricing::applied_to_wire),
    }
}

fn modifiers_from_wire(wire: &[v1::PriceModifier]) -> Result<Vec<PriceModifier>, ConvertError> {
    wire.iter().map(modifier_from_wire).collect()
}

fn modifier_from_wire(wire: &v1::PriceModifier) -> Result<PriceModifier, ConvertError> {
    Ok(PriceModifier {
        method: match &wire.method {
            v1::ModifierMethod::AmountOff => ModifierMethod::AmountOff,
            v1::ModifierMethod::PercentOff { percent: text } => {
                ModifierMethod::PercentOff { percent: percent("percent", text)? }
            }
            v1::ModifierMethod::NewUnitPrice { price } => {
                ModifierMethod::NewUnitPrice { price: money("price", price)? }
            }
        },
        amount: money("amount", &wire.amount)?,
        reason: id("reason", &wire.reason)?,
        operator: wire.operator.as_deref().map(|text| id("operator", text)).transpose()?,
        promotion: wire.promotion.as_ref().map(pricing::applied_from_wire).transpose()?,
    })
}

pub fn tender_to_wire(tender: &Tender) -> v1::Tender {
    v1::Tender {
        number: tender.number,
        tender_type: tender.tender_type.to_string(),
        amount: money_to_wire(tender.amount),
        change: money_to_wire(tender.change),
        reference: tender.reference.as_deref().map(str::to_owned),
        line: tender.line.map(|line| line.0),
        item: tender.item.as_ref().map(ToString::to_string),
        department: tender.department.as_deref().map(str::to_owned),
        face: tender.face.map(money_to_wire),
        foreign: tender.foreign.as_ref().map(|foreign| v1::ForeignCash {
            amount: money_to_wire(foreign.amount),
            rate: foreign.rate.to_string(),
        }),
        card: tender.card.as_ref().map(card::slip_to_wire),
        voided: tender.voided,
    }
}

pub fn tender_from_wire(wire: &v1::Tender) -> Result<Tender, ConvertError> {
    Ok(Tender {
        number: wire.number,
        tender_type: TenderTypeId::new(&wire.tender_type)
            .map_err(bad("tender_type", &wire.tender_type))?,
        amount: money("amount", &wire.amount)?,
        change: money("change", &wire.change)?,
        reference: wire.reference.as_deref().map(Arc::from),
        line: wire.line.map(LineNumber),
        item: wire.item.as_deref().map(|text| id("item", text)).transpose()?,
        department: wire.department.as_deref().map(Arc::from),
        face: wire.face.as_ref().map(|face| money("face", face)).transpose()?,
        foreign: wire.foreign.as_ref().map(foreign_from_wire).transpose()?,
        card: wire.card.as_ref().map(card::slip_from_wire).transpose()?,
        voided: wire.voided,
    })
}

fn foreign_from_wire(wire: &v1::ForeignCash) -> Result<ForeignCash, ConvertError> {
    Ok(ForeignCash { amount: money("foreign", &wire.amount)?, rate: percent("rate", &wire.rate)? })
}

fn totals_to_wire(totals: &Totals) -> v1::Totals {
    v1::Totals {
        shelf: money_to_wire(totals.shelf),
        discount: money_to_wire(totals.discount),
        net: money_to_wire(totals.net),
        taxes: totals.taxes.iter().map(tax_to_wire).collect(),
        total: money_to_wire(totals.total),
        tendered: money_to_wire(totals.tendered),
        due: money_to_wire(totals.due),
        change: money_to_wire(totals.change),
        rounding: totals.rounding.map(money_to_wire),
    }
}

fn totals_from_wire(wire: &v1::Totals) -> Result<Totals, ConvertError> {
    Ok(Totals {
        shelf: money("shelf", &wire.shelf)?,
        discount: money("discount", &wire.discount)?,
        net: money("net", &wire.net)?,
        taxes: wire.taxes.iter().map(tax_from_wire).collect::<Result<_, _>>()?,
        total: money("total", &wire.total)?,
        tendered: money("tendered", &wire.tendered)?,
        due: money("due", &wire.due)?,
        change: money("change", &wire.change)?,
        rounding: wire.rounding.as_ref().map(|by| money("rounding", by)).transpose()?,
    })
}

fn tax_to_wire(tax: &TaxLine) -> v1::TaxLine {
    v1::TaxLine {
        class: tax.class.to_string(),
        method: match tax.method {
            TaxMethod::Inclusive => v1::TaxMethod::Inclusive,
            TaxMethod::Exclusive => v1::TaxMethod::Exclusive,
        },
        percent: tax.percent.to_string(),
        base: money_to_wire(tax.base),
        tax: money_to_wire(tax.tax),
    }
}

fn tax_from_wire(wire: &v1::TaxLine) -> Result<TaxLine, ConvertError> {
    Ok(TaxLine {
        class: Arc::from(wire.class.as_str()),
        method: match wire.method {
            v1::TaxMethod::Inclusive => TaxMethod::Inclusive,
            v1::TaxMethod::Exclusive => TaxMethod::Exclusive,
        },
        percent: percent("percent", &wire.percent)?,
        base: money("base", &wire.base)?,
        tax: money("tax", &wire.tax)?,
    })
}
