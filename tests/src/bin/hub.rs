//! The hub, built with the tests that start it.

// Until the hub's library has its `main`: replace the whole function by
// `fn main() -> std::process::ExitCode { hub::main() }`.
fn main() {}
