//! Headquarters as browsers, stores and attackers meet it: a real process, a real broker.

mod becoming;
mod broker;
mod commands;
mod described;
mod gates;
#[path = "../../../cloud-bridge/hq/tests/store/journal.rs"]
#[allow(dead_code, reason = "headquarters' own tests use all of it")]
mod journal;
mod live;
mod mosquitto;
mod people;
mod proxy;
mod rebuild;
mod running;
mod scope;
mod words;
