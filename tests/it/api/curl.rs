//! The page for those who build a terminal of their own: every block of it runs.

use std::process::Command;

use super::hub::Hub;
use crate::support;

const PAGE: &str = include_str!("../../../docs/api.md");

/// The shell of the page, block after block.
fn shell() -> String {
    let blocks = PAGE.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split_once("```").map(|(block, _)| block));
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_block_of_the_page_for_terminals_runs() {
    if !support::finds_program("curl") || !support::finds_program("bash") {
        return support::skip("curl or bash is missing");
    }
    let data = support::temp_dir("curl");
    let hub = Hub::start_with(data.path(), &[("HUB_TILL__POLICY", "shared")]);
    let script = format!("set -euo pipefail\n{}", shell());
    let ran = Command::new("bash")
        .args(["-c", &script])
        .current_dir(data.path())
        .env("HUB", &hub.url)
        .env("SETUP_CODE", hub.setup_code.as_deref().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
}
