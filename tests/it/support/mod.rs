//! What every test of this binary may need: where things are, and how to skip honestly.

#[allow(dead_code, reason = "the tests that fill a disk have one")]
mod disk;
#[allow(dead_code, reason = "the tests that keep something in PostgreSQL start one")]
pub mod postgres;
mod skipping;

#[allow(unused_imports, reason = "as above")]
pub use disk::Disk;
pub use skipping::{finds_program, is_root, skip};

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{SystemTime, UNIX_EPOCH};

/// A seed of its own for each run, printed so that `STORE_TESTS_SEED=n` repeats the run.
pub fn seed() -> u64 {
    let told = std::env::var("STORE_TESTS_SEED").ok().and_then(|text| text.parse().ok());
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = told.unwrap_or_else(|| u64::from(since.subsec_nanos()));
    println!("seed {seed}: STORE_TESTS_SEED={seed} repeats this run");
    seed
}

/// The next number of a seed: SplitMix64.
pub const fn draw(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the root")
}

/// The hub's binary, built together with this test binary.
#[allow(dead_code, reason = "the tests that start a hub call it")]
pub fn hub_binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tested-hub"))
}

/// Headquarters' binary, built together with this test binary.
#[allow(dead_code, reason = "the tests that start headquarters call it")]
pub fn hq_binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tested-hq"))
}

/// Asks a process to stop, as systemd does.
pub fn terminate(child: &Child) {
    let pid = child.id().to_string();
    let asked = Command::new("sh").args(["-c", "kill -TERM \"$0\"", &pid]).status();
    assert!(asked.expect("a shell").success(), "no process {pid}");
}

/// A directory of its own for one test, removed when the value is dropped. The name is for people
/// who look at it while the test runs.
pub fn temp_dir(name: &str) -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix(&format!("store-{name}-"))
        .tempdir()
        .unwrap_or_else(|error| panic!("making a temporary directory for {name}: {error}"))
}

/// A directory under `target/` that stays from one run to the next.
pub fn kept_dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).unwrap_or_else(|error| panic!("making {dir:?}: {error}"));
    dir
}

/// Where screenshots and reports of a run are left: `STORE_TESTS_ARTEFACTS`, else
/// `target/artefacts`.
#[allow(dead_code, reason = "the tests that leave something behind call it")]
pub fn artefacts() -> PathBuf {
    let dir = named_dir("STORE_TESTS_ARTEFACTS", "target/artefacts");
    std::fs::create_dir_all(&dir).unwrap_or_else(|error| panic!("making {dir:?}: {error}"));
    dir
}

/// The real days of trade that `tests/data/derive.sh` derives: `STORE_TESTS_DERIVED`, else
/// `target/derived`. `None`, with the skip already reported, where they have not been derived.
#[allow(dead_code, reason = "the tests that replay a real day call it")]
pub fn derived() -> Option<PathBuf> {
    let dir = named_dir("STORE_TESTS_DERIVED", "target/derived");
    if dir.join("day.jsonl").is_file() {
        return Some(dir);
    }
    skip(&format!("no derived data in {} (tests/data/derive.sh makes it)", dir.display()));
    None
}

fn named_dir(variable: &str, otherwise: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(dir) => PathBuf::from(dir),
        None => root().join(otherwise),
    }
}
