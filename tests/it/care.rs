//! A bad row deep in the journal: the store opens, sells on and says that it needs care.

use std::path::Path;
use std::sync::Arc;

use hub::clock::ReplayClock;
use hub::settings::{self, Flags};
use hub::wiring::{self, RunningHub, StartOptions};
use store_core::fact::Fact;
use store_core::{BootId, CommandId, Now, OperatorId, WorkstationId};
use store_journal::{Append, DraftChange, Ledger, OpenOptions, SqliteJournal, Write};
use uuid::Uuid;

use crate::support;

fn sign_on(number: u32, now: Now) -> Write {
    Write::Append(Box::new(Append {
        id: CommandId::new(Uuid::from_u128(number.into())),
        now,
        fact: Fact::OperatorSignedOn {
            workstation: WorkstationId::from_static("1"),
            operator: OperatorId::from_static("c1"),
        },
        draft: DraftChange::Keep,
        print: None,
    }))
}

/// A journal with more rows than a start reads, closed properly, with this row spoilt.
fn journal_with_bad_row(data_dir: &Path, position: u32) {
    let now = Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let store = settings::load(&Flags::default()).unwrap().store.id;
    let options = OpenOptions::new(store, "the tests", now);
    let (mut journal, _) = SqliteJournal::open(data_dir, &options).unwrap();
    let outcomes = journal.write_group((1..=1200).map(|number| sign_on(number, now)).collect());
    assert!(outcomes.iter().all(Result::is_ok));
    journal.close().unwrap();
    drop(journal);
    let connection = rusqlite::Connection::open(data_dir.join("journal.db")).unwrap();
    connection
        .execute_batch(&format!(
            "DROP TRIGGER journal_is_never_changed;
             UPDATE journal SET utc_offset_s = 1 WHERE position = {position};"
        ))
        .unwrap();
}

async fn started(data_dir: &Path) -> RunningHub {
    let flags = Flags { data_dir: Some(data_dir.to_owned()), port: Some(0), ..Flags::default() };
    let settings = Arc::new(settings::load(&flags).unwrap());
    let clock = Arc::new(ReplayClock::new(jiff::Timestamp::UNIX_EPOCH, 0));
    wiring::start(StartOptions::new(settings, clock)).await.unwrap()
}

async fn get(hub: &RunningHub, path: &str) -> String {
    let url = format!("{}{path}", hub.server.urls()[0].trim_end_matches('/'));
    let ask = move || ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap();
    actix_web::web::block(ask).await.unwrap()
}

#[test]
fn a_bad_row_found_while_selling_is_shown_and_the_store_sells_on() {
    let dir = support::temp_dir("care");
    journal_with_bad_row(dir.path(), 42);
    actix_web::rt::System::new().block_on(async {
        let hub = started(dir.path()).await;
        for register in hub.store.registers.values() {
            let mut view = register.view.clone();
            let is_shown = view.wait_for(|view| view.notices.contains(&"journal_needs_care"));
            is_shown.await.unwrap();
        }
        let ready = get(&hub, "/readyz").await;
        assert_eq!(ready, "ready, needs care\n", "which row is not for everybody");
        let figures = get(&hub, "/metrics").await;
        assert!(figures.contains("journal_alert_raised 1\n"), "{figures}");
        hub.stop().await;
    });
}

#[test]
fn a_journal_that_holds_needs_no_care() {
    let dir = support::temp_dir("care");
    actix_web::rt::System::new().block_on(async {
        let hub = started(dir.path()).await;
        while hub.store.care.rows_verified() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(get(&hub, "/readyz").await, "ready\n");
        assert!(get(&hub, "/metrics").await.contains("journal_alert_raised 0\n"));
        hub.stop().await;
    });
}
