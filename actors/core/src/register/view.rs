use std::sync::Arc;

use serde::Serialize;

use super::age::{self, AgeView};
use super::basket::Basket;
use super::buyer::BuyerView;
use super::card::CardView;
use super::machine::RegisterMachine;
use super::payable::{PayableView, payable};
use super::pricing_view::{CustomerView, PricingView, customer_view, pricing_view};
use super::serial::{self, SerialView};
use super::till_view::TillView;
use crate::card::CardSlip;
use crate::promotion::offers::TenderOffer;
use crate::promotion::prompts::Prompt;
use crate::transaction::{
    ForeignCash, LineItem, LineKind, PriceModifier, PriceSource, Tender, TenderTypeId, Totals,
};
use crate::{
    BootId, ItemId, LineNumber, Money, Now, OperatorId, Quantity, TransactionId, TransactionNumber,
    WorkstationId,
};

/// What a register is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody works here.
    SignedOff,
    /// There is no basket.
    Idle,
    /// A basket is being filled.
    Selling,
    /// A tender stands: the price stands too.
    Tendering,
    /// A terminal was asked and has not answered.
    AwaitingCard,
    /// Nobody knows what became of a request to a terminal.
    CardUnknown,
    /// A promise is on its way to the disk.
    Committing,
}

/// The sale before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastSale {
    /// Which.
    pub transaction_id: TransactionId,
    /// Its printed number.
    pub number: TransactionNumber,
    /// What was paid for.
    pub total: Money,
    /// What was given back.
    pub change: Money,
}

/// Somebody who works here, as the screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperatorView {
    /// Who.
    pub id: OperatorId,
    /// The name.
    pub name: Arc<str>,
}

/// A register as its screens show it: always whole, never a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterView {
    /// The run of the hub that `revision` belongs to.
    pub boot: BootId,
    /// Rises with every change; a screen ignores a lower one of the same boot.
    pub revision: u64,
    /// Which register.
    pub workstation: WorkstationId,
    /// Who works here.
    pub operator: Option<OperatorView>,
    /// What it is doing.
    pub phase: Phase,
    /// The basket in progress.
    pub basket: Option<BasketView>,
    /// The sale before.
    pub last_sale: Option<LastSale>,
    /// Its till.
    pub till: TillView,
    /// What the cashier should know, as stable codes.
    pub notices: Vec<&'static str>,
    /// Tells the rules that the basket follows, or the next one, from those before: where it is
    /// another number, ways of paying, reasons and favourites may be others.
    pub in_force: u64,
    /// Whether it is for training: nothing that it does counts.
    #[serde(skip_serializing_if = "is_false")]
    pub is_training: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A basket as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BasketView {
    /// Which.
    pub transaction_id: TransactionId,
    /// To be named by the next command.
    pub version: u64,
    /// When it opened, with the store's offset.
    pub opened: String,
    /// Every line, voided ones included.
    pub lines: Vec<LineView>,
    /// What lowers the whole basket.
    pub basket_modifiers: Vec<PriceModifier>,
    /// Everything that was handed over.
    pub tenders: Vec<TenderView>,
    /// The request to a terminal whose outcome is not known yet: until it is, nothing else is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardView>,
    /// What it comes to.
    pub totals: Totals,
    /// What the customer may hand over for what is due, in notes and coins; nothing where nothing
    /// is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payable: Vec<PayableView>,
    /// What the customer says about the invoice; nothing where they say nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerView>,
    /// What is known of the customer.
    pub context: CustomerView,
    /// What promotions do in it; nothing where none are in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing: Option<PricingView>,
    /// What is worth saying to the customer next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<Prompt>,
    /// What other ways of paying would change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<TenderOffer>,
    /// What the cashier has to see before payment; nothing where no goods ask for it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<AgeView>,
    /// Whose number the cashier has to name before payment; nothing where none is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<SerialView>,
    /// Whether there is something to take back.
    pub can_undo: bool,
}

/// A line as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineView {
    /// Its number.
    pub line: LineNumber,
    /// Sold or returned.
    pub kind: LineKind,
    /// Which item.
    pub item: ItemId,
    /// As it was read or keyed.
    pub code: Arc<str>,
    /// Its name.
    pub description: Arc<str>,
    /// How much.
    pub quantity: Quantity,
    /// The catalogue's price of one unit.
    pub unit_price: Money,
    /// Before modifiers.
    pub shelf_amount: Money,
    /// Who said so.
    pub price_source: PriceSource,
    /// What lowers it.
    pub modifiers: Vec<PriceModifier>,
    /// After modifiers.
    pub net: Money,
    /// The line of the goods that it is the deposit on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit_of: Option<LineNumber>,
    /// The number that the piece bears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<Arc<str>>,
    /// Whether a key of a department sells it, so much a piece.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_department: bool,
    /// Whether it was taken out.
    pub voided: bool,
}

/// A tender as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenderView {
    /// Its number.
    pub number: u32,
    /// The way of paying.
    pub tender_type: TenderTypeId,
    /// What was handed over.
    pub amount: Money,
    /// What was given back.
    pub change: Money,
    /// What was shown.
    pub reference: Option<Arc<str>>,
    /// What a voucher is worth, where the rest of it lapses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face: Option<Money>,
    /// The money of another country that was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<ForeignCash>,
    /// What a terminal said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSlip>,
    /// Whether it was handed back.
    pub voided: bool,
}

impl RegisterMachine {
    /// The register as its screens show it.
    #[must_use]
    pub fn view(&self, now: Now) -> RegisterView {
        let operator = self.signed_on.as_ref().map(|signed_on| OperatorView {
            id: signed_on.operator.clone(),
            name: signed_on.name.clone(),
        });
        let mut notices = self.notices.clone();
        if !now.clock_trusted {
            notices.push("clock_not_trusted");
        }
        RegisterView {
            boot: now.boot,
            revision: self.revision,
            workstation: self.workstation.clone(),
            operator,
            phase: self.phase(),
            basket: self.basket.as_ref().map(BasketView::of),
            last_sale: self.last_sale.clone(),
            till: self.till_view(),
            notices,
            in_force: self
                .basket
                .as_ref()
                .map_or(&self.in_force, |basket| &basket.in_force)
                .revision,
            is_training: self.is_training,
        }
    }
}

impl BasketView {
    pub(super) fn of(basket: &Basket) -> Self {
        let transaction = &basket.transaction;
        Self {
            transaction_id: transaction.id,
            version: basket.version,
            opened: local_time(transaction.opened),
            lines: transaction.lines.iter().map(line_view).collect(),
            basket_modifiers: transaction.basket_modifiers.clone(),
            tenders: transaction.tenders.iter().map(tender_view).collect(),
            card: basket.card.as_ref().map(CardView::of),
            totals: transaction.totals.clone(),
            payable: payable(&basket.in_force.rules, transaction.totals.due),
            buyer: BuyerView::of(basket),
            context: customer_view(&basket.customer),
            pricing: basket.pricing.as_ref().map(|pricing| pricing_view(pricing, transaction)),
            prompts: basket.prompts.clone(),
            offers: basket.offers.clone(),
            age: age::needed(basket),
            serial: serial::needed(basket),
            can_undo: can_undo(basket),
        }
    }
}

/// Whether the last thing that was done can be taken back here: what a terminal took goes back
/// through the terminal.
fn can_undo(basket: &Basket) -> bool {
    match basket.transaction.live_tenders().last() {
        Some(last) => last.card.is_none() && basket.card.is_none(),
        None => !basket.undo.is_empty() && basket.card.is_none(),
    }
}

fn line_view(line: &LineItem) -> LineView {
    LineView {
        line: line.line,
        kind: line.kind,
        item: line.item.clone(),
        code: line.code.clone(),
        description: line.description.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        shelf_amount: line.shelf_amount,
        price_source: line.price_source,
        modifiers: line.modifiers.clone(),
        net: line.net,
        deposit_of: line.deposit_of,
        serial: line.serial.clone(),
        by_department: line.by_department,
        voided: line.voided.is_some(),
    }
}

fn tender_view(tender: &Tender) -> TenderView {
    TenderView {
        number: tender.number,
        tender_type: tender.tender_type.clone(),
        amount: tender.amount,
        change: tender.change,
        reference: tender.reference.clone(),
        face: tender.face,
        foreign: tender.foreign.clone(),
        card: tender.card.clone(),
        voided: tender.voided,
    }
}

/// RFC 3339 with the store's offset.
pub(super) fn local_time(now: Now) -> String {
    let offset = jiff::tz::Offset::from_seconds(now.utc_offset_s).unwrap_or(jiff::tz::Offset::UTC);
    now.wall.display_with_offset(offset).to_string()
}
