//! What headquarters decided, as it arrives in the store.
//!
//! [`PolicyReceiver`] is pure: an offer, pieces and moments go in, in any order and perhaps twice;
//! what is to be kept, said and put in force comes out. [`PolicyDesk`] performs what concerns the
//! kept files, through a [`PolicyStore`], and passes on the rest.
//!
//! A bundle is believed when its signature, its chain, its store and the digest of every piece
//! hold and every part can be read. It comes into force at its moment, by a clock that is trusted,
//! and what it says nothing of stays as it was: of the bundles in force the one with the highest
//! version counts, part by part.

mod desk;
mod entry;
mod force;
mod keep;
mod protocol;
mod receiver;
#[cfg(test)]
mod tests;
mod verify;

pub use desk::PolicyDesk;
pub use force::InForce;
pub use keep::{Kept, KeptBundle, PolicyStore, PolicyStoreError};
pub use protocol::{Effect, Input};
pub use receiver::PolicyReceiver;
pub use verify::{Identity, Refused};
