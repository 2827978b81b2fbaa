//! `hub demo`: a chain to look at, as the one who starts it has it.

mod assets;
mod life;
mod page;
mod running;
mod separate;
mod words;
