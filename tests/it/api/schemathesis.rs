//! A stranger's generator reads the description and tries the hub by it: no answer is the hub's
//! fault, every status and every body is described, and no route forgets to ask who it is.

use std::path::PathBuf;
use std::process::Command;

use super::browser::Browser;
use super::hub::Hub;
use crate::support;

/// Seconds that the generator may spend.
const SECONDS: &str = "60";
/// Requests below which it cannot have tried every route with more than its examples.
const CASES_MIN: u64 = 1_000;
/// What is looked for in every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,response_schema_conformance,\
    content_type_conformance,ignored_auth";
/// The stream never ends, and signing in or off would take the session of the run away: these have
/// tests of their own (`web::gates`, `api::sale`).
const LEFT_OUT: &str = "/live$|/session$";

/// Where `tests/run.sh` installs it; `STORE_TESTS_SCHEMATHESIS` names another place.
fn program() -> Option<PathBuf> {
    let found = std::env::var_os("STORE_TESTS_SCHEMATHESIS").map(PathBuf::from);
    let found =
        found.unwrap_or_else(|| support::root().join("target/schemathesis/bin/schemathesis"));
    Some(found).filter(|program| program.exists())
}

#[test]
fn a_generator_that_reads_the_description_finds_no_fault() {
    let Some(program) = program() else {
        return support::skip("schemathesis is not installed");
    };
    let data = support::temp_dir("schemathesis");
    let hub = Hub::start(data.path());
    let browser = Browser::at_work(&hub);
    let seed = support::seed() % 1_000_000;
    println!("seed {seed}");
    let ran = Command::new(program)
        .current_dir(data.path())
        .args(["run", &format!("{}/api/openapi.json", hub.url), "--url", &hub.url])
        .args(["-H", &format!("Cookie: {}", browser.cookies())])
        .args(["--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing", "--max-time", SECONDS])
        .args(["--exclude-path-regex", LEFT_OUT, "--workers", "1"])
        .args(["--seed", &seed.to_string(), "--no-color"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    std::fs::write(support::artefacts().join("schemathesis.txt"), &said).unwrap();
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    let cases = said.lines().find_map(|line| {
        let count = line.trim().split_once(" generated")?.0;
        count.parse::<u64>().ok()
    });
    println!("{cases:?} requests");
    assert!(cases.is_some_and(|cases| cases >= CASES_MIN), "too few requests: {said}");
}
