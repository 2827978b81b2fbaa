//! A test that cannot run here says so where it is counted.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

/// Reports that the calling test cannot run here, and why. The test then returns; libtest has no
/// third outcome, so `tests/run.sh` takes the lines of `STORE_TESTS_SKIPPED` off what passed.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test without a name");
    let line = format!("{test}: {}\n", reason.replace('\n', " "));
    // Not `eprintln!`: libtest would capture it, and a skip must be seen.
    let _ = std::io::stderr().write_all(format!("SKIPPED {line}").as_bytes());
    if let Some(file) = std::env::var_os("STORE_TESTS_SKIPPED") {
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&file)
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .unwrap_or_else(|error| panic!("noting a skip in {file:?}: {error}"));
    }
}

/// True where the program can be started; otherwise the skip is reported and the test returns.
pub fn finds_program(name: &str) -> bool {
    let started = Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if started.is_err() {
        skip(&format!("{name} is not installed"));
    }
    started.is_ok()
}

/// True where files of any owner can be made; otherwise the skip is reported.
pub fn is_root() -> bool {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !is_root {
        skip("only root can make files of another owner");
    }
    is_root
}
