//! The stores of the chain: which there are, what each is known by, and the file each is given.

mod admission;
mod link_file;
mod tables;

pub use admission::Admitted;
pub use link_file::{Enrolment, EnrolmentError};
pub use tables::{EnrolledStore, list, remove};
