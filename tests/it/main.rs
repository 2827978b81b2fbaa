//! t

mod replay;
