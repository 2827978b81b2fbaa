//! Every allowed choice of a small basket, tried one by one.

pub mod arithmetic;
pub mod basket;
pub mod items;
pub mod live;
pub mod matching;
pub mod on_top;
pub mod orders;
pub mod search;

pub use basket::Basket;
pub use search::{Best, best};
