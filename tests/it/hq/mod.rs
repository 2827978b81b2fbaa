//! Headquarters as browsers, stores and attackers meet it: a real process, a real broker.

mod broker;
mod commands;
mod gates;
mod live;
mod mosquitto;
mod people;
mod running;
mod words;
