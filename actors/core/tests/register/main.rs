//! What a register does, command by command.

mod refusals;
mod sales;
mod till;
