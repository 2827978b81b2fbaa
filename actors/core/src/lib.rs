//! The store's domain, pure.
//!
//! Everything a store decides is decided here: what a barcode means, what a basket costs, when a
//! sale is a sale, how much stock is left. Nothing here reads a clock, a file, a network or a
//! random number: time arrives as [`Now`], ids arrive in the inputs, and what should happen in
//! the world leaves as effects. That is why one seed can replay a whole day.

pub mod barcode;
pub mod buyer;
pub mod card;
pub mod catalogue;
pub mod day;
pub mod device;
pub mod fact;
mod ids;
pub mod invariants;
pub mod inventory;
mod machine;
mod money;
mod now;
pub mod permission;
pub mod policy;
pub mod print_queue;
pub mod promotion;
mod quantity;
pub mod receipt;
mod refusal;
pub mod register;
mod rounding;
pub mod safety_stock;
pub mod tax;
pub mod till;
pub mod transaction;

pub use ids::{
    BootId, BusinessDay, CardRequestId, CommandId, DeviceId, ItemId, JournalSequence, LineNumber,
    MemberId, OperatorId, PromotionId, ReasonCode, StoreId, StreamId, TerminalId, TextIdError,
    TransactionId, TransactionNumber, WorkstationId,
};
pub use machine::Machine;
pub use money::{Currency, Money, MoneyError};
pub use now::Now;
pub use quantity::{Quantity, QuantityError, Unit};
pub use refusal::{Choice, Refusal, RefusalCode};
pub use rounding::{Rounding, divide, split};
