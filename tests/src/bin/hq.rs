//! Headquarters, built with the tests that start it.

fn main() -> std::process::ExitCode {
    hq::main()
}
