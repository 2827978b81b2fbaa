//! What is on its way: every message, timer and disaster.

use std::sync::Arc;

use cloud_bridge::pump::{AckSeen, Input};
use hq_wire::link::v1::Ack;

use super::faults::Fault;
use crate::simulation::queue::Arrives;

/// What the network did to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    Plain,
    Second,
    Late,
}

/// What a store publishes.
#[derive(Clone, Debug)]
pub struct Message {
    pub topic: String,
    pub payload: Arc<Vec<u8>>,
    pub is_retained: bool,
    /// Rows: which token of the pump.
    pub token: Option<u64>,
    /// Rows: the last of them.
    pub last: Option<AckSeen>,
}

/// What a broker sends down.
#[derive(Clone, Debug)]
pub enum Down {
    Subscribed,
    Confirmed(u64),
    Ack(Ack, Carriage),
}

/// The number of a connection of a store; every connection has another.
pub type Link = u64;

#[derive(Clone, Debug)]
pub enum Event {
    /// At a hub, in a run of its process.
    Trade(usize),
    Tick(usize, u32),
    Pump(usize, u32, Box<Input>),
    Connect(usize, u32),
    PowerBack(usize),
    LinkRestored(usize),
    /// On a connection.
    AtBroker(Link, Message, Carriage),
    AtStore(Link, Down),
    Breaks(Link),
    WillAtBroker(Message),
    BrokerBack,
    /// At headquarters, in a run of its process.
    AtHq(u32, Message, Carriage),
    Commit(u32, usize),
    AckAtBroker(String, Ack, Carriage),
    HqConnects(u32),
    HqBack,
    Disaster,
    Over(Fault),
}

impl Arrives for Event {
    /// Hubs and headquarters are many processes, so they look themselves.
    fn dies_with_process(&self) -> bool {
        false
    }
}

impl Event {
    /// Whether something is told by it, so that the world is not at rest.
    pub const fn is_news(&self) -> bool {
        !matches!(self, Self::Tick(..) | Self::Trade(_) | Self::Disaster | Self::Over(_))
    }
}
