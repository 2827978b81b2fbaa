//! What headquarters asks of stores: kept until it is answered or expires, repeated at every birth.

mod tables;

use std::time::Duration;

use hq_wire::link::v1::{COMMANDS, Command, Place, Reply, Topic};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::database::{AskError, Database};
use crate::link::Publisher;
use crate::people::now_ms;
use tables::Asked;

/// How long a command waits for a store that is not there: over a night and a closed day.
const EXPIRES_AFTER_MS: i64 = 48 * 3_600_000;
/// How long commands are kept after they expired.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// A command and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommandView {
    /// Its id.
    pub id: String,
    /// Of which store it was asked.
    pub store: String,
    /// What was asked.
    pub name: String,
    /// With what.
    pub body: Value,
    /// When, in milliseconds since 1970.
    pub asked_ms: i64,
    /// Until when the store may still answer, in milliseconds since 1970.
    pub expires_ms: i64,
    /// What it answered; none while it has not.
    pub reply: Option<ReplyView>,
}

/// What a store answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyView {
    /// When, in milliseconds since 1970.
    pub answered_ms: i64,
    /// Why it was refused, as a code.
    pub refused: Option<String>,
    /// What came of it.
    pub body: Value,
}

/// Asks stores.
#[derive(Clone)]
pub struct Asking {
    chain: String,
    database: Database,
    publisher: Publisher,
}

impl Asking {
    /// Of the stores of a chain.
    #[must_use]
    pub const fn new(chain: String, database: Database, publisher: Publisher) -> Self {
        Self { chain, database, publisher }
    }

    /// Whether there is such a command. A store could not answer another one: the broker carries no
    /// replies of that name.
    #[must_use]
    pub fn is_name(name: &str) -> bool {
        COMMANDS.contains(&name)
    }

    /// Asks a store; at once if it is there, else when it comes.
    ///
    /// # Errors
    /// Where it could not be written down.
    pub async fn ask(
        &self,
        store: &str,
        name: &str,
        body: Value,
        asked_by: &str,
    ) -> Result<CommandView, AskError> {
        let now = now_ms();
        let asked = Asked {
            id: Uuid::now_v7().to_string(),
            store: store.to_owned(),
            name: name.to_owned(),
            body,
            asked_ms: now,
            expires_ms: now + EXPIRES_AFTER_MS,
        };
        let (kept, by) = (asked.clone(), asked_by.to_owned());
        self.database
            .ask(move |store| {
                tables::forget_before(store.sql(), now - KEPT_MS)?;
                tables::put(store.sql(), &kept, &by)
            })
            .await?;
        self.publish(&asked);
        Ok(asked.view(None))
    }

    /// Asks a store again what it has not answered: it was just born.
    pub async fn repeat(&self, store: String) {
        let found = self.database.ask(move |db| tables::open_of(db.sql(), &store, now_ms())).await;
        match found {
            Ok(open) => open.iter().for_each(|asked| self.publish(asked)),
            Err(error) => tracing::warn!(%error, "reading what a store was asked"),
        }
    }

    /// Writes an answer down. One that was answered before keeps its first answer.
    pub async fn answered(&self, place: Place, reply: Reply) {
        let written =
            self.database.ask(move |db| tables::answer(db.sql(), &place.store, &reply, now_ms()));
        if let Err(error) = written.await {
            tracing::warn!(%error, "writing down what a store answered");
        }
    }

    /// A command and what came of it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn outcome(&self, id: String) -> Result<Option<CommandView>, AskError> {
        self.database.ask(move |store| tables::outcome(store.sql(), &id)).await
    }

    fn publish(&self, asked: &Asked) {
        let Asked { id, expires_ms, body, .. } = asked;
        let command = Command { id: id.clone(), expires_ms: *expires_ms, body: body.clone() };
        let place = Place { chain: self.chain.clone(), store: asked.store.clone() };
        let topic = place.topic(&Topic::Command(asked.name.clone()));
        let left_ms = u64::try_from(expires_ms.saturating_sub(now_ms())).unwrap_or(0);
        // What goes out here always has a JSON form.
        let payload = serde_json::to_vec(&command).unwrap_or_default();
        self.publisher.pass(topic, payload, Duration::from_millis(left_ms));
    }
}
