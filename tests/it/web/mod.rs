//! The web as somebody on the shop's Wi-Fi meets it: a real hub, real sockets, real TLS.

mod authority;
pub mod client;
mod doors;
mod encryption;
mod gates;
mod limits;
mod lockout;
mod origins;
mod running;
mod screen;
mod secrets;
