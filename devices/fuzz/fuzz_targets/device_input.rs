//! Runs the parser that FUZZ_TARGET names: `cargo fuzz` chooses the bytes by what they reach.

#![no_main]

use std::sync::LazyLock;

use devices::fuzzing::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|target| target.name == name);
    found.unwrap_or_else(|| {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        panic!("FUZZ_TARGET is one of {}", names.join(", "))
    })
});

fuzz_target!(|bytes: &[u8]| (CHOSEN.run)(bytes));
