//! What may be done to a store while its hub runs, and what the results look like.

use std::io::Read as _;
use std::process::{Command, Stdio};

use super::{hub, words};
use crate::api::basket::sell;
use crate::api::browser::Browser;
use crate::api::hub::Hub;
use crate::support;

#[test]
fn looking_and_copying_work_beside_a_running_hub_and_changing_does_not() {
    let scratch = support::temp_dir("beside");
    let at = scratch.path();
    let running = Hub::start(&at.join("store"));
    let browser = Browser::at_work(&running);
    sell(&browser);
    let verified = hub(words("journal verify --data-dir DIR/store", at)).results();
    let exported = hub(words("journal export --data-dir DIR/store", at)).results();
    hub(words("backup --data-dir DIR/store --to DIR/copy.db", at)).results();
    for line in ["journal rebuild", "restore DIR/copy.db --force", "run --port 0"] {
        let said = hub(words(&format!("{line} --data-dir DIR/store"), at));
        let refusal = said.stderr.lines().last().unwrap();
        assert_eq!(said.code, 75, "{line}: {refusal}");
        assert!(refusal.contains("is in use by another process"), "{line}: {refusal}");
    }
    sell(&browser);
    drop(running);

    // Verify names the stream, the head and its digest; the export ends with the same.
    let words_of: Vec<&str> = verified.split_whitespace().collect();
    let ["stream", stream, "sequence", sequence, "digest", digest] = words_of[..] else {
        panic!("{verified}");
    };
    let last: serde_json::Value =
        serde_json::from_str(exported.lines().next_back().unwrap()).unwrap();
    assert_eq!((&last["stream"], &last["digest"]), (&stream.into(), &digest.into()));
    assert_eq!(last["sequence"].to_string(), sequence);
    assert_eq!(exported.lines().count().to_string(), sequence);

    // The copy holds as far as it goes; what was sold since is not thrown away unasked.
    let said = hub(words("restore DIR/copy.db --data-dir DIR/store", at));
    assert_eq!(said.code, 73, "{}", said.stderr);
    assert!(said.refusal(at).contains("--force"));
    hub(words("restore DIR/copy.db --data-dir DIR/store --force", at)).results();
    let verified = hub(words("journal verify --data-dir DIR/store", at)).results();
    assert_eq!(verified.lines().count(), 2, "two streams: {verified}");
    let rebuilt = hub(words("journal rebuild --data-dir DIR/store", at)).results();
    assert!(rebuilt.starts_with("projections made again from "), "{rebuilt}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let scratch = support::temp_dir("pipe");
    let at = scratch.path();
    super::a_store(&at.join("store"));
    for line in ["journal export --data-dir DIR/store", "config show", "help", "completions zsh"] {
        let mut child = Command::new(support::hub_binary())
            .args(words(line, at))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success(), "{line}: {status} {said}");
        assert!(!said.contains("panicked"), "{line}: {said}");
    }
}
