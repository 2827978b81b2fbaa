//! Policy as it is pushed: from a directory, through every database, to what is published.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod directory;
#[path = "../../../../tests/it/support/postgres.rs"]
mod postgres;
mod pushed;
mod shares;
#[path = "../../../../tests/it/support/skipping.rs"]
#[allow(dead_code, reason = "all of the tests share it")]
mod skipping;
#[path = "../store/support.rs"]
#[allow(dead_code, reason = "the tests of the databases share it")]
mod support;

/// Writes the files of a directory of policy.
pub fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for (name, content) in files {
        std::fs::write(dir.path().join(name), content).expect("writing a file of policy");
    }
    dir
}

/// Files that hold.
pub const GOOD: &[(&str, &str)] = &[
    ("catalogue.csv", "item,description,unit,price\nm,MILK,piece,65\nb,BEEF,kilogram,500\n"),
    (
        "people.toml",
        r#"
[[people]]
id = "m1"
name = "Wu"
role = "manager"
pin = "502846"

[[people]]
id = "c1"
name = "Lin"
role = "cashier"
pin = "738291"
"#,
    ),
    ("reasons.toml", "price = [\"damaged\"]\nreturn = [\"refund\"]\nabandon = [\"mistake\"]\n"),
    (
        "favourites.toml",
        r#"
[[groups]]
label = "Drinks"
tiles = [{ item = "m", label = "Milk" }]
"#,
    ),
    ("safety_stock.csv", "item,safety_stock,clear_at\nm,5,8\nb,0.5,\n"),
    (
        "settings.toml",
        r#"
[store]
receipt_footer = ["Thank you"]

[tax]
default = { percent = 5, method = "inclusive" }
classes.none = { percent = 0.5, method = "inclusive" }
"#,
    ),
    (
        "promotions.toml",
        r#"
[[promotions]]
id = "milk-second"
name = { zh = "鮮乳第二件 8 折", en = "Second milk 20 % off" }
group.slots = [{ items = { items = ["m"] }, count = 2 }]
group.award = { cheapest = 1, award = { percent_off = 20 } }
when = { from = 2026-11-01, until = "2026-11-30" }
"#,
    ),
];
