use std::collections::HashMap;
use std::time::Duration;

use hq_wire::link::v1::Reply;
use serde_json::Value;
use tokio::sync::oneshot;

/// How long a cashier waits for headquarters before the store goes by its own rule.
pub const QUERY_TIMEOUT: Duration = Duration::from_millis(800);

/// Why headquarters gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// It is not there, or did not answer in time.
    #[error("headquarters cannot be reached at present")]
    Unreachable,
    /// It refused, with this code.
    #[error("headquarters refused: {0}")]
    Refused(String),
}

/// Where an answer goes.
pub type AnswerTo = oneshot::Sender<Result<Value, QueryError>>;

/// Questions that headquarters has not answered.
#[derive(Debug, Default)]
pub struct Queries {
    open: HashMap<String, AnswerTo>,
}

impl Queries {
    /// A question was sent.
    pub fn add(&mut self, id: String, answer: AnswerTo) {
        // Whoever has stopped waiting is not kept.
        self.open.retain(|_, answer| !answer.is_closed());
        self.open.insert(id, answer);
    }

    /// Headquarters answered; a late answer concerns nobody.
    pub fn on_answer(&mut self, reply: Reply) {
        if let Some(answer) = self.open.remove(&reply.id) {
            let said = match reply.refused {
                None => Ok(reply.body),
                Some(code) => Err(QueryError::Refused(code)),
            };
            // Whoever asked may just have stopped waiting.
            let _ = answer.send(said);
        }
    }

    /// The connection is gone, and the answers with it.
    pub fn give_up(&mut self) {
        for (_, answer) in self.open.drain() {
            let _ = answer.send(Err(QueryError::Unreachable));
        }
    }
}
