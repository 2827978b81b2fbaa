//! A register as its screens show it, as it stands in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::card::{CardRequest, CardSlip};
use super::payment::{BuyerView, PayableView};
use super::promotions::{BasketContext, Named, Pricing, Prompt, TenderOffer};
use super::till::TillView;
use super::values::{Id, LineNumber, Money, Quantity, TextId};

/// A register: always whole, never a difference.
#[derive(Serialize, ToSchema)]
pub struct RegisterView {
    /// The run of the hub that `revision` belongs to.
    pub boot: Id,
    /// Rises with every change; a screen ignores a lower one of the same boot.
    pub revision: u64,
    /// Which register.
    pub workstation: TextId,
    /// Who works here.
    pub operator: Option<RegisterOperator>,
    /// What it is doing.
    pub phase: Phase,
    /// The basket in progress.
    pub basket: Option<BasketView>,
    /// The sale before.
    pub last_sale: Option<LastSale>,
    /// Its till.
    pub till: TillView,
    /// What the cashier should know, as stable codes.
    pub notices: Vec<String>,
    /// Tells the rules that the basket follows, or the next one, from those before: where it is
    /// another number, ways of paying, reasons and favourites may be others.
    pub in_force: u64,
    /// Whether it is for training: nothing that it does counts. Left out where it is not.
    #[serde(default)]
    pub is_training: bool,
}

/// Somebody who works at a register.
#[derive(Serialize, ToSchema)]
pub struct RegisterOperator {
    /// Who.
    pub id: TextId,
    /// The name.
    pub name: String,
}

/// What a register is doing.
#[derive(Serialize, ToSchema)]
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
#[derive(Serialize, ToSchema)]
pub struct LastSale {
    /// Which.
    pub transaction_id: Id,
    /// Its printed number.
    pub number: u64,
    /// What was paid for.
    pub total: Money,
    /// What was given back.
    pub change: Money,
}

/// A basket.
#[derive(Serialize, ToSchema)]
pub struct BasketView {
    /// Which.
    pub transaction_id: Id,
    /// To be named by the next command.
    pub version: u64,
    /// When it opened, with the store's offset.
    #[schema(format = "date-time")]
    pub opened: String,
    /// Every line, voided ones included.
    pub lines: Vec<LineView>,
    /// What lowers the whole basket.
    pub basket_modifiers: Vec<PriceModifier>,
    /// Everything that was handed over.
    pub tenders: Vec<TenderView>,
    /// The request to a terminal whose outcome is not known yet: until it is, nothing else is done
    /// at this register; absent where there is none.
    #[schema(nullable = false)]
    pub card: Option<CardRequest>,
    /// What it comes to.
    pub totals: Totals,
    /// What the customer may hand over for what is due, in notes and coins; absent where nothing
    /// is due.
    #[schema(nullable = false)]
    pub payable: Option<Vec<PayableView>>,
    /// What the customer says about the invoice; absent where they say nothing.
    #[schema(nullable = false)]
    pub buyer: Option<BuyerView>,
    /// What is known of the customer.
    pub context: BasketContext,
    /// What promotions do in it; absent where none are in force.
    #[schema(nullable = false)]
    pub pricing: Option<Pricing>,
    /// What is worth saying to the customer next, the most worth first; absent where nothing is.
    #[schema(nullable = false)]
    pub prompts: Option<Vec<Prompt>>,
    /// What other ways of paying would change; absent where none would.
    #[schema(nullable = false)]
    pub offers: Option<Vec<TenderOffer>>,
    /// What the cashier has to see before payment; nothing where no goods ask for it any more.
    pub age: Option<AgeView>,
    /// Whose number the cashier has to name before payment; nothing where none is asked for.
    #[schema(nullable = false)]
    pub serial: Option<SerialView>,
    /// Whether there is something to take back.
    pub can_undo: bool,
}

/// Whose number is asked for.
#[derive(Serialize, ToSchema)]
pub struct SerialView {
    /// The line.
    pub line: LineNumber,
    /// Its name.
    pub description: String,
}

/// How old the customer has to be.
#[derive(Serialize, ToSchema)]
pub struct AgeView {
    /// In whole years.
    pub age: u8,
    /// The last day of birth of somebody who is.
    #[schema(format = "date")]
    pub born_by: String,
}

/// A line of a basket.
#[derive(Serialize, ToSchema)]
pub struct LineView {
    /// Its number.
    pub line: LineNumber,
    /// Sold or returned.
    pub kind: LineKind,
    /// Which item.
    pub item: TextId,
    /// As it was read or keyed.
    pub code: String,
    /// Its name.
    pub description: String,
    /// How much; negative on a return.
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
    #[schema(nullable = false)]
    pub deposit_of: Option<LineNumber>,
    /// The number that the piece bears.
    #[schema(nullable = false)]
    pub serial: Option<String>,
    /// There and true where a key of a department sells it.
    #[schema(nullable = false)]
    pub by_department: Option<bool>,
    /// Whether it was taken out.
    pub voided: bool,
}

/// Which way the goods go.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// To the customer.
    Sale,
    /// Back to the store.
    Return,
}

/// Who says what a line costs before discounts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// The catalogue.
    Catalogue,
    /// The label of a pre-packed piece.
    Label,
    /// The cashier.
    Keyed,
}

/// Why a line or a basket costs less than on the shelf.
#[derive(Serialize, ToSchema)]
pub struct PriceModifier {
    /// How it was stated.
    pub method: ModifierMethod,
    /// The percentage, where it was stated as one.
    #[schema(nullable = false)]
    pub percent: Option<String>,
    /// The new unit price, where it was stated as one.
    #[schema(nullable = false)]
    pub price: Option<Money>,
    /// How much it takes off.
    pub amount: Money,
    /// Why.
    pub reason: TextId,
    /// Who recorded it; nobody where a promotion did.
    pub operator: Option<TextId>,
    /// The promotion that did.
    #[schema(nullable = false)]
    pub promotion: Option<Named>,
}

/// How a price modifier was stated.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModifierMethod {
    /// This much off.
    AmountOff,
    /// This percentage off.
    PercentOff,
    /// A new unit price.
    NewUnitPrice,
}

/// Something that was handed over.
#[derive(Serialize, ToSchema)]
pub struct TenderView {
    /// Its number.
    pub number: u32,
    /// The way of paying.
    pub tender_type: TextId,
    /// What was handed over.
    pub amount: Money,
    /// What was given back.
    pub change: Money,
    /// What was shown.
    pub reference: Option<String>,
    /// What a voucher is worth, where the rest of it lapses.
    #[schema(nullable = false)]
    pub face: Option<Money>,
    /// The money of another country that was handed over.
    #[schema(nullable = false)]
    pub foreign: Option<ForeignCash>,
    /// What a terminal said.
    #[schema(nullable = false)]
    pub card: Option<CardSlip>,
    /// Whether it was handed back.
    pub voided: bool,
}

/// Money of another country.
#[derive(Serialize, ToSchema)]
pub struct ForeignCash {
    /// What was handed over.
    pub amount: Money,
    /// What one of its major units counts for.
    pub rate: String,
}

/// What a basket comes to.
#[derive(Serialize, ToSchema)]
pub struct Totals {
    /// The lines before any modifier.
    pub shelf: Money,
    /// What the modifiers take off.
    pub discount: Money,
    /// Shelf less discount.
    pub net: Money,
    /// Tax by class.
    pub taxes: Vec<TaxLine>,
    /// What is to pay: net, and the tax that is not contained in it.
    pub total: Money,
    /// What has been taken, less change.
    pub tendered: Money,
    /// What is still to pay; negative where money is to be paid out.
    pub due: Money,
    /// What was given back.
    pub change: Money,
    /// What the part paid in cash was rounded by; absent where nothing was.
    #[schema(nullable = false)]
    pub rounding: Option<Money>,
}

/// The tax of one class.
#[derive(Serialize, ToSchema)]
pub struct TaxLine {
    /// The tax class.
    pub class: String,
    /// Contained in the price or added to it.
    pub method: TaxMethod,
    /// The rate in percent, as a decimal text.
    pub percent: String,
    /// The lines' net amounts of this class.
    pub base: Money,
    /// The tax of it.
    pub tax: Money,
}

/// Whether the shelf price contains the tax.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxMethod {
    /// The price contains it.
    Inclusive,
    /// It is added to the price.
    Exclusive,
}
