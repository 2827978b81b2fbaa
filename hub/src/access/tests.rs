//! Sessions of one register, over a journal of their own.

use service_kit::security::token;
use store_core::StoreId;
use store_journal::{OpenOptions, SqliteJournal, Writer};

use super::*;
use crate::clock::SystemClock;

/// A store with one register, and what writes for it.
struct Place {
    access: Access,
    writer: Writer<SqliteJournal>,
    _dir: tempfile::TempDir,
}

impl Place {
    fn new(lock_ms: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = SystemClock::start("Asia/Taipei", None).unwrap();
        let now = store_actors::Clock::now(&clock, None);
        let options = OpenOptions::new(StoreId::new("s1").unwrap(), "test", now);
        let (journal, _) = SqliteJournal::open(dir.path(), &options).unwrap();
        let writer = Writer::spawn(journal).unwrap();
        let reader = Reader::open(dir.path()).unwrap();
        let limits = SessionLimits { workstation_idle_ms: HOUR_MS, roaming_idle_ms: 1, lock_ms };
        let config = AccessConfig {
            workstations: vec![WorkstationId::new("1").unwrap()],
            limits,
            permissions: Permissions::default(),
            writer: writer.handle(),
        };
        Self { access: Access::load(&reader, config).unwrap(), writer, _dir: dir }
    }

    /// Somebody at the register, last seen so long ago; the secret of their session.
    fn seen_before(&self, ms: i64) -> &'static str {
        let secret = "secret";
        let operator = OperatorId::new("c1").unwrap();
        let last_seen_ms = Access::now_ms() - ms;
        let mut tables = self.access.tables();
        let stored = StoredSession {
            token_hash: token::hash(secret),
            operator: operator.clone(),
            workstation: Some(WorkstationId::new("1").unwrap()),
            created_ms: last_seen_ms,
            last_seen_ms,
            expires_ms: last_seen_ms + HOUR_MS,
            is_locked: false,
        };
        let person = Operator {
            id: operator.clone(),
            name: "Lin".to_owned(),
            role: Role::Cashier,
            pin_hash: String::new(),
            badge_hash: None,
            decided_pin_hash: None,
        };
        tables.sessions.insert(stored.token_hash.clone(), stored);
        tables.operators.insert(operator, person);
        secret
    }

    fn last_seen_ms(&self, secret: &str) -> i64 {
        self.access.tables().sessions[&token::hash(secret)].last_seen_ms
    }
}

const HOUR_MS: i64 = 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;

#[actix_web::test]
async fn a_screen_is_locked_also_where_nothing_can_be_written_any_more() {
    let place = Place::new(0);
    let secret = place.seen_before(0);
    let session = place.access.session(secret, true).unwrap();
    place.writer.stop().unwrap();
    place.access.lock(&session).await;
    assert!(place.access.session(secret, true).unwrap().is_locked);
    assert!(place.access.is_locked(&session));
}

#[actix_web::test]
async fn what_a_page_reads_by_itself_and_what_a_locked_screen_asks_are_no_use_of_a_session() {
    let place = Place::new(5 * MINUTE_MS);
    let secret = place.seen_before(2 * MINUTE_MS);
    let before = place.last_seen_ms(secret);
    let session = place.access.session(secret, false).unwrap();
    assert_eq!(place.last_seen_ms(secret), before);
    place.access.session(secret, true).unwrap();
    let used = place.last_seen_ms(secret);
    assert!(used >= before + 2 * MINUTE_MS);
    place.access.lock(&session).await;
    place.seen_before(2 * MINUTE_MS);
    place.access.lock(&session).await;
    let before = place.last_seen_ms(secret);
    assert!(place.access.session(secret, true).unwrap().is_locked);
    assert_eq!(place.last_seen_ms(secret), before);
}

#[actix_web::test]
async fn a_screen_that_was_left_for_long_is_locked_and_stays_open_once_it_is_unlocked() {
    let place = Place::new(5 * MINUTE_MS);
    let secret = place.seen_before(6 * MINUTE_MS);
    let session = place.access.session(secret, false).unwrap();
    assert!(session.is_locked, "also by what the page reads by itself");
    place.access.unlock(&session).await.unwrap();
    assert!(!place.access.session(secret, true).unwrap().is_locked);
}
