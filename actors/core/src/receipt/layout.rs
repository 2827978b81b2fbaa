use serde::{Deserialize, Serialize};

use super::document::{Align, Element, ReceiptDocument, TextSize};
use super::labels::{ReceiptLabels, filled, named};
use super::promotions;
use crate::tax::TaxMethod;
use crate::transaction::{
    LineItem, LineKind, ModifierMethod, PriceModifier, PriceSource, RetailTransaction, Tender,
    TenderRule,
};
use crate::{Money, Now, Quantity};

/// What a store prints above and below every sale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiptHeader {
    /// The store's name, printed large.
    pub store_name: String,
    /// Address, telephone, tax number: one row each.
    pub address: Vec<String>,
    /// Below the thanks: opening hours, terms of exchange.
    pub footer: Vec<String>,
}

/// What goes with a sale on its paper.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Above and below it.
    pub header: &'a ReceiptHeader,
    /// The words, in one language.
    pub labels: &'a ReceiptLabels,
    /// For which ways of paying the cash drawer opens.
    pub rules: &'a [TenderRule],
    /// Which copy it is, from 1; nothing for the original. A copy is marked and opens no drawer.
    pub copy: Option<u32>,
    /// The signed code that goods are taken back by, where there is one.
    pub return_code: Option<&'a str>,
    /// Whether this is the paper of a sale that was undone: what was paid goes back.
    pub is_post_void: bool,
    /// Whether the sale was made in training: the paper is worth nothing, and opens no drawer.
    pub is_training: bool,
}

/// What a sale looks like on paper.
///
/// The amounts on the rows add up: lines and their modifiers to the subtotal, that and the
/// basket's modifiers and added tax to the total.
#[must_use]
pub fn layout(sale: &RetailTransaction, frame: &Frame<'_>) -> ReceiptDocument {
    let Frame { labels, rules, copy, is_training, .. } = *frame;
    let mut elements = Vec::new();
    if copy.is_none() && !is_training && opens_drawer(sale, rules) {
        elements.push(Element::DrawerPulse);
    }
    head(&mut elements, sale, frame);
    for line in sale.live_lines() {
        sold(&mut elements, line, sale, labels);
    }
    elements.push(Element::Rule);
    totals(&mut elements, sale, labels);
    tenders(&mut elements, sale, labels);
    elements.push(Element::Rule);
    promotions::earned(&mut elements, sale, labels);
    foot(&mut elements, sale, frame);
    elements.push(Element::Cut);
    ReceiptDocument::new(elements)
}

/// An amount as it is printed: the currency's decimals, a comma at every thousand, no currency.
#[must_use]
pub fn money_text(amount: Money) -> String {
    grouped(&amount.amount().to_string())
}

fn grouped(number: &str) -> String {
    let (whole, decimals) =
        number.split_once('.').map_or((number, None), |(whole, decimals)| (whole, Some(decimals)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push('.');
        out.push_str(decimals);
    }
    out
}

/// Whether a sale is paid in a way for which the cash drawer opens.
#[must_use]
pub fn opens_drawer(sale: &RetailTransaction, rules: &[TenderRule]) -> bool {
    sale.live_tenders()
        .any(|tender| rules.iter().any(|rule| rule.opens_drawer && rule.id == tender.tender_type))
}

fn head(elements: &mut Vec<Element>, sale: &RetailTransaction, frame: &Frame<'_>) {
    let Frame { header, labels, .. } = *frame;
    elements.push(Element::Text {
        text: header.store_name.clone(),
        align: Align::Centre,
        is_bold: true,
        size: TextSize::Double,
    });
    elements.extend(header.address.iter().map(|line| centred(line)));
    elements.push(Element::Feed { rows: 1 });
    elements.extend(marks(frame));
    let number = sale.number.map_or_else(
        || labels.unnumbered.clone(),
        |number| format!("{} {}-{number}", labels.number, sale.workstation),
    );
    elements.push(columns(number, time_text(&sale.opened)));
    if !sale.opened.clock_trusted {
        elements.push(columns(String::new(), labels.clock_not_trusted.clone()));
    }
    elements.push(columns(
        format!("{} {}", labels.store, sale.store),
        format!("{} {}  {} {}", labels.register, sale.workstation, labels.operator, sale.operator),
    ));
    elements.extend(
        sale.ban
            .as_ref()
            .map(|ban| columns(filled(&labels.buyer, &[("ban", ban.as_str())]), String::new())),
    );
    elements.push(Element::Rule);
}

pub(super) fn time_text(now: &Now) -> String {
    let local = now.local();
    let minutes = now.utc_offset_s / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{} {:02}:{:02} {sign}{hours:02}:{rest:02}", local.date(), local.hour(), local.minute())
}

fn sold(
    elements: &mut Vec<Element>,
    line: &LineItem,
    sale: &RetailTransaction,
    labels: &ReceiptLabels,
) {
    let description = match line.kind {
        LineKind::Sale => line.description.to_string(),
        LineKind::Return => filled(&labels.returned, &[("description", &line.description)]),
    };
    elements.push(columns(description, money_text(line.shelf_amount)));
    elements.extend(how_much(line, labels).map(|text| indented(text, String::new())));
    if let Some(serial) = &line.serial {
        elements.push(indented(filled(&labels.serial, &[("serial", serial)]), String::new()));
    }
    for modifier in own_modifiers(line, sale) {
        elements.push(indented(modifier_text(modifier, labels), taken_off(modifier)));
    }
}

/// How much at which price; nothing where that is one piece at the price on the row above.
fn how_much(line: &LineItem, labels: &ReceiptLabels) -> Option<String> {
    let unit = named(&labels.units, line.quantity.unit().code());
    let quantity = quantity_text(line.quantity, unit);
    let is_one_piece = line.quantity == Quantity::one(crate::Unit::Piece);
    if line.price_source == PriceSource::Catalogue || line.by_department {
        let price = money_text(line.unit_price);
        let price = if unit.is_empty() { price } else { format!("{price}/{unit}") };
        let text = || filled(&labels.quantity_price, &[("quantity", &quantity), ("price", &price)]);
        return (!is_one_piece).then(text);
    }
    // A label's or a cashier's price is not the quantity times the catalogue's: it would not fit.
    (!is_one_piece).then(|| filled(&labels.quantity, &[("quantity", &quantity)]))
}

fn quantity_text(quantity: Quantity, unit: &str) -> String {
    let number = grouped(&quantity.amount().to_string());
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// The modifiers of the line alone. Pricing shares the basket's modifiers and what promotions take
/// off an order out over the lines, after the line's own; they are printed once, below the
/// subtotal.
fn own_modifiers<'a>(
    line: &'a LineItem,
    sale: &'a RetailTransaction,
) -> impl Iterator<Item = &'a PriceModifier> {
    let recorded = line.recorded_modifiers.len();
    line.modifiers.iter().enumerate().filter_map(move |(index, modifier)| {
        let is_of_basket = index >= recorded
            && sale.basket_modifiers.iter().any(|of_basket| {
                of_basket.method == modifier.method
                    && of_basket.reason == modifier.reason
                    && of_basket.operator == modifier.operator
                    && of_basket.promotion == modifier.promotion
            });
        let is_share = is_of_basket || promotions::is_of_order(modifier, sale);
        (!is_share).then_some(modifier)
    })
}

fn modifier_text(modifier: &PriceModifier, labels: &ReceiptLabels) -> String {
    if let Some(promotion) = &modifier.promotion {
        return promotions::name(promotion, labels);
    }
    let reason = named(&labels.reasons, modifier.reason.as_str());
    match modifier.method {
        ModifierMethod::AmountOff => filled(&labels.amount_off, &[("reason", reason)]),
        ModifierMethod::PercentOff { percent } => {
            let percent = percent.normalize().to_string();
            filled(&labels.percent_off, &[("percent", &percent), ("reason", reason)])
        }
        ModifierMethod::NewUnitPrice { price } => {
            let price = money_text(price);
            filled(&labels.new_unit_price, &[("price", &price), ("reason", reason)])
        }
    }
}

fn taken_off(modifier: &PriceModifier) -> String {
    money_text(modifier.amount.negated())
}

fn totals(elements: &mut Vec<Element>, sale: &RetailTransaction, labels: &ReceiptLabels) {
    let totals = &sale.totals;
    let count = sale.live_lines().count().to_string();
    let of_order = promotions::of_order(sale);
    let taken = sale.basket_modifiers.iter().map(|each| each.amount);
    let taken = taken.chain(of_order.iter().map(|(_, amount)| *amount));
    let before_basket = Money::sum(sale.currency, std::iter::once(totals.net).chain(taken));
    let count = filled(&labels.line_count, &[("n", &count)]);
    match before_basket {
        Ok(subtotal)
            if subtotal != totals.total
                || !sale.basket_modifiers.is_empty()
                || !of_order.is_empty() =>
        {
            elements.push(columns(format!("{} ({count})", labels.subtotal), money_text(subtotal)));
        }
        _ => elements.push(columns(count, String::new())),
    }
    for (used, amount) in of_order {
        let name = promotions::name_with_amount(used, amount, labels);
        elements.push(columns(name, money_text(amount.negated())));
    }
    for modifier in &sale.basket_modifiers {
        elements.push(columns(modifier_text(modifier, labels), taken_off(modifier)));
    }
    taxes(elements, sale, labels, TaxMethod::Exclusive, &labels.tax_added);
    elements.push(Element::Columns {
        left: filled(&labels.total, &[("currency", sale.currency.code())]),
        right: money_text(totals.total),
        indent: 0,
        is_bold: true,
        size: TextSize::Double,
    });
    taxes(elements, sale, labels, TaxMethod::Inclusive, &labels.tax_contained);
    if totals.discount.minor() > 0 {
        elements.push(columns(labels.saved.clone(), money_text(totals.discount)));
    }
}

fn taxes(
    elements: &mut Vec<Element>,
    sale: &RetailTransaction,
    labels: &ReceiptLabels,
    method: TaxMethod,
    label: &str,
) {
    let printed = sale.totals.taxes.iter();
    for tax in printed.filter(|tax| tax.method == method && !tax.percent.is_zero()) {
        let class = named(&labels.tax_classes, &tax.class);
        let percent = tax.percent.normalize().to_string();
        let text = filled(label, &[("class", class), ("percent", &percent)]);
        elements.push(columns(text, money_text(tax.tax)));
    }
}

fn tenders(elements: &mut Vec<Element>, sale: &RetailTransaction, labels: &ReceiptLabels) {
    if let Some(rounding) = sale.totals.rounding {
        elements.push(columns(labels.rounding.clone(), money_text(rounding)));
    }
    for tender in sale.live_tenders() {
        let name = named(&labels.tenders, tender.tender_type.as_str());
        elements.push(columns(name.to_owned(), money_text(tender.amount)));
        elements.extend(told(tender, labels).map(|text| indented(text, String::new())));
        if let Some(reference) = &tender.reference {
            let text = filled(&labels.reference, &[("reference", reference)]);
            elements.push(indented(text, String::new()));
        }
    }
    if !sale.totals.change.is_zero() {
        elements.push(Element::Columns {
            left: labels.change.clone(),
            right: money_text(sale.totals.change),
            indent: 0,
            is_bold: true,
            size: TextSize::Normal,
        });
    }
}

/// Dots of a module of the return code: what a telephone reads at arm's length.
const RETURN_CODE_MODULE_DOTS: u8 = 3;
/// Dots that the number's bar code is high: 6 mm.
const NUMBER_HEIGHT_DOTS: u8 = 48;

/// What a tender was besides an amount.
fn told(tender: &Tender, labels: &ReceiptLabels) -> impl Iterator<Item = String> {
    let foreign = tender.foreign.as_ref().map(|foreign| {
        let (amount, rate) = (money_text(foreign.amount), foreign.rate.normalize().to_string());
        let currency = foreign.amount.currency();
        let values =
            [("amount", amount.as_str()), ("currency", currency.code()), ("rate", rate.as_str())];
        filled(&labels.foreign, &values)
    });
    let face =
        tender.face.map(|face| filled(&labels.voucher_face, &[("amount", &money_text(face))]));
    let card = tender.card.as_ref().map(|slip| {
        let approval = &slip.approval;
        let values = [
            ("scheme", approval.scheme.as_deref().unwrap_or("")),
            ("last_four", approval.last_four.as_deref().unwrap_or("-")),
            ("approval", approval.approval.as_deref().unwrap_or("-")),
        ];
        filled(&labels.card, &values)
    });
    foreign.into_iter().chain(face).chain(card)
}

fn foot(elements: &mut Vec<Element>, sale: &RetailTransaction, frame: &Frame<'_>) {
    let Frame { header, labels, return_code, .. } = *frame;
    if let Some(code) = return_code {
        elements.push(centred(&labels.return_code));
        elements.push(Element::Qr { text: code.to_owned(), module_dots: RETURN_CODE_MODULE_DOTS });
    }
    elements.push(centred(&labels.thanks));
    elements.extend(header.footer.iter().map(|line| centred(line)));
    // For a scanner that reads no QR code: the receipt is found again by it.
    elements.extend(sale.number.map(|number| Element::Barcode {
        text: format!("{}-{number}", sale.workstation),
        height_dots: NUMBER_HEIGHT_DOTS,
    }));
    elements.extend(marks(frame));
}

/// What a paper is besides a receipt. Stands at both ends, so that neither half of a torn copy
/// passes for the original.
fn marks(frame: &Frame<'_>) -> impl Iterator<Item = Element> {
    let Frame { labels, copy, is_post_void, is_training, .. } = *frame;
    let training = is_training.then(|| labels.training.clone());
    let post_void = is_post_void.then(|| labels.post_void.clone());
    let copy = copy.map(|copy| filled(&labels.copy, &[("n", &copy.to_string())]));
    let training = training.into_iter().flatten();
    training.chain(post_void).chain(copy).map(|text| Element::Text {
        text,
        align: Align::Centre,
        is_bold: true,
        size: TextSize::Normal,
    })
}

fn centred(text: &str) -> Element {
    Element::Text {
        text: text.to_owned(),
        align: Align::Centre,
        is_bold: false,
        size: TextSize::Normal,
    }
}

pub(super) const fn columns(left: String, right: String) -> Element {
    Element::Columns { left, right, indent: 0, is_bold: false, size: TextSize::Normal }
}

/// Columns that what belongs to a line is set in below it.
const INDENT_COLUMNS: usize = 2;

const fn indented(left: String, right: String) -> Element {
    Element::Columns { left, right, indent: INDENT_COLUMNS, is_bold: false, size: TextSize::Normal }
}
