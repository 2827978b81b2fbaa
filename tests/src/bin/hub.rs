//! The hub, built with the tests that start it.

fn main() -> std::process::ExitCode {
    hub::main()
}
