//! What a register does, command by command.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod added_tax;
mod age;
mod any_commands;
mod buyer;
mod card;
mod cash;
mod choice;
mod days;
mod department;
mod deposit;
mod drawer;
mod goods;
mod held;
mod limits;
mod paying;
mod post_void;
mod prices;
mod promotions;
mod refusals;
mod sales;
mod scans;
mod serial;
mod sold;
mod store;
mod suspended;
mod tenders;
mod till;
mod undo;
mod weighing;
