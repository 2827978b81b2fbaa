//! The command line, as the one who types it sees it.

mod beside;
mod devices;
mod files;
mod gallery;
mod price;
mod rehearse;
mod settings;
mod start;
mod words;

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::support;

/// What a command said and how it ended.
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

/// Runs the hub's program to its end.
fn hub(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Said {
    said(Command::new(support::hub_binary()).args(arguments))
}

fn said(command: &mut Command) -> Said {
    // What a variable of whoever runs the tests says must not count.
    let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HUB_"));
    for (name, _) in ours {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Said {
    /// The one line of a command that did nothing, with a directory's name taken out.
    fn refusal(&self, directory: &Path) -> String {
        assert_eq!(self.stdout, "", "{}", self.stderr);
        let line = self.stderr.strip_suffix('\n').unwrap_or(&self.stderr);
        assert!(line.starts_with("error: "), "{line}");
        assert!(!line.contains('\n'), "more than one line: {line}");
        format!("{} {}", self.code, line.replace(&directory.display().to_string(), "DIR"))
    }

    /// The results of a command that did its work.
    fn results(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }
}

/// Arguments, with a directory in the place of `DIR`.
fn words(line: &str, directory: &Path) -> Vec<String> {
    let directory = directory.display().to_string();
    line.split_whitespace().map(|word| word.replace("DIR", &directory)).collect()
}

/// A store with a few rows in its journal, made by a hub that ran there and was killed.
fn a_store(directory: &Path) {
    let hub = crate::api::hub::Hub::start(directory);
    let browser = crate::api::browser::Browser::at_work(&hub);
    crate::api::basket::sell(&browser);
}
