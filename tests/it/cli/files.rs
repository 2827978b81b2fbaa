//! Files that are missing, are directories, are broken, or are the store's own.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{a_store, hub, words};
use crate::support;

#[test]
fn every_command_names_a_file_that_it_cannot_use() {
    let scratch = support::temp_dir("files");
    let at = scratch.path();
    let demo = support::root().join("hub/assets/demo-catalogue.csv");
    fs::copy(&demo, at.join("good.csv")).unwrap();
    fs::write(at.join("bad.csv"), "item,price,description\nA,1,x\nB,cheap,y\n").unwrap();
    fs::write(at.join("binary.csv"), b"\x00\xff\xfe").unwrap();
    fs::write(at.join("no.db"), "this is no database").unwrap();
    fs::create_dir(at.join("folder")).unwrap();
    let mut whole = GzEncoder::new(Vec::new(), Compression::default());
    whole.write_all(&b"{\"store\": 1}\n".repeat(1000)).unwrap();
    let whole = whole.finish().unwrap();
    fs::write(at.join("cut.jsonl.gz"), &whole[..whole.len() / 2]).unwrap();
    fs::write(at.join("bad.jsonl"), "{\"store\": 1}\nnonsense\n").unwrap();
    a_store(&at.join("store"));
    let mut text = String::new();
    for line in [
        "import DIR/nothing.csv",
        "import DIR/folder",
        "import DIR/bad.csv --data-dir DIR/new",
        "import DIR/binary.csv --data-dir DIR/new",
        "import DIR/good.csv --data-dir DIR/good.csv/under",
        "journal verify --data-dir DIR/nothing",
        "journal verify --data-dir DIR/good.csv",
        "journal rebuild --data-dir DIR/folder",
        "journal export --data-dir DIR/folder",
        "journal export --data-dir DIR/store --to DIR/nothing/rows",
        "journal export --data-dir DIR/store --to DIR/folder",
        "journal export --data-dir DIR/store --to DIR/store/journal.db",
        "backup --data-dir DIR/folder --to DIR/copy.db",
        "backup --data-dir DIR/store --to DIR/nothing/copy.db",
        "backup --data-dir DIR/store --to DIR/folder",
        "backup --data-dir DIR/store --to DIR/store/journal.db",
        "restore DIR/nothing.db --data-dir DIR/new",
        "restore DIR/folder --data-dir DIR/new",
        "restore DIR/no.db --data-dir DIR/new",
        "replay --catalogue DIR/nothing.csv --baskets DIR/bad.jsonl --report DIR/r.json",
        "replay --catalogue DIR/good.csv --baskets DIR/nothing.jsonl --report DIR/r.json",
        "replay --catalogue DIR/good.csv --baskets DIR/folder --report DIR/r.json",
        "replay --catalogue DIR/good.csv --baskets DIR/cut.jsonl.gz --report DIR/r.json",
        "replay --catalogue DIR/good.csv --baskets DIR/bad.jsonl --report DIR/r.json",
    ] {
        let said = hub(words(line, at));
        assert_ne!(said.code, 0, "{line}");
        writeln!(text, "$ hub {line}\n{}", said.refusal(at)).unwrap();
    }
    insta::assert_snapshot!(text);
    // Nothing of all this has touched the store, or made one where there was none.
    hub(words("journal verify --data-dir DIR/store", at)).results();
    assert!(!at.join("new/catalogue.csv").exists());
    assert!(!at.join("new/journal.db").exists() && !at.join("folder/journal.db").exists());
}

#[test]
fn an_import_with_a_bad_row_keeps_the_catalogue_that_was_there() {
    let scratch = support::temp_dir("import");
    let at = scratch.path();
    let demo = support::root().join("hub/assets/demo-catalogue.csv");
    let demo = fs::read_to_string(demo).unwrap();
    fs::write(at.join("good.csv"), &demo).unwrap();
    let said = hub(words("import DIR/good.csv --data-dir DIR/store", at)).results();
    assert!(said.starts_with("168 items, digest "), "{said}");
    let row = demo.lines().nth(100).unwrap();
    let bad = row.replace(",taxable,", ",taxable,cheap").replace(",exempt,", ",exempt,cheap");
    fs::write(at.join("bad.csv"), demo.replace(row, &bad)).unwrap();
    let said = hub(words("import DIR/bad.csv --data-dir DIR/store", at));
    let refusal = said.refusal(at);
    assert!(
        refusal.starts_with("65 error: importing DIR/bad.csv: reading line 101 of "),
        "{refusal}"
    );
    assert_eq!(fs::read_to_string(at.join("store/catalogue.csv")).unwrap(), demo);
}
