//! What the appliance ships, read by the programs that will read it there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{self, finds_program, is_root};

const UNIT: &str = "usr/lib/systemd/system/store-hub.service";
/// Highest exposure that `systemd-analyze security` may find, in tenths.
const EXPOSURE_MAX: &str = "20";

fn shipped() -> PathBuf {
    support::root().join("firmware-config")
}

/// An empty machine with what we ship, and something executable where the hub will be.
fn machine() -> tempfile::TempDir {
    let machine = support::temp_dir("machine");
    copy_tree(&shipped().join("etc"), &machine.path().join("etc"));
    copy_tree(&shipped().join("usr"), &machine.path().join("usr"));
    fs::create_dir_all(machine.path().join("usr/bin")).unwrap();
    fs::copy(support::hub_binary(), machine.path().join("usr/bin/hub")).unwrap();
    machine
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn run(program: &str, root: Option<&Path>, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(root.map(|root| format!("--root={}", root.display())));
    command.args(arguments).env("SYSTEMD_PAGER", "").output().unwrap()
}

fn said(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

fn verify_unit(machine: &Path) -> Output {
    let arguments = ["verify", "--man=no", "--recursive-errors=no", "store-hub.service"];
    run("systemd-analyze", Some(machine), &arguments)
}

#[test]
fn the_unit_holds_what_systemd_demands_of_one() {
    if !finds_program("systemd-analyze") {
        return;
    }
    let machine = machine();
    let output = verify_unit(machine.path());
    assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));

    let unit = machine.path().join(UNIT);
    let text = fs::read_to_string(&unit).unwrap();
    fs::write(&unit, text.replace("WatchdogSec=30", "WatchdogSeconds=30")).unwrap();
    let misspelt = said(&verify_unit(machine.path()));
    assert!(misspelt.contains("WatchdogSeconds"), "a misspelt key went unnoticed: {misspelt}");

    fs::write(&unit, text).unwrap();
    fs::remove_file(machine.path().join("usr/bin/hub")).unwrap();
    assert!(!verify_unit(machine.path()).status.success(), "a missing hub went unnoticed");
}

#[test]
fn the_unit_exposes_at_most_two_of_ten() {
    if !finds_program("systemd-analyze") {
        return;
    }
    let threshold = format!("--threshold={EXPOSURE_MAX}");
    let security = |unit: &Path| {
        let unit = unit.to_str().unwrap();
        run("systemd-analyze", None, &["security", "--offline=true", &threshold, unit])
    };
    let output = security(&shipped().join(UNIT));
    assert!(output.status.success(), "{}", said(&output));

    let machine = machine();
    let unit = machine.path().join(UNIT);
    let text = fs::read_to_string(&unit).unwrap();
    fs::write(&unit, text.replace("SystemCallFilter=", "#").replace("ProtectSystem=", "#"))
        .unwrap();
    assert!(!security(&unit).status.success(), "a softened unit went unnoticed");
}

#[test]
fn the_account_comes_with_the_groups_of_its_devices() {
    if !finds_program("systemd-sysusers") {
        return;
    }
    let machine = machine();
    let output = run("systemd-sysusers", Some(machine.path()), &["--dry-run"]);
    assert!(output.status.success(), "{}", said(&output));
    let text = said(&output);
    for name in ["store-hub", "dialout", "gpio", "input", "lp", "plugdev"] {
        assert!(text.contains(&format!("'{name}'")), "no {name} in: {text}");
    }
}

#[test]
fn the_state_directory_belongs_to_the_hub_alone() {
    if !finds_program("systemd-sysusers") || !finds_program("systemd-tmpfiles") || !is_root() {
        return;
    }
    use std::os::unix::fs::MetadataExt;
    let machine = machine();
    for (program, arguments) in
        [("systemd-sysusers", &[][..]), ("systemd-tmpfiles", &["--create"][..])]
    {
        let output = run(program, Some(machine.path()), arguments);
        assert!(output.status.success(), "{program}: {}", said(&output));
    }
    let mode = |path: &str| {
        let metadata = fs::metadata(machine.path().join(path)).unwrap();
        (metadata.uid() != 0, format!("{:o}", metadata.mode() & 0o777))
    };
    assert_eq!(mode("var/lib/store-hub"), (true, "700".to_owned()));
    assert_eq!(mode("etc/store-hub"), (false, "750".to_owned()));
    assert_eq!(mode("etc/store-hub/hub.toml"), (false, "640".to_owned()));
    assert_eq!(mode("etc/store-hub/hub.toml.d/10-appliance.toml"), (false, "640".to_owned()));
}

fn settings(path: &str) -> toml::Table {
    let path = shipped().join("etc/store-hub").join(path);
    let text = fs::read_to_string(&path).unwrap();
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_shipped_settings_are_toml_that_fits_together() {
    let store = settings("hub.toml");
    let appliance = settings("hub.toml.d/10-appliance.toml");
    for section in appliance.keys() {
        assert!(!store.contains_key(section), "[{section}] stands in both files: who wins?");
    }
    for key in ["id", "name", "currency", "time_zone", "language"] {
        assert!(store["store"].get(key).is_some_and(toml::Value::is_str), "store.{key}");
    }
    let unit = fs::read_to_string(shipped().join(UNIT)).unwrap();
    let dir = appliance["data"]["dir"].as_str().unwrap();
    let state = dir.strip_prefix("/var/lib/").unwrap();
    assert!(unit.contains(&format!("\nStateDirectory={state}\n")), "the unit cannot write {dir}");

    let sysctl = fs::read_to_string(shipped().join("usr/lib/sysctl.d/60-store-hub.conf")).unwrap();
    let opened = sysctl.lines().find_map(|line| {
        line.strip_prefix("net.ipv4.ip_unprivileged_port_start =")?.trim().parse::<i64>().ok()
    });
    for key in ["port", "tls_port"] {
        let port = appliance["http"][key].as_integer().unwrap();
        assert!(opened.is_some_and(|opened| opened <= port), "nobody lets the hub open {port}");
    }
}

#[test]
fn the_shipped_settings_hold_for_the_hub_itself() {
    let output = Command::new(support::hub_binary())
        .args(["config", "show", "--config"])
        .arg(shipped().join("etc/store-hub/hub.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let shown = said(&output);
    for setting in [
        "http.listen = \"0.0.0.0\"",
        "http.port = 80",
        "data.dir = \"/var/lib/store-hub\"",
        "log.format = \"json\"",
        "store.currency = \"TWD\"",
        "printer.kind = \"none\"",
    ] {
        let is_there = |line: &str| line.split("    #").next() == Some(setting);
        assert!(shown.lines().any(is_there), "no {setting} in\n{shown}");
    }
}

/// The device files that drivers open, as the kernel calls their drivers, and how.
const OPENED: [(&str, &str); 8] = [
    ("ttyS", "rw"),
    ("ttyAMA", "rw"),
    ("ttyUSB", "rw"),
    ("ttyACM", "rw"),
    ("usb", "rw"),
    ("hidraw", "rw"),
    ("input", "r"),
    ("gpiochip", "rw"),
];

#[test]
fn the_unit_opens_the_device_files_of_a_till_and_no_others() {
    let unit = fs::read_to_string(shipped().join(UNIT)).unwrap();
    assert!(unit.contains("\nDevicePolicy=closed\n"), "all others are shut");
    let allowed = unit.lines().filter_map(|line| line.strip_prefix("DeviceAllow=char-"));
    let allowed: Vec<_> = allowed.map(|line| line.split_once(' ').unwrap()).collect();
    assert_eq!(allowed, OPENED);
    // What this machine's kernel has of them, it calls so.
    let kernel = fs::read_to_string("/proc/devices").unwrap();
    let majors =
        [("4", "ttyS"), ("13", "input"), ("166", "ttyACM"), ("180", "usb"), ("188", "ttyUSB")];
    for (major, name) in majors {
        let names =
            kernel.lines().filter_map(|line| line.trim().strip_prefix(major)?.strip_prefix(' '));
        let names: Vec<_> = names.collect();
        assert!(names.is_empty() || names.contains(&name), "{major} is {names:?}, not {name}");
    }
}

const RULES: &str = "usr/lib/udev/rules.d/60-store-hub.rules";

/// The pairs of a rule: `KEY{attribute}==` and what stands in the quotes.
fn pairs(rule: &str) -> Vec<(&str, &str)> {
    let rule = rule.strip_suffix('"').unwrap_or_else(|| panic!("not closed: {rule}"));
    let pairs = rule.split("\", ");
    pairs.map(|pair| pair.split_once('"').unwrap_or_else(|| panic!("no pair: {pair}"))).collect()
}

#[test]
fn the_rules_give_every_kind_of_device_to_a_group_of_the_account() {
    let text = fs::read_to_string(shipped().join(RULES)).unwrap();
    let account = fs::read_to_string(shipped().join("usr/lib/sysusers.d/store-hub.conf")).unwrap();
    let is_rule = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let mut given = Vec::new();
    for rule in text.lines().filter(is_rule) {
        let pairs = pairs(rule);
        let value = |key: &str| pairs.iter().find(|(one, _)| *one == key).map(|(_, value)| *value);
        for (key, value) in &pairs {
            let name = key.trim_end_matches(['=', '+', '!']);
            assert_ne!(name, *key, "no operator in {rule}");
            let name = name.split('{').next().unwrap();
            let known = "ACTION ATTRS ENV GOTO GROUP IMPORT KERNEL LABEL MODE SUBSYSTEM SYMLINK";
            assert!(known.split(' ').any(|one| one == name), "{name} in {rule}");
            // A link that is called as the kernel calls something takes that one's place.
            assert!(name != "SYMLINK" || value.starts_with("pos/"), "{rule}");
        }
        if let Some(group) = value("GROUP=") {
            assert_eq!(value("MODE="), Some("0660"), "{rule}");
            assert!(account.contains(&format!("\nm store-hub {group}\n")), "no {group}: {rule}");
            given.push(value("SUBSYSTEM==").unwrap());
        }
    }
    assert_eq!(given, ["tty", "usbmisc", "hidraw", "input", "gpio"]);
    // Only the newer ones can say whether rules are well written.
    if finds_program("udevadm") && said(&run("udevadm", None, &["--help"])).contains("verify") {
        let path = shipped().join(RULES);
        let output = run("udevadm", None, &["verify", path.to_str().unwrap()]);
        assert!(output.status.success(), "{}", said(&output));
    }
}
