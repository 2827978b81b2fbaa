//! Every ban of the two `clippy.toml` files, planted once and found once.
//!
//! The plants stand in a small workspace laid out like ours: a shell beside the workspace's
//! `clippy.toml` and a core with a file of its own. That the core's file is read instead of the
//! workspace's, and not beside it, is part of what is proved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support;

type Plants = &'static [(&'static str, &'static str)];

/// What the whole workspace bans, each with a function that does it.
const SHELL: Plants = &[
    ("actix::Addr::do_send", "fn f(a: &actix::Addr<A>) { a.do_send(M); }"),
    ("actix::Recipient::do_send", "fn f(a: &actix::Recipient<M>) { a.do_send(M); }"),
    ("actix::System::stop", "fn f(a: &actix::System) { a.stop(); }"),
];

/// What only the core bans.
const CORE: Plants = &[
    ("uuid::Uuid::new_v4", "fn f() -> uuid::Uuid { uuid::Uuid::new_v4() }"),
    ("uuid::Uuid::now_v7", "fn f() -> uuid::Uuid { uuid::Uuid::now_v7() }"),
    ("uuid::Uuid::new_v7", "fn f(t: uuid::Timestamp) -> uuid::Uuid { uuid::Uuid::new_v7(t) }"),
    ("jiff::Timestamp::now", "fn f() -> jiff::Timestamp { jiff::Timestamp::now() }"),
    ("jiff::Zoned::now", "fn f() -> jiff::Zoned { jiff::Zoned::now() }"),
    ("jiff::tz::TimeZone::system", "fn f() { drop(jiff::tz::TimeZone::system()); }"),
    ("std::time::SystemTime::now", "fn f() { let _ = std::time::SystemTime::now(); }"),
    ("std::time::Instant::now", "fn f() { let _ = std::time::Instant::now(); }"),
    ("std::fs::read", "fn f() { drop(std::fs::read(\"x\")); }"),
    ("std::fs::read_to_string", "fn f() { drop(std::fs::read_to_string(\"x\")); }"),
    ("std::fs::read_dir", "fn f() { drop(std::fs::read_dir(\"x\")); }"),
    ("std::fs::metadata", "fn f() { drop(std::fs::metadata(\"x\")); }"),
    ("std::fs::write", "fn f() { drop(std::fs::write(\"x\", \"y\")); }"),
    ("std::fs::copy", "fn f() { drop(std::fs::copy(\"x\", \"y\")); }"),
    ("std::fs::rename", "fn f() { drop(std::fs::rename(\"x\", \"y\")); }"),
    ("std::fs::create_dir", "fn f() { drop(std::fs::create_dir(\"x\")); }"),
    ("std::fs::create_dir_all", "fn f() { drop(std::fs::create_dir_all(\"x\")); }"),
    ("std::fs::remove_file", "fn f() { drop(std::fs::remove_file(\"x\")); }"),
    ("std::fs::remove_dir_all", "fn f() { drop(std::fs::remove_dir_all(\"x\")); }"),
    ("std::fs::File::open", "fn f() { drop(std::fs::File::open(\"x\")); }"),
    ("std::fs::File::create", "fn f() { drop(std::fs::File::create(\"x\")); }"),
    ("std::fs::OpenOptions::new", "fn f() { let _ = std::fs::OpenOptions::new(); }"),
    ("csv::Reader::from_path", "fn f() { drop(csv::Reader::from_path(\"x\")); }"),
    ("csv::Writer::from_path", "fn f() { drop(csv::Writer::from_path(\"x\")); }"),
    ("std::env::var", "fn f() { drop(std::env::var(\"x\")); }"),
    ("std::env::var_os", "fn f() { drop(std::env::var_os(\"x\")); }"),
    ("std::env::vars", "fn f() { drop(std::env::vars()); }"),
    ("std::env::args", "fn f() { drop(std::env::args()); }"),
    ("std::env::current_dir", "fn f() { drop(std::env::current_dir()); }"),
    ("std::env::temp_dir", "fn f() { drop(std::env::temp_dir()); }"),
    ("std::process::Command::new", "fn f() { drop(std::process::Command::new(\"x\")); }"),
    ("std::process::exit", "fn f() { std::process::exit(1) }"),
    ("std::thread::spawn", "fn f() { drop(std::thread::spawn(|| ())); }"),
    ("std::thread::sleep", "fn f(d: std::time::Duration) { std::thread::sleep(d); }"),
    ("std::net::TcpStream::connect", "fn f() { drop(std::net::TcpStream::connect(\"x:1\")); }"),
    ("std::net::TcpListener::bind", "fn f() { drop(std::net::TcpListener::bind(\"x:1\")); }"),
    ("std::net::UdpSocket::bind", "fn f() { drop(std::net::UdpSocket::bind(\"x:1\")); }"),
    ("std::collections::HashMap", "fn f(_: std::collections::HashMap<u8, u8>) {}"),
    ("std::collections::HashSet", "fn f(_: std::collections::HashSet<u8>) {}"),
    ("std::hash::RandomState", "fn f(_: std::hash::RandomState) {}"),
    ("std::hash::DefaultHasher", "fn f(_: std::hash::DefaultHasher) {}"),
];

const SHELL_PREAMBLE: &str = "\
use actix::{Actor, Context, Handler, Message};
pub struct A;
impl Actor for A { type Context = Context<Self>; }
pub struct M;
impl Message for M { type Result = (); }
impl Handler<M> for A { type Result = (); fn handle(&mut self, _: M, _: &mut Context<A>) {} }
";

fn settings(path: &str) -> toml::Table {
    let text = fs::read_to_string(support::root().join(path)).unwrap();
    text.parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The banned paths of a `clippy.toml`; each must give its reason.
fn banned(settings: &toml::Table) -> BTreeSet<String> {
    let lists = ["disallowed-methods", "disallowed-types"];
    let entries = lists.iter().filter_map(|list| settings.get(*list)?.as_array()).flatten();
    entries
        .map(|entry| {
            let path = entry["path"].as_str().unwrap().to_owned();
            let reason = entry.get("reason").and_then(toml::Value::as_str).unwrap_or_default();
            assert!(reason.len() > 20, "{path} is banned without naming the right way");
            path
        })
        .collect()
}

fn planted(plants: Plants) -> BTreeSet<String> {
    plants.iter().map(|(path, _)| (*path).to_owned()).collect()
}

/// Writes a package with one plant a line; the answer says which ban stands on which line.
fn package(
    dir: &Path,
    name: &str,
    dependencies: &str,
    preamble: &str,
    plants: &[(&'static str, &'static str)],
) -> BTreeMap<u64, &'static str> {
    let mut source = preamble.to_owned();
    let mut lines = BTreeMap::new();
    for (number, (path, plant)) in plants.iter().enumerate() {
        lines.insert(source.lines().count() as u64 + 1, *path);
        writeln!(source, "pub {}", plant.replacen("fn f", &format!("fn f{number}"), 1)).unwrap();
    }
    let manifest =
        format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[dependencies]\n{dependencies}");
    fs::create_dir_all(dir.join("src")).unwrap();
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    fs::write(dir.join("src/lib.rs"), source).unwrap();
    lines
}

/// What clippy found: (package, line, message) of each disallowed method or type.
fn findings(workspace: &Path) -> Vec<(String, u64, String)> {
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace)
        .args(["clippy", "--workspace", "--offline", "--quiet", "--message-format=json"])
        .arg("--target-dir")
        .arg(support::kept_dir("planted"))
        .env_remove("RUSTFLAGS")
        .env_remove("CLIPPY_CONF_DIR")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "clippy did not get through the plants: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let messages = text.lines().map(|line| serde_json::from_str(line).unwrap());
    messages.filter_map(|message| finding(&message)).collect()
}

fn finding(message: &serde_json::Value) -> Option<(String, u64, String)> {
    let code = message["message"]["code"]["code"].as_str()?;
    let is_ban = ["clippy::disallowed_methods", "clippy::disallowed_types"].contains(&code);
    let package = message["target"]["name"].as_str()?.to_owned();
    let line = message["message"]["spans"][0]["line_start"].as_u64()?;
    let text = message["message"]["message"].as_str()?.to_owned();
    is_ban.then_some((package, line, text))
}

/// Each line must have exactly one finding and it must name the ban that stands there.
fn assert_one_each(package: &str, lines: &BTreeMap<u64, &str>, findings: &[(String, u64, String)]) {
    let found: Vec<_> = findings.iter().filter(|(name, ..)| name == package).collect();
    for (line, path) in lines {
        let here: Vec<_> = found.iter().filter(|(_, at, _)| at == line).collect();
        assert_eq!(here.len(), 1, "{package}: {path} is found {} times", here.len());
        assert!(here[0].2.contains(path), "{path} is found as: {}", here[0].2);
    }
    assert_eq!(found.len(), lines.len(), "{package}: {found:?}");
}

#[test]
fn every_ban_names_the_right_way_and_is_planted() {
    let (workspace, core) = (settings("clippy.toml"), settings("actors/core/clippy.toml"));
    assert_eq!(banned(&workspace), planted(SHELL));
    assert_eq!(banned(&core), planted(CORE));
    // clippy reads the nearest file alone: whatever else the workspace sets, the core repeats.
    for (key, value) in workspace.iter().filter(|(key, _)| !key.starts_with("disallowed")) {
        assert_eq!(core.get(key), Some(value), "{key} differs in the core's clippy.toml");
    }
}

#[test]
fn clippy_finds_every_planted_ban_once() {
    let clippy = Command::new(env!("CARGO")).args(["clippy", "--version"]).output();
    if !clippy.is_ok_and(|output| output.status.success()) {
        return support::skip("cargo clippy is not installed");
    }
    let workspace = support::temp_dir("plants");
    let at = |path: &str| workspace.path().join(path);
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"shell\", \"core\"]\n";
    fs::write(at("Cargo.toml"), manifest).unwrap();
    fs::copy(support::root().join("Cargo.lock"), at("Cargo.lock")).unwrap();
    fs::copy(support::root().join("clippy.toml"), at("clippy.toml")).unwrap();

    let shell = package(&at("shell"), "shell", "actix = \"0.13\"\n", SHELL_PREAMBLE, SHELL);
    // Without the feature v4 there would be no such function to ban: features unify.
    let uuid = "uuid = { version = \"1\", features = [\"v4\", \"v7\"] }\n";
    let dependencies = format!("csv = \"1\"\njiff = \"0.2\"\n{uuid}");
    let core = package(&at("core"), "core-with-plants", &dependencies, "", CORE);
    fs::copy(support::root().join("actors/core/clippy.toml"), at("core/clippy.toml")).unwrap();

    let findings = findings(workspace.path());
    assert_one_each("shell", &shell, &findings);
    assert_one_each("core_with_plants", &core, &findings);
}
