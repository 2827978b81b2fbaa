//! What a store follows and keeps, as it stands in JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::promotions::Text;
use super::values::{Id, TextId};

/// A key for goods without a code.
#[derive(Serialize, ToSchema)]
pub struct DepartmentKey {
    /// The department.
    pub id: String,
    /// What the key says.
    pub label: Text,
    /// The tax class of what it sells.
    pub tax_class: String,
    /// The least price of one piece, as a decimal text in major units.
    #[schema(nullable = false)]
    pub amount_min: Option<String>,
    /// The highest.
    #[schema(nullable = false)]
    pub amount_max: Option<String>,
}

/// What a way of paying may do.
#[derive(Serialize, ToSchema)]
pub struct TenderRule {
    /// The way of paying.
    pub id: TextId,
    /// What it is.
    pub kind: TenderKind,
    /// Whether more than is due may be given, and the rest comes back.
    pub gives_change: bool,
    /// Whether the cash drawer opens for it.
    pub opens_drawer: bool,
    /// Whether it is taken even where nothing is due.
    pub taken_when_nothing_due: bool,
    /// Whether more than is due may be given and the rest lapses.
    #[schema(nullable = false)]
    pub keeps_excess: Option<bool>,
    /// Most that comes back of one tender, in major units.
    #[schema(nullable = false)]
    pub change_max: Option<String>,
    /// How cash is rounded, where that is otherwise than usual with the currency.
    #[schema(nullable = false)]
    pub rounding: Option<CashRounding>,
    /// The amounts with a key of their own, in major units; the usual ones where there are none.
    #[schema(nullable = false)]
    pub quick_amounts: Option<Vec<String>>,
    /// The other currency, for foreign cash: such a tender's amount is in it.
    #[schema(nullable = false)]
    pub foreign: Option<ForeignRate>,
}

/// What kind of thing a way of paying is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins of the store's currency.
    Cash,
    /// A card.
    Card,
    /// A telephone.
    Mobile,
    /// Paper with a value.
    Voucher,
    /// Notes of another currency.
    Foreign,
}

/// How the part of a sale that is paid in cash is rounded.
#[derive(Serialize, ToSchema)]
pub struct CashRounding {
    /// The smallest coin, in major units.
    pub step: String,
    /// What becomes of a part of a coin.
    pub rounding: Rounding,
}

/// How a part of a unit is made whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// A half goes away from zero.
    HalfUp,
    /// A half goes to the even neighbour.
    HalfEven,
    /// A half goes towards zero.
    HalfDown,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// What money of another currency counts for.
#[derive(Serialize, ToSchema)]
pub struct ForeignRate {
    /// ISO 4217.
    pub currency: String,
    /// What one of its major units counts for, in major units of the store's currency.
    pub rate: String,
}

/// The reasons that a cashier may give, by what they are given for.
#[derive(Serialize, ToSchema)]
pub struct ReasonCodes {
    /// For lowering a price.
    pub price: Vec<TextId>,
    /// For taking goods back.
    #[serde(rename = "return")]
    pub returns: Vec<TextId>,
    /// For giving a basket up.
    pub abandon: Vec<TextId>,
    /// For money that goes in or out otherwise than by a sale, and for opening the drawer.
    pub cash: Vec<TextId>,
    /// For saying what became of a request to a terminal.
    pub card: Vec<TextId>,
}

/// A person, as others may see them.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// The id to sign in with.
    pub id: TextId,
    /// The name on the screens.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can sign in with a badge.
    pub has_badge: bool,
}

/// What somebody may do; each may do what the one before may.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sells.
    Cashier,
    /// Allows what a cashier may not, keeps the stock.
    Supervisor,
    /// All of it, and the people.
    Manager,
}

/// What moved the stock.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// A delivery came in.
    Received,
    /// Goods were written off.
    WrittenOff,
    /// A correction by hand; may be negative.
    Adjusted,
    /// The shelf was counted: the quantity is what is there now.
    Counted,
}

/// Where a promise stands in the journal.
#[derive(Serialize, ToSchema)]
pub struct RowPosition {
    /// The stream.
    pub stream: Id,
    /// The row's number in it: 1, 2, 3 … without a gap.
    pub sequence: u64,
}

/// How far a receipt has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// It waits.
    Queued,
    /// Bytes are on their way to the printer.
    Printing,
    /// The printer has it.
    Done,
    /// The hub stopped in the middle: a person has to look.
    Unknown,
    /// It was unknown, and somebody saw the paper.
    CameOut,
    /// It was unknown, and somebody had a copy printed instead.
    Replaced,
}

/// An actor as somebody looking into it sees it.
#[derive(Serialize, ToSchema)]
pub struct ActorStatus {
    /// Which actor.
    pub actor: String,
    /// How many inputs it has taken: what rises while it makes progress.
    pub inputs: u64,
    /// How many announcements it could not pass on; the receivers read them from the journal.
    pub announcements_lost: u64,
    /// What it holds; differs from actor to actor.
    #[schema(value_type = Object)]
    pub state: serde_json::Value,
}
