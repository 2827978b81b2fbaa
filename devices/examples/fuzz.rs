//! Runs the parsers of device input against bytes that nobody sent, and says how many, how long
//! and in how much memory:
//!
//! ```text
//! FUZZ_EXECUTIONS=10000000 cargo run --release -p devices --features fuzzing --example fuzz
//! ```
//!
//! Targets can be named behind `--`. Each target runs in a process of its own, so that its memory
//! is its own, and a panic ends that process alone: first it says the number, the execution and
//! the input. `FUZZ_NUMBER` set to that number, and `FUZZ_EXECUTIONS` to one more than that
//! execution, make it happen again.

use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use std::{env, fs, io, panic};

use devices::fuzzing::{Mutator, TARGETS, Target, target};

/// The execution under way.
static EXECUTION: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let names: Vec<String> = env::args().skip(1).collect();
    match names.as_slice() {
        [option] if option == "--list" => {
            for target in TARGETS {
                println!("{}", target.name);
            }
            ExitCode::SUCCESS
        }
        [option, name] if option == "--one" => target(name).map_or(ExitCode::FAILURE, run),
        [option, directory] if option == "--seeds" => match write_seeds(directory) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{directory}: {error}");
                ExitCode::FAILURE
            }
        },
        [] => run_each(TARGETS.iter().map(|target| target.name)),
        names => run_each(names.iter().map(String::as_str)),
    }
}

/// Each in a process of its own.
fn run_each<'a>(names: impl Iterator<Item = &'a str>) -> ExitCode {
    let Ok(program) = env::current_exe() else { return ExitCode::FAILURE };
    let mut is_well = true;
    for name in names {
        let ended = Command::new(&program).args(["--one", name]).status();
        if !ended.is_ok_and(|status| status.success()) {
            eprintln!("{name}: failed");
            is_well = false;
        }
    }
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

fn run(target: &'static Target) -> ExitCode {
    let executions = number("FUZZ_EXECUTIONS", 100_000);
    let first = number("FUZZ_NUMBER", 1);
    say_what_panics(target, first);
    let mut inputs = Mutator::new(target, first);
    let began = Instant::now();
    for count in 0..executions {
        let input = inputs.next_input();
        EXECUTION.store(count, Ordering::Relaxed);
        (target.run)(&input);
    }
    let took_s = began.elapsed().as_secs();
    let memory = most_memory();
    println!("{:18} {executions:>11} executions {took_s:>6} s  {memory}", target.name);
    let _ = io::stdout().flush();
    ExitCode::SUCCESS
}

/// A panic aborts a release build: what there is to say of it is said before.
fn say_what_panics(target: &'static Target, first: u64) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        usual(panicked);
        let count = EXECUTION.load(Ordering::Relaxed);
        // The same number makes the same inputs again.
        let mut inputs = Mutator::new(target, first);
        let mut input = inputs.next_input();
        for _ in 0..count {
            input = inputs.next_input();
        }
        eprintln!("{}: number {first}, execution {count}: {input:02x?}", target.name);
    }));
}

/// The most memory that this process has taken up.
fn most_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "memory unknown".to_owned(), |line| line.trim().to_owned())
}

/// A directory for each target, with what it is to begin with: for `fuzz/`.
fn write_seeds(directory: &str) -> io::Result<()> {
    for target in TARGETS {
        let own = format!("{directory}/{}", target.name);
        fs::create_dir_all(&own)?;
        for (count, seed) in (target.seeds)().iter().enumerate() {
            fs::write(format!("{own}/seed-{count}"), seed)?;
        }
    }
    Ok(())
}
