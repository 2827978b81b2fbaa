//! Headquarters' program: its place. It is built with the link, in the next step.

fn main() -> std::process::ExitCode {
    eprintln!("error: headquarters is not part of this version");
    std::process::ExitCode::from(69)
}
