//! Peripherals at the command line: real drivers, simulated devices, real lines and sockets.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use devices::port::{Port as _, PseudoTerminal};
use devices::printer::{SimulatedPrinter, SimulatedSettings};
use devices::scale::{ScaleProtocol, SimulatedScale};
use devices::simulated::{Plug, Socket, plug_in};
use serde_json::Value;

use super::{hub, said, words};
use crate::api::hub::Hub;
use crate::chain::until::until;
use crate::support;

/// A counter with a printer on the network and a scale at a line.
struct Counter {
    printer: SimulatedPrinter,
    at_printer: Plug,
    scale: SimulatedScale,
    at_scale: Plug,
}

fn counter(directory: &Path) -> Counter {
    let printer = SimulatedPrinter::new(SimulatedSettings::default()).unwrap();
    let at_printer = plug_in(&Socket::Tcp, printer.clone()).unwrap();
    let scale = SimulatedScale::new(ScaleProtocol::Toledo8217);
    let link = directory.join("scale");
    let at_scale = plug_in(&Socket::Serial { link, baud: None }, scale.clone()).unwrap();
    scale.set_load(1_235);
    Counter { printer, at_printer, scale, at_scale }
}

impl Counter {
    fn ports(&self) -> [String; 2] {
        [&self.at_printer, &self.at_scale].map(|plug| plug.address().to_owned())
    }

    /// The words of a look at these two alone: nobody's own devices are disturbed by a test.
    fn scan(&self, more: &str, directory: &Path) -> Vec<String> {
        let [printer, scale] = self.ports();
        words(&format!("devices scan --at {printer} --at {scale} {more}"), directory)
    }
}

fn devices_in(file: &Path) -> Vec<Value> {
    let config = format!("devices list --json --config {}", file.display());
    let listed = hub(words(&config, support::root())).results();
    serde_json::from_str(&listed).unwrap()
}

#[test]
fn what_answers_is_told_written_and_read_again() {
    let scratch = support::temp_dir("devices");
    let at = scratch.path();
    let counter = counter(at);
    let said = hub(counter.scan("--probe --json", at));
    assert!(said.stderr.contains("1 of 2: asking tcp:"), "{}", said.stderr);
    let found: Value = serde_json::from_str(&said.results()).unwrap();
    let kinds: Vec<_> = found.as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["receipt_printer", "scale"]);
    assert_eq!(found[1]["probe"]["question"], "toledo");
    assert!(found[1]["address"].as_str().unwrap().ends_with("@9600,7E1"), "{found}");

    let file = at.join("devices.toml");
    hub(counter.scan("--write DIR/devices.toml", at)).results();
    hub(words("config check --config DIR/devices.toml", at)).results();
    let listed = devices_in(&file);
    let places: Vec<_> =
        listed.iter().map(|one| (&one["device"]["id"], &one["presence"])).collect();
    let [network, plugged_in] = [Value::from("network"), Value::from("plugged_in")];
    assert_eq!(
        places,
        [(&Value::from("printer-1"), &network), (&Value::from("scale-1"), &plugged_in)]
    );
    assert_eq!(listed[1]["device"]["protocol"], "toledo_8217");
    assert_eq!(counter.printer.receipts_printed(), 0, "a question prints nothing");

    // What the settings have is not found a second time, and no file is lost unasked.
    let again = hub(counter.scan("--write DIR/devices.toml", at));
    assert_eq!(again.code, 73);
    assert!(again.refusal(at).contains("--force"));
    let again = hub(counter.scan("--write DIR/devices.toml --force --config DIR/devices.toml", at));
    assert!(again.stderr.contains("nothing is written"), "{}", again.stderr);
    assert!(again.results().contains("in the settings it is scale-1"));
}

#[test]
fn who_only_looks_asks_nothing() {
    let scratch = support::temp_dir("devices-look");
    let at = scratch.path();
    let counter = counter(at);
    let seen = hub(counter.scan("", at));
    assert_eq!(seen.stderr, "");
    assert!(!seen.results().contains("answered"));
    let unasked = hub(counter.scan("--no-probe --write DIR/none.toml", at));
    assert!(unasked.stderr.contains("nothing was confirmed"), "{}", unasked.stderr);
    assert!(!at.join("none.toml").exists());
}

#[test]
fn a_line_that_the_running_hub_uses_is_left_alone() {
    let scratch = support::temp_dir("devices-in-use");
    let at = scratch.path();
    let counter = counter(at);
    let [_, scale] = counter.ports();
    let config = at.join("hub.toml");
    let scale_of_settings = scale.replace("8N1", "7E1");
    let device =
        format!("[[devices]]\nid = \"s\"\nkind = \"scale\"\nport = \"{scale_of_settings}\"\n");
    fs::write(&config, device).unwrap();
    let running = Hub::start_by(Some(&config), true, &at.join("store"), &[]);
    let is_in_use = || {
        let line = format!("devices scan --at {scale} --probe --json");
        let found: Value = serde_json::from_str(&hub(words(&line, at)).results()).unwrap();
        found[0]["probe"]["reason"] == "in_use"
    };
    until("the hub has the line open", is_in_use, String::new);
    drop(running);
    let line = format!("devices scan --at {scale} --probe");
    assert!(hub(words(&line, at)).results().contains("it answered as a scale does"));
}

/// Runs a scan at a terminal where somebody has typed ahead.
fn scan_typing(counter: &Counter, answers: &str, directory: &Path) -> super::Said {
    let mut terminal = PseudoTerminal::open().unwrap();
    terminal.write(answers.as_bytes()).unwrap();
    let typed = fs::File::open(terminal.path()).unwrap();
    let arguments = counter.scan("--try --write DIR/tried.toml", directory);
    said(Command::new(support::hub_binary()).args(arguments).stdin(Stdio::from(typed)))
}

#[test]
fn what_a_person_confirms_is_printed_weighed_opened_and_written() {
    let scratch = support::temp_dir("devices-try");
    let at = scratch.path();
    let counter = counter(at);
    // The printer: try, print, it came out, of register 1, a drawer, it opened. The scale: try,
    // it is so, of every register.
    let tried = scan_typing(&counter, "y\ny\ny\n1\ny\ny\ny\ny\n\n", at);
    assert_eq!(tried.code, 0, "{}", tried.stderr);
    assert_eq!(counter.printer.receipts_printed(), 1);
    assert_eq!(counter.printer.drawer_pulses(), 1);
    assert!(tried.stderr.contains("It says 1.235"), "{}", tried.stderr);
    let listed = devices_in(&at.join("tried.toml"));
    let ids: Vec<_> = listed.iter().map(|one| one["device"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["printer-1", "drawer-1", "scale-1"]);
    assert_eq!(listed[1]["device"]["printer"], "printer-1");
    assert_eq!(listed[0]["device"]["registers"], serde_json::json!([1]));
    assert_eq!(counter.scale.load_g(), 1_235);
}

#[test]
fn nothing_prints_or_opens_unless_somebody_agrees() {
    let scratch = support::temp_dir("devices-no");
    let at = scratch.path();
    let counter = counter(at);
    let tried = scan_typing(&counter, "y\nno\nno\n", at);
    assert_eq!(tried.code, 0, "{}", tried.stderr);
    assert!(tried.stderr.contains("It is not taken up."), "{}", tried.stderr);
    assert_eq!(counter.printer.receipts_printed() + counter.printer.drawer_pulses(), 0);
    assert!(!at.join("tried.toml").exists());
}

#[test]
fn who_is_not_at_a_terminal_is_asked_nothing() {
    let scratch = support::temp_dir("devices-blind");
    let at = scratch.path();
    let counter = counter(at);
    let mut blind = Command::new(support::hub_binary());
    let refused = said(blind.args(counter.scan("--try", at)).stdin(Stdio::null()));
    assert_eq!(refused.code, 64, "{}", refused.stderr);
    assert!(refused.refusal(at).contains("--try asks at a terminal"));
}
