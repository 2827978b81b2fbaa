//! A store in one thread: the machines of production, with everything around them simulated and
//! everything going wrong.
//!
//! `SIM_SEED=n` replays one seed and prints what happens; `SIM_SEEDS=n` says how many are run.

mod cashier;
mod checks;
mod clock;
mod config;
pub mod counts;
mod disasters;
mod events;
mod faults;
mod followers;
mod history;
mod hub;
mod journal;
pub mod many;
mod network;
mod office;
mod planted;
mod promotions;
pub mod queue;
mod seeds;
mod shop;
mod terminal;
mod trace;
mod world;
