//! The simulated payment terminal as a process of its own: it outlives the hubs that ask it, and
//! ends with whoever started it.

use std::io;
use std::process::ExitCode;

use devices::terminal::SimulatedTerminal;

fn main() -> ExitCode {
    let terminal = match SimulatedTerminal::start() {
        Ok(terminal) => terminal,
        Err(error) => {
            eprintln!("the terminal does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", terminal.address());
    // Nothing is said to it: its input ends when its starter does.
    let ended = io::copy(&mut io::stdin(), &mut io::sink());
    if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
