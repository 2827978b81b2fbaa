//! Headquarters' command line, as the one who types it sees it.

use std::path::Path;
use std::process::{Command, Stdio};

use super::running::{Hq, add_store, command};
use crate::support;

/// The exit code and the one line of a command that did nothing.
fn refused(data: &Path, line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let output = command(data, &words).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!((errors.len(), output.stdout.len()), (1, 0), "{line}: {text}");
    let said = errors[0].replace(&data.display().to_string(), "DIR");
    format!("{} {said}", output.status.code().unwrap_or(-1))
}

#[test]
fn words_that_are_not_understood_are_answered_in_one_line() {
    let scratch = support::temp_dir("hq-words");
    let at = scratch.path();
    for (line, expected) in [
        ("fly", "64 error: unrecognized subcommand 'fly'"),
        ("run --prot 1", "64 error: unexpected argument '--prot' found"),
        ("run --port many", "64 error: invalid value 'many' for '--port <PORT>'"),
        ("run --broker http://x", "78 error: the settings do not hold: broker.url: a broker is"),
        ("run --broker mqtt://a@far.example", "78 error: the settings do not hold: broker.url: "),
        ("run --broker mqtt://a:hidden@127.0.0.1", "64 error: --broker has a secret in it, which "),
        ("run --broker a:hidden@b", "64 error: --broker has a secret in it, which everybody on"),
        ("rebuild", "66 error: there is no database in DIR (hint: name headquarters' directory"),
        ("run --config DIR/none.toml", "66 error: the settings do not hold: reading DIR/none.toml"),
        ("store add a/b --out DIR/x.toml", "64 error: \"a/b\" cannot be a store's id"),
        ("store add hq --out DIR/x.toml", "64 error: \"hq\" cannot be a store's id"),
        ("store add S-1", "64 error: the following required arguments were not provided: --out"),
        ("store rotate S-1 --out DIR/x.toml", "66 error: there is no store S-1 with a link file"),
        ("store remove S-1", "66 error: there is no store S-1 with a link file"),
        ("store add S-1 --out DIR/no/x.toml", "73 error: writing DIR/no/x.toml"),
    ] {
        let line = line.replace("DIR", &at.display().to_string());
        let words: Vec<&str> = line.split_whitespace().collect();
        let output =
            command(at, &words).env("HQ_BROKER__ADDRESS", "127.0.0.1:8883").output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        let said = text.lines().last().unwrap_or_default();
        let said = said.replace(&at.display().to_string(), "DIR");
        let said = format!("{} {said}", output.status.code().unwrap_or(-1));
        assert!(said.starts_with(expected), "{line}: {said}");
        assert_eq!(text.lines().count(), 1, "{line}: {text}");
        assert!(!text.contains("hidden"), "{line}: {text}");
    }
    assert!(!at.join("x.toml").exists(), "a refused store leaves no file");
}

#[test]
fn settings_that_do_not_hold_name_the_key() {
    let scratch = support::temp_dir("hq-settings");
    let config = scratch.path().join("hq.toml");
    for (text, key) in [
        ("[chain]\nnmae = \"x\"", "nmae"),
        ("[ingest]\nworkers = 65", "ingest.workers"),
        ("[broker]\nlisten = \"0.0.0.0\"\ntls = false", "broker.tls"),
    ] {
        std::fs::write(&config, text).unwrap();
        let line = format!("config check --config {}", config.display());
        let said = refused(scratch.path(), &line);
        assert!(said.starts_with("78 ") && said.contains(key), "{text}: {said}");
    }
}

#[test]
fn stores_are_added_once_listed_and_their_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = support::temp_dir("hq-stores");
    let at = scratch.path();
    let file = add_store(at, "S-1", "north");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&file).unwrap();
    let again = command(at, &["store", "add", "S-1", "--out", file.to_str().unwrap()])
        .env("HQ_BROKER__ADDRESS", "127.0.0.1:8883")
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(64), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(std::fs::read(&file).unwrap(), before, "the file that counts is still there");
    let listed = command(at, &["store", "list"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.starts_with("S-1\t\tnorth\tlink file of 2"), "{listed}");
    let text = String::from_utf8(before).unwrap();
    for key in ["broker", "chain", "store", "secret", "policy_key", "ca", "certificate", "key"] {
        assert!(text.contains(&format!("{key} = ")), "{key} in {text}");
    }
}

#[test]
fn two_cannot_run_on_one_directory_and_a_taken_port_is_named() {
    let hq = Hq::start();
    let said = refused(hq.directory(), "run --port 0");
    assert!(said.starts_with("75 error: headquarters did not start: another "), "{said}");
    let other = support::temp_dir("hq-port");
    let port = hq.browser().address.port();
    let said = refused(other.path(), &format!("run --port {port}"));
    assert!(said.starts_with(&format!("69 error: port {port} on 127.0.0.1 is taken")), "{said}");
    let taken = hq.broker().port().to_string();
    let output = command(other.path(), &["run", "--port", "0"])
        .env("HQ_BROKER__PORT", &taken)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(69), "{text}");
    assert!(text.contains(&taken) && text.contains("broker.port"), "{text}");
}

#[test]
fn each_signal_that_asks_for_it_stops_headquarters_by_protocol() {
    for signal in ["TERM", "INT", "HUP"] {
        let scratch = support::temp_dir("hq-signal");
        let mut child = command(scratch.path(), &["run", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("set-up code") {
            let read = std::io::BufRead::read_line(&mut stdout, &mut greeting).unwrap();
            assert!(read > 0, "it ended: {greeting}");
        }
        let pid = child.id().to_string();
        assert!(
            Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success()
        );
        assert!(child.wait().unwrap().success(), "{signal}");
    }
}
