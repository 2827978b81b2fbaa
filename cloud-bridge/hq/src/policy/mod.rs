//! What headquarters decides for its stores: read from a directory, checked by the code that the
//! stores check it with, signed, kept, and offered to each store.

pub mod command;
mod deal;
mod directory;
mod levels;
mod offer;
mod people;
mod push;
mod shares;
mod stored;
mod views;

pub use command::PolicyCommand;
pub use directory::{Draft, FileFault, Known, read_directory};
pub use offer::{Bundle, Publication, offered};
pub use push::{Order, PushError, Pushed, push};
pub use stored::PolicyWatch;
