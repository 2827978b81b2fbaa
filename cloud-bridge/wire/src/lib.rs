//! What travels between a store and headquarters, and what stands in a journal's rows.
//!
//! Every type lives in a numbered module. A module that was released is never edited: a change is
//! a new module beside it, and every version ever written is read for ever. Golden files under
//! `golden/` pin the bytes.
//!
//! **Reading is lenient, writing is exact.** Unknown fields are ignored on reading, so that an
//! older reader can still make out a row of a newer writer. Nothing is lost by that: what is
//! stored, hashed and sent on is always the text of the body itself, never a value that was read
//! from it and written again.
//!
//! Rows name people by id only; names, phones and carriers stand in tables outside the chain.

pub mod facts;
pub mod link;
pub mod row;
