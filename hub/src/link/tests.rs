use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use cloud_bridge::{Cursor, Outbox as _, Pending};
use hq_wire::link::v1::{Waiting, branch_id};
use store_actors::Clock as _;
use store_core::StoreId;
use store_journal::{OpenOptions, Reader, SqliteJournal, Writer};

use super::file::{self, LinkError};
use super::outbox::{JournalOutbox, diverged};
use crate::clock::ReplayClock;

fn read(text: &str) -> Result<String, LinkError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("link.toml");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    file::read(&path, &StoreId::from_static("s1")).map(|enrolment| enrolment.account.broker())
}

const FILE: &str = "broker = \"mqtt://127.0.0.1:1883\"\nchain = \"demo\"\nstore = \"s1\"\n\
                    secret = \"x\"\npolicy_key = \"\
                    0000000000000000000000000000000000000000000000000000000000000000\"\n";

#[test]
fn a_link_file_is_read_whole_or_refused_with_what_to_do() {
    assert_eq!(read(FILE).unwrap(), "mqtt://127.0.0.1:1883");
    let refused = read(&format!("{FILE}colour = \"blue\"\n")).unwrap_err().to_string();
    assert!(refused.contains("unknown field: found `colour`"), "{refused}");
    let refused = read(&FILE.replace("secret", "secrets")).unwrap_err().to_string();
    assert!(refused.contains("secrets"), "{refused}");
    let refused = read(&FILE.replace("\"s1\"", "\"s2\"")).unwrap_err().to_string();
    assert!(refused.contains("is for store s2, and this is store s1"), "{refused}");
    let refused = read(&FILE.replace("127.0.0.1", "10.0.0.1")).unwrap_err();
    assert!(matches!(refused, LinkError::Invalid(..)), "{refused}");
    for bad in ["", "00", &"g0".repeat(32)] {
        let refused = read(&FILE.replace(&"00".repeat(32), bad)).unwrap_err();
        assert!(matches!(refused, LinkError::BadKey(_)), "{bad}: {refused}");
    }
}

#[test]
fn the_journal_is_the_outbox() {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(ReplayClock::new(jiff::Timestamp::UNIX_EPOCH, 0));
    let options = OpenOptions::new(StoreId::from_static("s1"), "a test", clock.now(None));
    let (journal, report) = SqliteJournal::open(directory.path(), &options).unwrap();
    let writer = Writer::spawn(journal).unwrap();
    let open = || Reader::open(directory.path()).unwrap();
    let mut outbox = JournalOutbox::new(open(), writer.handle(), clock);

    let [head] = outbox.streams().unwrap()[..] else { panic!("one stream") };
    assert_eq!((head.stream, head.sequence), (report.head.stream.uuid(), 1));
    assert_eq!(outbox.row_digest(head.stream, 1).unwrap(), Some(head.digest));
    assert_eq!(outbox.row_digest(head.stream, 0).unwrap(), Some([0; 32]));
    assert_eq!(outbox.row_digest(head.stream, 2).unwrap(), None);
    let rows = outbox.rows(head.stream, 0, 10).unwrap();
    assert_eq!((rows.len(), rows[0].kind.as_str()), (1, "stream_started"));
    let waiting = outbox.waiting(&[Pending { stream: head.stream, after: 0 }]).unwrap();
    assert_eq!(waiting, Waiting { rows: 1, sales: 0, since_ms: Some(0) });
    assert_eq!(diverged(&open()).unwrap(), None);

    // A cursor may be that of a branch, which is no stream of the journal.
    let branch = Cursor { wire: branch_id(head.stream, &head.digest), through: 1, digest: [7; 32] };
    outbox.save_cursor(branch).unwrap();
    outbox.diverge().unwrap();
    assert_eq!(outbox.cursor(branch.wire).unwrap(), Some(branch), "what comes later lasts longer");
    assert_eq!(outbox.cursor(head.stream).unwrap(), None);
    let streams = outbox.streams().unwrap();
    assert_eq!((streams.len(), streams[0], streams[1].sequence), (2, head, 1));
    assert_eq!(diverged(&open()).unwrap(), Some(0), "when it did");
    drop(outbox);
    writer.stop().unwrap();
}
