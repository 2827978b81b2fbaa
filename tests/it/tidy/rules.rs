//! The rules.

use super::Rule;
use super::files::SourceFile;
use super::source::{code_only, without_tests};
use super::words::{declared, has, words};

/// What one sitting reads: nine in ten files of the code bases that are a pleasure are shorter.
pub const FILE_LINES_MAX: usize = 400;
/// Two files side by side on one screen.
pub const LINE_COLUMNS_MAX: usize = 100;

const PANICS: &[&str] = &[
    ".unwrap()",
    ".unwrap_err()",
    ".expect(",
    ".expect_err(",
    "panic!",
    "todo!",
    "unimplemented!",
    "unreachable!",
];
const SLEEPS: &[&str] = &["thread::sleep", "time::sleep", "waitForTimeout"];
const LEFT_OUT: &[&str] = &["#[ignore", "test.only(", "it.only(", "describe.only(", "only: true"];
const EMPTY_NAMES: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Data", "Info"];
/// Where only the machine of whoever wrote the line has something; put together here so that this
/// file does not name what it forbids.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp", "/w/"), concat!("/ho", "me/")];

/// Every rule of the house: first of shape, then of conduct.
pub const ALL: &[Rule] = &[
    Rule {
        says: "a file answers one question, in at most 400 lines",
        broken_in: too_long,
        catches: &[("hub/src/x.rs", LONG), ("hub/ui/x.js", LONG)],
        spares: &[("hub/ui/vendor/x.js", LONG), ("tests/data/x.js", LONG), ("x.md", LONG)],
    },
    Rule {
        says: "a line has at most 100 columns",
        broken_in: too_wide,
        catches: &[("hub/src/x.rs", WIDE)],
        spares: &[("README.md", WIDE), ("hub/src/x.rs", "//\n//\n")],
    },
    Rule {
        says: "a file does not repeat its folder's name",
        broken_in: repeats_its_folder,
        catches: &[
            ("actors/core/src/register/register.rs", ""),
            ("actors/core/src/register/register_phase.rs", ""),
            ("devices/src/devices.rs", ""),
            ("hub/ui/basket/open-basket.js", ""),
        ],
        spares: &[
            ("actors/core/src/register/mod.rs", ""),
            ("hub/src/main.rs", ""),
            ("hub/ui/vendor/preact/preact.js", ""),
        ],
    },
    Rule {
        says: "a name says what a thing is: no Manager, Helper, Util, Data or Info",
        broken_in: says_nothing,
        catches: &[
            ("hub/src/x.rs", "pub struct BasketManager {"),
            ("hub/src/x.rs", "enum StoreInfo {}"),
            ("hub/src/x.rs", "pub type Data = u8;"),
            ("hub/src/x.rs", "mod utils {"),
            ("hub/src/utils.rs", ""),
            ("hub/ui/text_helper.js", ""),
            ("hub/ui/x.js", "export class PriceHelper {"),
        ],
        spares: &[
            ("hub/src/x.rs", "// struct BasketManager\nenum Role { Manager }"),
            ("hub/src/x.rs", "impl Visit for X { type Data = u8; }"),
            ("hub/src/x.rs", "struct ManagerCode;"),
            ("tests/data/derive.sh", ""),
        ],
    },
    Rule {
        says: "a crate takes the workspace's lints; these demand docs and forbid unsafe code",
        broken_in: lints_are_missing,
        catches: &[
            ("x/Cargo.toml", "[package]\nname = \"x\""),
            ("Cargo.toml", "[workspace.lints.rust]\nmissing_docs = \"warn\""),
            ("Cargo.toml", "[workspace.lints.rust]\nunsafe_code = \"forbid\""),
            ("Cargo.toml", "[workspace]"),
        ],
        spares: &[
            ("x/Cargo.toml", "[package]\nname = \"x\"\n[lints]\nworkspace = true"),
            (
                "Cargo.toml",
                "[workspace.lints.rust]\nmissing_docs = \"warn\"\nunsafe_code = \"forbid\"",
            ),
        ],
    },
    Rule {
        says: "nothing that runs in a store panics: a refusal or an error instead",
        broken_in: panics,
        catches: &[
            ("hub/src/x.rs", "let a = b.unwrap();"),
            ("hub/src/x.rs", "let a = b.expect(\"c\");"),
            ("hub/src/x.rs", "panic!(\"c\")"),
            ("hub/src/x.rs", "todo!()"),
            ("hub/src/x.rs", "unimplemented!()"),
            ("hub/src/x.rs", "core::unreachable!()"),
            ("hub/src/x.rs", "#[cfg(test)]\nmod tests {}\nfn f() { a.unwrap() }"),
        ],
        spares: &[
            ("hub/src/x.rs", "/// a.unwrap()\nlet a = \"panic!\"; b.unwrap_or(c)"),
            ("hub/src/x.rs", "#[cfg(test)]\nmod tests { fn f() { a.unwrap() } }"),
            ("hub/src/tests.rs", "a.unwrap()"),
            ("hub/src/x/tests/y.rs", "a.unwrap()"),
            ("tests/it/x.rs", "a.unwrap()"),
        ],
    },
    Rule {
        says: "no test is left out",
        broken_in: leaves_a_test_out,
        catches: &[
            ("hub/src/tests.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"),
            ("tests/it/x.rs", "#[ignore]"),
            ("tests/browser/x.test.js", "test.only('a', () => {})"),
        ],
        spares: &[("tests/it/x.rs", "// #[ignore]"), ("tests/it/x.rs", "let a = \"#[ignore\";")],
    },
    Rule {
        says: "a test waits for what it waits for, never for a time",
        broken_in: sleeps,
        catches: &[
            ("tests/it/x.rs", "std::thread::sleep(a);"),
            ("hub/src/tests.rs", "tokio::time::sleep(a).await;"),
            ("hub/src/x.rs", "#[cfg(test)]\nmod tests { fn f() { thread::sleep(a) } }"),
            ("tests/browser/x.test.js", "await page.waitForTimeout(100);"),
        ],
        spares: &[
            ("hub/src/x.rs", "tokio::time::sleep(a).await;"),
            ("tests/it/x.rs", "// thread::sleep"),
            ("tests/benches/x.rs", "std::thread::sleep(until_next_scan);"),
        ],
    },
    Rule {
        says: "the core counts in decimals: no floats",
        broken_in: has_floats,
        catches: &[
            ("actors/core/src/x.rs", "fn f(a: f64) {}"),
            ("actors/core/src/x.rs", "a as f32"),
        ],
        spares: &[
            ("actors/core/src/x.rs", "// f64\nlet f640 = 1;"),
            ("hub/src/x.rs", "fn f(a: f64) {}"),
        ],
    },
    Rule {
        says: "nothing names a path of one machine",
        broken_in: names_a_machine,
        catches: &[
            ("README.md", concat!("see /wo", "rk/x")),
            ("hub/src/x.rs", concat!("\"/ro", "ot/x\"")),
            ("tests/run.sh", concat!("cd /tmp", "/w/x")),
            (".ci/run", concat!("HOME=/ho", "me/x")),
        ],
        spares: &[
            ("README.md", concat!("https://example.org/wo", "rk/x")),
            ("tests/run.sh", concat!("cd ${dir}/wo", "rk/x && ls ./wo", "rk/x")),
        ],
    },
];

/// Plants: one line and one column too many.
const LONG: &str = text(&[b'\n'; FILE_LINES_MAX + 1]);
const WIDE: &str = text(&[b'x'; LINE_COLUMNS_MAX + 1]);

const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// Numbers, from 1, of the lines for which the answer is yes.
fn lines_where(text: &str, is_broken: impl Fn(&str) -> bool) -> Vec<usize> {
    let broken = text.lines().enumerate().filter(|(_, line)| is_broken(line));
    broken.map(|(index, _)| index + 1).collect()
}

fn whole_file_if(is_broken: bool) -> Vec<usize> {
    if is_broken { vec![0] } else { Vec::new() }
}

pub fn too_long(file: &SourceFile) -> Vec<usize> {
    let is_ours = (file.is_rust() || file.is_script()) && !file.is_foreign();
    whole_file_if(is_ours && file.text.lines().count() > FILE_LINES_MAX)
}

pub fn too_wide(file: &SourceFile) -> Vec<usize> {
    if !file.is_rust() || file.is_foreign() {
        return Vec::new();
    }
    lines_where(&file.text, |line| line.chars().count() > LINE_COLUMNS_MAX)
}

fn repeats_its_folder(file: &SourceFile) -> Vec<usize> {
    let mut folders = file.parts();
    folders.pop();
    // `src` stands for the crate that it is in.
    let folder = folders.iter().rev().find(|folder| **folder != "src");
    let is_code = (file.is_rust() || file.is_script()) && !file.is_foreign();
    let (Some(folder), true) = (folder, is_code) else {
        return Vec::new();
    };
    let (folder, stem) = (folder.replace('-', "_"), file.stem().replace('-', "_"));
    let repeats = stem == folder
        || stem.starts_with(&format!("{folder}_"))
        || stem.ends_with(&format!("_{folder}"));
    whole_file_if(repeats)
}

fn says_nothing(file: &SourceFile) -> Vec<usize> {
    if !(file.is_rust() || file.is_script()) || file.is_foreign() {
        return Vec::new();
    }
    let is_empty_name = |name: &str| {
        let last = name.rsplit(['_', '-']).next().unwrap_or_default();
        let is_word = EMPTY_NAMES.iter().any(|empty| last.eq_ignore_ascii_case(empty));
        is_word || EMPTY_NAMES.iter().any(|empty| name.ends_with(empty))
    };
    let mut lines = whole_file_if(is_empty_name(file.stem()));
    let declares = |line: &str| declared(line).is_some_and(is_empty_name);
    lines.extend(lines_where(&code_only(&file.text), declares));
    lines
}

fn lints_are_missing(file: &SourceFile) -> Vec<usize> {
    if file.path != "Cargo.toml" && !file.path.ends_with("/Cargo.toml") {
        return Vec::new();
    }
    let manifest: toml::Table = file.text.parse().unwrap_or_default();
    let crate_takes_them = !manifest.contains_key("package")
        || manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool()) == Some(true);
    let level = |lint: &str| {
        let lints = manifest.get("workspace")?.get("lints")?.get("rust")?;
        lints.get(lint)?.as_str()
    };
    let workspace_has_them = !manifest.contains_key("workspace")
        || (matches!(level("missing_docs"), Some("warn" | "deny" | "forbid"))
            && level("unsafe_code") == Some("forbid"));
    whole_file_if(!crate_takes_them || !workspace_has_them)
}

fn panics(file: &SourceFile) -> Vec<usize> {
    if !file.is_production() {
        return Vec::new();
    }
    let code = without_tests(&code_only(&file.text));
    lines_where(&code, |line| PANICS.iter().any(|panic| has(line, panic)))
}

fn leaves_a_test_out(file: &SourceFile) -> Vec<usize> {
    if !(file.is_rust() || file.is_script()) || file.is_foreign() {
        return Vec::new();
    }
    lines_where(&code_only(&file.text), |line| LEFT_OUT.iter().any(|left| has(line, left)))
}

fn sleeps(file: &SourceFile) -> Vec<usize> {
    // A measurement at a fixed load has to wait for its next beat.
    if file.parts().contains(&"benches") || !(file.is_rust() || file.is_script()) {
        return Vec::new();
    }
    let code = code_only(&file.text);
    let outside_tests = if file.is_test() { String::new() } else { without_tests(&code) };
    let sleeps = |line: &str| SLEEPS.iter().any(|sleep| has(line, sleep));
    let outside = lines_where(&outside_tests, sleeps);
    let mut lines = lines_where(&code, sleeps);
    lines.retain(|line| !outside.contains(line));
    lines
}

fn has_floats(file: &SourceFile) -> Vec<usize> {
    if !file.path.starts_with("actors/core/src/") {
        return Vec::new();
    }
    lines_where(&code_only(&file.text), |line| {
        words(line).any(|word| matches!(word, "f32" | "f64"))
    })
}

fn names_a_machine(file: &SourceFile) -> Vec<usize> {
    if file.is_foreign() {
        return Vec::new();
    }
    let belongs_to_a_longer_path = |c: char| c.is_alphanumeric() || "}).-_/".contains(c);
    lines_where(&file.text, |line| {
        MACHINE_PATHS.iter().any(|path| {
            line.match_indices(path).any(|(at, _)| !line[..at].ends_with(belongs_to_a_longer_path))
        })
    })
}
