//! The store hub's program.

fn main() -> std::process::ExitCode {
    hub::main()
}
