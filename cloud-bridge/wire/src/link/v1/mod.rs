//! Version 1 of the link: MQTT 5, one outbound connection of each store.
//!
//! | topic | retained | who | what |
//! |---|---|---|---|
//! | `v1/{chain}/{store}/facts/{stream}` | no | store | [`FactsBatch`], gzip |
//! | `v1/{chain}/{store}/state/{thing}` | yes | store | [`State`] |
//! | `v1/{chain}/{store}/status` | yes | store | [`Status`] |
//! | `v1/{chain}/{store}/ack/{stream}` | yes | headquarters | [`Ack`] |
//! | `v1/{chain}/{store}/policy` | yes | headquarters | [`PolicyOffer`] |
//! | `v1/{chain}/{store}/policy/{id}/{part}` | yes | headquarters | a piece of a bundle, raw bytes
//! | | `v1/{chain}/{store}/command/{name}` | no | headquarters | [`Command`] |
//! | `v1/{chain}/{store}/reply/{name}` | no | store | [`Reply`] to a command |
//! | `v1/{chain}/{store}/query/{name}` | no | store | [`Query`] |
//! | `v1/{chain}/{store}/answer/{name}` | no | headquarters | [`Reply`] to a query |
//!
//! All of them are QoS 1. What a store says is believed of that store alone: the topic names it,
//! and the broker lets nobody else write there.
//!
//! **A fork.** A stream that headquarters froze, or holds further or otherwise than the store does,
//! is not sent any more. Rows of it that headquarters may lack go up as a *branch*: a stream of
//! its own on the wire ([`Branch`], [`branch_id`]) whose rows keep the stream, number and digest
//! that they have in the journal. Headquarters knows a fact that came both ways by the row's id.

mod codec;
mod enrolment;
mod facts;
mod policy;
mod presence;
mod question;
mod topic;

pub use codec::{CodecError, PAYLOAD_MAX, ROWS_MAX, TEXT_MAX, compressed, read_json, text_of};
pub use enrolment::LinkFile;
pub use facts::{Ack, Branch, FactsBatch, FactsBody, branch_id};
pub use policy::{
    BundleManifest, BundlePart, PIECE_MAX, PartError, PolicyOffer, PolicyStanding, PolicyState,
    Signed, sign_manifest, verify_manifest,
};
pub use presence::{
    AlertState, LinkState, RegisterState, State, Status, StockState, TradeState, Waiting,
};
pub use question::{COMMANDS, Command, QUERIES, Query, Reply};
pub use topic::{Place, Topic, TopicError, is_level};
