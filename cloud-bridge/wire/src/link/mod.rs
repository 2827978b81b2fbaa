//! The messages of the link between a store and headquarters, versioned.

pub mod v1;
