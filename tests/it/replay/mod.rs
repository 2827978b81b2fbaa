//! The recorded trade: what the files add up to, before any store has seen them.

mod control;
mod stores;
