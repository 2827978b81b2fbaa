//! Why a hub does not start, and that it says so.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use super::{Said, a_store, hub, said, words};
use crate::support;

/// Somebody who owns nothing here.
const NOBODY: u32 = 65534;

/// The last line of a hub that did not start, after its log.
fn not_started(said: &Said, code: i32) -> &str {
    assert_eq!((said.code, said.stdout.as_str()), (code, ""), "{}", said.stderr);
    let errors = said.stderr.lines().filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), 1, "{}", said.stderr);
    said.stderr.lines().last().unwrap()
}

#[test]
fn a_taken_port_is_named_in_one_line() {
    let scratch = support::temp_dir("port");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = said(
        Command::new(support::hub_binary())
            .args(["run", "--port", &port.to_string(), "--data-dir"])
            .arg(scratch.path().join("store")),
    );
    let line = not_started(&said, 69);
    assert!(line.contains(&port.to_string()) && line.contains("--port"), "{line}");
}

#[test]
fn a_journal_that_does_not_hold_stops_the_start_and_names_the_row_and_the_way_back() {
    let scratch = support::temp_dir("tampered");
    let at = scratch.path();
    a_store(&at.join("store"));
    hub(words("backup --data-dir DIR/store --to DIR/copy.db", at)).results();
    let journal = Connection::open(at.join("store/journal.db")).unwrap();
    journal
        .execute_batch(
            "DROP TRIGGER journal_is_never_changed;
             UPDATE journal SET utc_offset_s = utc_offset_s + 1 WHERE sequence = 4;",
        )
        .unwrap();
    drop(journal);
    let said = hub(words("journal verify --data-dir DIR/store", at));
    let verified = said.refusal(at);
    assert!(
        verified.starts_with("65 error: verifying the journal: row 4 of stream "),
        "{verified}"
    );
    let said = hub(words("run --port 0 --data-dir DIR/store", at));
    let line = not_started(&said, 65);
    assert!(line.contains("row 4 of stream "), "{line}");
    assert!(line.contains("hub restore FILE --force"), "{line}");
    hub(words("restore DIR/copy.db --force --data-dir DIR/store", at)).results();
    hub(words("journal verify --data-dir DIR/store", at)).results();
    drop(crate::api::hub::Hub::start(&at.join("store")));
}

#[test]
fn a_catalogue_that_does_not_parse_stops_the_start_with_its_line() {
    let scratch = support::temp_dir("bad-start");
    let at = scratch.path();
    fs::create_dir(at.join("store")).unwrap();
    fs::write(
        at.join("store/catalogue.csv"),
        "item,description,unit,price\nA,x,piece,1\nB,y,piece,cheap\n",
    )
    .unwrap();
    let said = hub(words("run --port 0 --data-dir DIR/store", at));
    let line = not_started(&said, 65);
    assert!(line.contains("store/catalogue.csv: reading line 3 of"), "{line}");
}

/// Runs a command as somebody who owns nothing here; none where that is not to be had.
fn as_nobody(line: &str, at: &Path) -> Option<Said> {
    if !support::is_root() {
        return None;
    }
    // The program itself may lie where nobody else may look.
    let program = at.join("hub-as-nobody");
    // By a process of its own: a file that this one has open to write could be held open by a
    // child of another test, and not be started.
    let copied = Command::new("cp").arg(support::hub_binary()).arg(&program).status();
    assert!(copied.unwrap().success());
    let said = said(Command::new(&program).args(words(line, at)).uid(NOBODY).current_dir("/"));
    fs::remove_file(program).unwrap();
    Some(said)
}

#[test]
fn a_data_directory_that_may_not_be_used_is_named() {
    let scratch = support::temp_dir("rights");
    let at = scratch.path();
    fs::set_permissions(at, fs::Permissions::from_mode(0o755)).unwrap();
    a_store(&at.join("store"));
    // Of another user: the directory is for its owner's eyes only.
    fs::set_permissions(at.join("store"), fs::Permissions::from_mode(0o700)).unwrap();
    let Some(said) = as_nobody("run --port 0 --data-dir DIR/store", at) else { return };
    let line = not_started(&said, 77);
    assert!(line.contains("store") && line.contains("Permission denied"), "{line}");
    let said = as_nobody("journal verify --data-dir DIR/store", at).unwrap();
    assert!(said.refusal(at).starts_with("77 error: reading DIR/store/journal.db"));
    // Nowhere to make one.
    let said = as_nobody("run --port 0 --data-dir DIR/new", at).unwrap();
    let line = not_started(&said, 77);
    assert!(line.contains("making the data directory"), "{line}");
    // Its own, and still not to be written: looking works, running does not.
    for entry in fs::read_dir(at.join("store")).unwrap() {
        chown(entry.unwrap().path(), Some(NOBODY), None).unwrap();
    }
    fs::set_permissions(at.join("store"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(at.join("store/journal.lock"), fs::Permissions::from_mode(0o444)).unwrap();
    let said = as_nobody("run --port 0 --data-dir DIR/store", at).unwrap();
    not_started(&said, 77);
}
