//! What every ledger keeps, on disk or simulated: each test runs on both.

mod beside;
mod copies;
mod faults;
mod folds;
mod identity;
mod line;
mod receipts;
mod tills;

/// Makes two tests of each function that takes a bench.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_disk {
            $(#[test] fn $name() { super::$name::<crate::on_disk::OnDisk>(); })+
        }
        mod simulated {
            $(#[test] fn $name() { super::$name::<crate::bench::InMemory>(); })+
        }
    };
}
use on_both;
