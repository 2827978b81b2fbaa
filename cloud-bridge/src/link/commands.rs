use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use hq_wire::link::v1::{Command, Reply};
use serde_json::Value;

/// Most commands whose answers are remembered: headquarters repeats one only until it is answered.
const REMEMBERED_MAX: usize = 256;

/// Carries out a command in a thread that may wait: what came of it, or why it was refused, as a
/// code.
type Handler = Arc<dyn Fn(&Value) -> Result<Value, String> + Send + Sync>;

/// What a store can be asked to do, by name.
#[derive(Clone, Default)]
pub struct Commands {
    handlers: BTreeMap<&'static str, Handler>,
}

impl fmt::Debug for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.handlers.keys()).finish()
    }
}

impl Commands {
    /// One more. It is called in a thread that may wait.
    pub fn add(
        &mut self,
        name: &'static str,
        handler: impl Fn(&Value) -> Result<Value, String> + Send + Sync + 'static,
    ) {
        self.handlers.insert(name, Arc::new(handler));
    }
}

/// What is to be done about a command.
pub enum Step {
    /// Answer it so.
    Answer(Reply),
    /// Carry it out, in a thread that may wait, and answer then.
    CarryOut(Box<dyn FnOnce() -> Reply + Send>),
    /// Nothing: it is being carried out.
    Wait,
}

/// The commands that came, so that a repeated one is not carried out twice.
#[derive(Default)]
pub struct Received {
    commands: Commands,
    /// In the order in which they came; without an answer while they are carried out.
    known: VecDeque<(String, Option<Reply>)>,
}

impl Received {
    /// None so far.
    pub fn new(commands: Commands) -> Self {
        Self { commands, known: VecDeque::new() }
    }

    /// One came.
    pub fn on_command(&mut self, name: &str, command: Command, wall_ms: i64) -> Step {
        let Command { id, expires_ms, body } = command;
        if let Some((_, answer)) = self.known.iter().find(|(known, _)| *known == id) {
            return answer.clone().map_or(Step::Wait, Step::Answer);
        }
        let refuse = |code: &str| Reply {
            id: id.clone(),
            refused: Some(code.to_owned()),
            body: Value::Null,
        };
        if wall_ms > expires_ms {
            return Step::Answer(refuse("expired"));
        }
        let Some(handler) = self.commands.handlers.get(name).cloned() else {
            return Step::Answer(refuse("unknown_command"));
        };
        if self.known.len() >= REMEMBERED_MAX {
            self.known.pop_front();
        }
        self.known.push_back((id.clone(), None));
        Step::CarryOut(Box::new(move || match handler(&body) {
            Ok(body) => Reply { id, refused: None, body },
            Err(code) => Reply { id, refused: Some(code), body: Value::Null },
        }))
    }

    /// One was carried out.
    pub fn on_done(&mut self, reply: &Reply) {
        if let Some((_, answer)) = self.known.iter_mut().find(|(known, _)| *known == reply.id) {
            *answer = Some(reply.clone());
        }
    }
}
