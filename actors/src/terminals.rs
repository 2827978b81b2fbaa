use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use actix::prelude::*;
use devices::terminal::{PaymentTerminal, TerminalAsk};
use devices::worker::Condition;
use store_core::TerminalId;
use store_core::card::CardAnswer;
use tokio::sync::oneshot;

use crate::messages::{AskTerminal, StatusQuery};
use crate::status::ActorStatus;

/// How often a terminal that nothing is asked of is looked at; it is touched more rarely.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

struct Task {
    ask: TerminalAsk,
    reply: oneshot::Sender<CardAnswer>,
}

/// A terminal on a thread of its own: it blocks for as long as a customer takes.
#[derive(Clone)]
pub struct TerminalThread {
    tasks: mpsc::SyncSender<Task>,
}

impl TerminalThread {
    /// Starts the thread; it ends when its last handle is gone. `tell` hears how the terminal is,
    /// at first and whenever that changes.
    ///
    /// # Errors
    /// Where the system has no thread to give.
    pub fn start(
        mut terminal: Box<dyn PaymentTerminal>,
        mut tell: impl FnMut(Condition) + Send + 'static,
    ) -> std::io::Result<Self> {
        // A register asks one thing at a time; another register's question waits for the next turn.
        let (tasks, queue) = mpsc::sync_channel::<Task>(8);
        thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            let mut told = None;
            loop {
                // Right behind a question this costs nothing: the terminal has just been heard.
                let condition = terminal.look();
                if told.replace(condition) != Some(condition) {
                    tell(condition);
                }
                match queue.recv_timeout(LOOK_INTERVAL) {
                    // Whoever asked may be gone: what was promised is unknown then.
                    Ok(Task { ask, reply }) => drop(reply.send(terminal.ask(&ask))),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Self { tasks })
    }
}

/// The shell of the store's payment terminals.
pub struct TerminalsActor {
    terminals: BTreeMap<TerminalId, TerminalThread>,
    inputs: u64,
}

impl TerminalsActor {
    /// With the terminals that there are.
    #[must_use]
    pub const fn new(terminals: BTreeMap<TerminalId, TerminalThread>) -> Self {
        Self { terminals, inputs: 0 }
    }
}

/// To the terminals: these there are from now on. What is under way goes on.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SetTerminals(pub BTreeMap<TerminalId, TerminalThread>);

impl Handler<SetTerminals> for TerminalsActor {
    type Result = ();

    fn handle(&mut self, SetTerminals(terminals): SetTerminals, _: &mut Self::Context) {
        self.terminals = terminals;
    }
}

impl Actor for TerminalsActor {
    type Context = Context<Self>;
}

impl Handler<AskTerminal> for TerminalsActor {
    type Result = ResponseFuture<CardAnswer>;

    fn handle(&mut self, AskTerminal(ask): AskTerminal, _: &mut Self::Context) -> Self::Result {
        self.inputs += 1;
        let is_inquiry = ask.is_inquiry;
        let terminal = ask.request.terminal.clone();
        let (reply, answer) = oneshot::channel();
        let is_taken = self
            .terminals
            .get(&ask.request.terminal)
            .is_some_and(|terminal| terminal.tasks.try_send(Task { ask, reply }).is_ok());
        if !is_taken {
            return Box::pin(async move { not_asked(is_inquiry) });
        }
        Box::pin(async move {
            let answer = answer.await.unwrap_or(CardAnswer::Unknown("terminal_gone"));
            if let CardAnswer::Unknown(reason) = answer {
                let terminal = terminal.as_str();
                tracing::warn!(terminal, reason, "nobody knows what became of a card");
            }
            answer
        })
    }
}

/// Nothing was sent: nothing happened. Of an earlier request that says nothing.
fn not_asked(is_inquiry: bool) -> CardAnswer {
    const CODE: &str = "terminal_offline";
    if is_inquiry { CardAnswer::Unknown(CODE) } else { CardAnswer::Declined(CODE.into()) }
}

impl Handler<StatusQuery> for TerminalsActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(ActorStatus {
            actor: "terminals".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({ "terminals": self.terminals.len() }),
        })
    }
}
