//! What the command refuses, and what it says then.

use std::net::TcpListener;
use std::process::Output;

use super::running::{command, free_ports};
use crate::support;

fn refused(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{said}");
    errors[0].to_owned()
}

#[test]
fn a_taken_port_of_the_four_is_named_with_the_flag_that_moves_them() {
    let scratch = support::temp_dir("demo-port");
    for offset in 0..4 {
        let port = free_ports();
        let taken = TcpListener::bind(("127.0.0.1", port + offset)).unwrap();
        let output = command(scratch.path(), port, &[]).output().unwrap();
        let said = refused(&output, 69);
        assert!(said.contains(&format!("port {} ", port + offset)), "{said}");
        assert!(said.contains("--port"), "{said}");
        drop(taken);
    }
}

#[test]
fn a_directory_that_is_no_demonstrations_is_not_emptied() {
    let scratch = support::temp_dir("demo-foreign");
    let photo = scratch.path().join("store-photos");
    std::fs::write(&photo, "dear to somebody").unwrap();
    let output = command(scratch.path(), free_ports(), &["--fresh"]).output().unwrap();
    let said = refused(&output, 73);
    assert!(said.contains("is not a demonstration's directory"), "{said}");
    assert!(photo.exists());
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    for (flags, missing) in [
        (&["--exit"][..], "--replay"),
        (&["--registers", "2"], "--replay"),
        (&["--catalogue", "c.csv"], "--replay"),
        (&["--replay", "x", "--exit", "--report", "r"], "--catalogue"),
        (&["--replay", "x", "--catalogue", "c", "--report", "r"], "--exit"),
        (&["--replay", "x", "--catalogue", "c", "--exit"], "--report"),
        (
            &["--replay", "x", "--catalogue", "c", "--exit", "--report", "r", "--port", "9"],
            "--port",
        ),
        (&["--port", "65533"], "65532"),
    ] {
        let mut hub = std::process::Command::new(support::hub_binary());
        let said = refused(&hub.arg("demo").args(flags).output().unwrap(), 64);
        assert!(said.contains(missing), "{flags:?}: {said}");
    }
}
