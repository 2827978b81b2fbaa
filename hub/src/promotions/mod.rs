//! Promotions out of files: the store's own, and those that commands are given.

mod file;
mod own;
#[cfg(test)]
mod tests;

pub use file::{FileFault, PromotionFileError, read};
pub use own::own;
