//! Settings that do not hold, wherever they were written.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use super::{hub, said, words};
use crate::support;

#[test]
fn settings_that_do_not_hold_name_the_file_and_the_key() {
    let scratch = support::temp_dir("settings");
    let at = scratch.path();
    fs::create_dir_all(at.join("parts.toml.d")).unwrap();
    fs::write(at.join("parts.toml"), "[store]\nname = \"x\"\n").unwrap();
    fs::write(at.join("parts.toml.d/20-more.toml"), "[registers]\nmany = 3\n").unwrap();
    fs::write(at.join("unknown.toml"), "[store]\nnmae = \"x\"\n").unwrap();
    fs::write(at.join("type.toml"), "[http]\nport = \"many\"\n").unwrap();
    fs::write(at.join("value.toml"), "[store]\ncurrency = \"Dollar\"\n").unwrap();
    fs::write(at.join("broken.toml"), "[store\n").unwrap();
    let mut text = String::new();
    for name in ["nothing", "unknown", "type", "value", "broken", "parts"] {
        for command in ["config check", "run"] {
            let said = hub(words(&format!("{command} --config DIR/{name}.toml"), at));
            let refusal = said.refusal(at);
            if command == "run" {
                assert!(text.ends_with(&format!("{refusal}\n")), "{command} differs: {refusal}");
            } else {
                writeln!(text, "{name}: {refusal}").unwrap();
            }
        }
    }
    for (name, value) in [
        ("HUB_STORE__NMAE", "x"),
        ("HUB_REGISTERS__COUNT", "many"),
        ("HUB_HTTP__PORT", "99999"),
        ("HUB_LOG__LEVEL", "loud"),
    ] {
        let mut command = Command::new(support::hub_binary());
        let said = said(command.args(["config", "check"]).env(name, value));
        assert_eq!(said.code, 78, "{name}: {}", said.stderr);
        writeln!(text, "{name}: {}", said.refusal(at)).unwrap();
    }
    insta::assert_snapshot!(text);
}
