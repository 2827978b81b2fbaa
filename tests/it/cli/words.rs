//! Help, and what is said of words that are not understood.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{hub, words};
use crate::support;

/// Every command, with those below it.
const COMMANDS: [&str; 23] = [
    "",
    "run",
    "import",
    "journal",
    "journal verify",
    "journal rebuild",
    "journal export",
    "backup",
    "restore",
    "demo",
    "replay",
    "price",
    "promo",
    "promo check",
    "promo rehearse",
    "promo schema",
    "devices",
    "devices scan",
    "devices list",
    "completions",
    "config",
    "config check",
    "config show",
];

#[test]
fn help_says_what_there_is() {
    let mut text = String::new();
    for command in COMMANDS {
        let help = hub(words(&format!("help {command}"), support::root())).results();
        writeln!(text, "$ hub help {command}\n{help}").unwrap();
    }
    insta::assert_snapshot!(text);
    assert_eq!(hub(["--help"]).results(), hub(["help"]).results());
    assert!(hub(["--version"]).results().starts_with("hub 0."));
}

#[test]
fn words_that_are_not_understood_are_answered_in_one_line() {
    let mut text = String::new();
    for line in [
        "",
        "sell",
        "--color",
        "run extra",
        "run --port many",
        "run --port 70000",
        "run --prot 1",
        "run --config",
        "import",
        "journal",
        "journal erase",
        "backup",
        "restore",
        "replay",
        "replay --catalogue a --baskets b --report c --registers 0",
        "price --catalogue a",
        "promo",
        "promo check --catalogue a",
        "promo rehearse --catalogue a b",
        "config",
        "devices",
        "devices scan --at nowhere",
        "devices scan --json --try",
        "devices scan --force",
        "devices list extra",
        "completions tcl",
    ] {
        let said = hub(words(line, support::root()));
        assert_eq!(said.code, 64, "{line}: {}", said.stderr);
        writeln!(text, "$ hub {line}\n{}", said.refusal(support::root())).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_shell_completes_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = hub(["completions", shell]).results();
        for command in COMMANDS {
            let word = command.split(' ').next_back().unwrap();
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

/// The commands in the first column of the README's table, without their flags.
fn told() -> Vec<(String, BTreeSet<String>)> {
    let readme = std::fs::read_to_string(support::root().join("README.md")).unwrap();
    let section = readme.split("\n## Commands\n").nth(1).unwrap();
    let rows =
        section.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let commands = rows.flat_map(|row| {
        let cell = row.split(" | ").next().unwrap();
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    });
    commands
        .map(|command| {
            let command = command.replace(['[', ']'], " ");
            let flags = command.split_whitespace().filter(|word| word.starts_with("--"));
            let flags = flags.map(str::to_owned).collect();
            let is_word = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
            let words = command.split_whitespace().skip(1).take_while(is_word);
            (words.collect::<Vec<_>>().join(" "), flags)
        })
        .collect()
}

#[test]
fn the_readme_tells_of_every_command_and_of_no_other() {
    let told = told();
    let names: BTreeSet<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    // A command that has others below it is told of by them.
    let there = COMMANDS
        .iter()
        .filter(|name| !["", "journal", "config", "promo", "devices"].contains(name));
    assert_eq!(names, there.copied().collect());
    for (name, flags) in &told {
        let help = hub(words(&format!("help {name}"), support::root())).results();
        for flag in flags {
            assert!(help.contains(flag.as_str()), "hub {name} has no {flag}");
        }
    }
    // What the program lists is what the tests go through.
    let listed = hub(["help"]).results();
    let listed = listed.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let listed = listed.lines().map(|line| line.split_whitespace().next().unwrap());
    let known = COMMANDS.iter().filter(|name| !name.is_empty() && !name.contains(' '));
    let known: BTreeSet<&str> = known.copied().chain(["help"]).collect();
    assert_eq!(listed.collect::<BTreeSet<_>>(), known);
}
