//! What a fact does to the projections: read from its text, without a database.

mod booking;
mod promotions;
mod sale;
mod stock;
mod undone;

use std::sync::Arc;

use hq_wire::facts::v1::{self, Fact, StreamCause};
use hq_wire::row::v1::hex;
use store_core::inventory::{MovementKind, StockChange};
use store_core::safety_stock::SafetyStockLevel;
use store_core::{BusinessDay, ItemId, Quantity, Unit};

pub use booking::{booked_on, booking};
pub use promotions::{PromotionFold, PromotionSum, PromptedFold};
pub use sale::{SaleFold, Sum, SumKey};
pub use stock::{ItemRecord, StoreStock};
pub use undone::UndoneFold;

/// What a fact does.
#[derive(Clone, Debug)]
pub enum Effect {
    /// A completed sale: sums and stock.
    Sale(Arc<SaleFold>),
    /// A sale that was undone as a whole: what it added is taken off again.
    Undone(Arc<UndoneFold>),
    /// A basket that was abandoned, with what its cashier was told to say.
    Prompted(Arc<PromptedFold>),
    /// Stock of one item moved otherwise.
    Stock(ItemId, StockChange),
    /// Levels of safety stock were set.
    Levels(Vec<SafetyStockLevel>),
    /// A stream goes on from another.
    Forked(Fork),
    /// Nothing that is projected.
    Nothing,
}

/// What a fact says.
#[derive(Clone, Debug)]
pub struct FactRead {
    /// What it does.
    pub effect: Effect,
    /// The day that it is booked on, where it is booked on one.
    pub day: Option<BusinessDay>,
}

/// Where a stream was left for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The stream before.
    pub parent: String,
    /// Its last row, as the new stream has it.
    pub through: u64,
    /// That row's digest, in hexadecimal.
    pub digest: String,
    /// `restored` or `diverged`.
    pub cause: &'static str,
}

/// Why a fact is not folded but put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// `unreadable_fact`, `unknown_version` or `foreign`.
    pub code: &'static str,
    /// A sentence.
    pub reason: String,
}

impl Unreadable {
    fn fact(reason: impl std::fmt::Display) -> Self {
        Self { code: "unreadable_fact", reason: reason.to_string() }
    }

    /// A field has a value that it may not have.
    fn field(name: &str, value: &str, reason: impl std::fmt::Display) -> Self {
        let value: String = value.chars().take(64).collect();
        Self::fact(format!("the field {name} may not be {value:?}: {reason}"))
    }
}

/// What a row that cannot be read is kept aside under: where it stands, and its digest.
#[must_use]
pub fn topic_of(stream: &str, sequence: u64, digest: &[u8; 32]) -> String {
    format!("{stream}/{sequence} {}", hex(digest))
}

/// Reads a fact of a store.
///
/// # Errors
/// Where its version or kind is not known, its text is not of its kind, a field has a value that it
/// may not have, or it is another store's.
pub fn read(store: &str, kind: &str, version: u32, body: &str) -> Result<FactRead, Unreadable> {
    if version != v1::VERSION {
        let reason = format!("facts of version {version} are newer than this program");
        return Err(Unreadable { code: "unknown_version", reason });
    }
    let fact = Fact::read(kind, body).map_err(|error| match &error {
        v1::BodyError::Malformed(source) => Unreadable::fact(format!("{error}: {source}")),
        v1::BodyError::UnknownKind(_) => Unreadable::fact(error),
    })?;
    // Of what does nothing here nothing can be wrong with its day: it is then booked on none.
    let day = booked_on(&fact).ok().flatten();
    Ok(FactRead { effect: effect(store, fact)?, day })
}

fn effect(store: &str, fact: Fact) -> Result<Effect, Unreadable> {
    Ok(match fact {
        Fact::SaleCompleted(sale) => {
            is_of(store, &sale.store)?;
            Effect::Sale(Arc::new(SaleFold::of(&sale)?))
        }
        Fact::SaleAbandoned(abandoned) => match PromptedFold::of(&abandoned.basket)? {
            Some(prompted) => {
                is_of(store, &abandoned.basket.store)?;
                Effect::Prompted(Arc::new(prompted))
            }
            None => Effect::Nothing,
        },
        Fact::StockMoved(moved) => {
            let kind = movement(moved.kind);
            let change = StockChange::of_movement(kind, quantity("quantity", &moved.quantity)?);
            Effect::Stock(item(&moved.item)?, change)
        }
        Fact::SafetyStockSet(set) => {
            Effect::Levels(set.levels.iter().map(level).collect::<Result<_, _>>()?)
        }
        Fact::StreamStarted(started) => {
            is_of(store, &started.store)?;
            let cause = match started.cause {
                StreamCause::Created => return Ok(Effect::Nothing),
                StreamCause::Restored => "restored",
                StreamCause::Diverged => "diverged",
            };
            started.parent.map_or(Effect::Nothing, |parent| {
                let through = parent.through;
                let (digest, parent) = (parent.digest, parent.stream);
                Effect::Forked(Fork { parent, through, digest, cause })
            })
        }
        Fact::SalePostVoided(void) => {
            is_of(store, &void.sale.store)?;
            Effect::Undone(Arc::new(UndoneFold::of(&void)?))
        }
        Fact::OperatorSignedOn(_)
        | Fact::BasketSuspended(_)
        | Fact::BasketRetrieved(_)
        | Fact::OperatorSignedOff(_)
        | Fact::OperatorChanged(_)
        | Fact::PermissionRefused(_)
        | Fact::TimeSet(_)
        | Fact::TenderTaken(_)
        | Fact::CardRequested(_)
        | Fact::CardDeclined(_)
        | Fact::TenderVoided(_)
        | Fact::TillOpened(_)
        | Fact::TillLoan(_)
        | Fact::TillPickup(_)
        | Fact::TillPaidIn(_)
        | Fact::TillPaidOut(_)
        | Fact::TillCounted(_)
        | Fact::TillClosed(_)
        | Fact::DrawerOpened(_)
        | Fact::BusinessDayClosed(_) => Effect::Nothing,
    })
}

/// What moved the stock, in the domain's words.
fn movement(kind: v1::MovementKind) -> MovementKind {
    match kind {
        v1::MovementKind::Received => MovementKind::Received,
        v1::MovementKind::WrittenOff => MovementKind::WrittenOff,
        v1::MovementKind::Adjusted => MovementKind::Adjusted,
        v1::MovementKind::Counted => MovementKind::Counted,
    }
}

fn is_of(store: &str, named: &str) -> Result<(), Unreadable> {
    if store == named {
        return Ok(());
    }
    let named: String = named.chars().take(64).collect();
    Err(Unreadable { code: "foreign", reason: format!("the fact is of the store {named:?}") })
}

fn item(text: &str) -> Result<ItemId, Unreadable> {
    ItemId::new(text).map_err(|error| Unreadable::field("item", text, error))
}

fn quantity(field: &str, wire: &v1::Quantity) -> Result<Quantity, Unreadable> {
    let unit = Unit::from_code(&wire.unit)
        .ok_or_else(|| Unreadable::field(field, &wire.unit, "no such unit"))?;
    Quantity::parse(&wire.amount, unit)
        .map_err(|error| Unreadable::field(field, &wire.amount, error))
}

fn level(wire: &v1::SafetyStockLevel) -> Result<SafetyStockLevel, Unreadable> {
    Ok(SafetyStockLevel {
        item: item(&wire.item)?,
        safety_stock: quantity("safety_stock", &wire.safety_stock)?,
        clear_at: quantity("clear_at", &wire.clear_at)?,
    })
}
