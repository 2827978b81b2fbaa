//! What a register does with a command for a transaction that is not its own basket, once the
//! journal has said what became of it.

use serde::Deserialize;

use super::awaiting::Awaiting;
use super::basket::AbsorbedCommand;
use super::command::Command;
use super::machine::{Effects, RegisterMachine, refuse};
use super::protocol::Known;
use crate::{CommandId, Now, RefusalCode};

#[derive(Deserialize)]
struct Commands {
    absorbed: Vec<AbsorbedCommand>,
}

impl Known {
    /// The command with this id, if the transaction has taken it in.
    pub(super) fn absorbed(&self, id: CommandId) -> Option<AbsorbedCommand> {
        match self {
            Self::Nothing => None,
            Self::Ended { ended, post_void, .. } => {
                let undone = post_void.as_deref().filter(|undone| undone.id == id);
                ended.absorbed(id).or(undone).cloned()
            }
            // A draft of a newer hub has these all the same, or is refused when it is retrieved.
            Self::Suspended(body) => {
                let commands: Commands = serde_json::from_str(body).ok()?;
                commands.absorbed.into_iter().find(|absorbed| absorbed.id == id)
            }
            Self::Elsewhere(commands) => commands.iter().find(|one| one.id == id).cloned(),
        }
    }
}

impl RegisterMachine {
    pub(super) fn on_looked_up(
        &mut self,
        now: Now,
        awaited: Awaiting,
        known: Result<Known, RefusalCode>,
        effects: &mut Effects,
    ) {
        let Awaiting::LookUp { ticket, operator, attached, envelope } = awaited else {
            return;
        };
        let known = match known {
            Ok(known) => known,
            Err(code) => return refuse(ticket, code.into(), effects),
        };
        if let Some(absorbed) = known.absorbed(envelope.command_id) {
            return self.repeat(now, ticket, &envelope, &absorbed, effects);
        }
        match (&envelope.command, known) {
            (Command::PostVoid { .. }, known) => {
                let who = (&operator, attached.approval);
                self.post_void(now, ticket, who, (envelope, known), effects);
            }
            (Command::Retrieve, Known::Suspended(body)) => {
                let who = (&operator, attached.approval);
                self.retrieve(now, ticket, who, (envelope, &body), effects);
            }
            (Command::Retrieve, _) => refuse(ticket, RefusalCode::NotSuspended.into(), effects),
            (_, Known::Nothing) => {
                self.open(now, ticket, (&operator, attached), envelope, effects);
            }
            (_, Known::Ended { .. }) => {
                refuse(ticket, RefusalCode::TransactionEnded.into(), effects);
            }
            (_, Known::Suspended(_)) => {
                refuse(ticket, RefusalCode::BasketSuspended.into(), effects);
            }
            (_, Known::Elsewhere(_)) => refuse(ticket, RefusalCode::OpenElsewhere.into(), effects),
        }
    }
}
