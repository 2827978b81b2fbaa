//! Headquarters' program.

fn main() -> std::process::ExitCode {
    hq::main()
}
