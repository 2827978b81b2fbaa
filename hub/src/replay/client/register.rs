use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store_core::{CommandId, Currency, Money, TransactionId};
use ureq::http::Method;

use super::latency::microseconds;
use super::{AnsweredCommand, ClientError, Connection, LatencySamples, Repeater, Reply};
use crate::replay::plan::{BasketPlan, Command, PlannedStep, StepKind};

const COMMANDS: &str = "/api/v1/register/commands";
/// How often one basket is begun again: each time costs the hub a power cut.
const RESTARTS_MAX: u32 = 5;

/// What the contract calls `CommandEnvelope`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Envelope {
    pub(super) command_id: CommandId,
    pub(super) transaction_id: TransactionId,
    pub(super) version: u64,
    pub(super) command: Command,
}

/// What the contract calls `CommandAnswer`, without the view.
#[derive(Clone, Debug, Deserialize)]
struct Answer {
    repeated: bool,
    outcome: Value,
}

#[derive(Deserialize)]
struct OpenBasket {
    transaction_id: TransactionId,
}

#[derive(Deserialize)]
struct View {
    basket: Option<OpenBasket>,
}

/// How a basket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// It is a sale: now, or since an earlier start.
    Sold,
    /// The hub said no.
    Refused(Refused),
}

/// What the hub would not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {step} of transaction {transaction} was answered {status} {code}: {command}")]
pub struct Refused {
    /// Of which basket.
    pub transaction: TransactionId,
    /// Which command, from 0.
    pub step: usize,
    /// The command as it was sent.
    pub command: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
}

impl Refused {
    fn is_left_behind(&self) -> bool {
        matches!(self.code.as_str(), "basket_changed" | "no_basket")
    }
}

/// One register of a store.
#[derive(Debug)]
pub struct RegisterClient {
    connection: Connection,
    currency: Currency,
    /// Whether the store may know baskets from an earlier start.
    is_resumed: bool,
    /// How long its answers took.
    pub latency: LatencySamples,
    /// When the last completion was answered, unless the hub had answered it before.
    pub completed: Option<Instant>,
    /// What it repeats, where a test asks for that.
    pub repeater: Option<Repeater>,
    /// Whether the store says what is due, and not the basket: its promotions may lower it.
    pub follows_prices: bool,
}

enum Sent {
    Accepted(Value),
    Ended,
    Refused(Reply),
}

impl RegisterClient {
    /// A register that is signed on.
    #[must_use]
    pub fn new(connection: Connection, currency: Currency, is_resumed: bool) -> Self {
        let latency = LatencySamples::default();
        Self {
            connection,
            currency,
            is_resumed,
            latency,
            completed: None,
            repeater: None,
            follows_prices: false,
        }
    }

    /// The browser that it is.
    #[must_use]
    pub const fn browser(&self) -> &Connection {
        &self.connection
    }

    /// The basket that an earlier run left open at this register.
    ///
    /// # Errors
    /// Where the hub does not say.
    pub fn open_basket(&self) -> Result<Option<TransactionId>, ClientError> {
        let what = "/api/v1/register";
        let view: View = self.connection.get(what)?.read(what)?;
        Ok(view.basket.map(|basket| basket.transaction_id))
    }

    /// Enters a basket, or finds that it was sold before.
    ///
    /// # Errors
    /// Where the hub does not answer, or a repeated command is answered differently.
    pub fn enter(&mut self, basket: &BasketPlan) -> Result<Entered, ClientError> {
        if self.is_resumed && self.outcome_of_completion(basket)?.is_some() {
            return Ok(Entered::Sold);
        }
        let mut tries_left = RESTARTS_MAX;
        loop {
            match self.enter_once(basket, basket.steps.len())? {
                // A hub that was cut off may be one draft behind what it had answered. Entered
                // from the start, what it kept is answered as before and the rest is done now.
                Entered::Refused(refused) if refused.is_left_behind() && tries_left > 0 => {
                    tries_left -= 1;
                }
                entered => return Ok(entered),
            }
        }
    }

    /// Enters the first half of a basket and leaves it there.
    ///
    /// # Errors
    /// As [`Self::enter`].
    pub fn begin(&mut self, basket: &BasketPlan) -> Result<Option<Refused>, ClientError> {
        if let Some(repeater) = &mut self.repeater {
            repeater.keep_all();
        }
        let entered = self.enter_once(basket, basket.steps.len().div_ceil(2))?;
        if let Some(repeater) = &mut self.repeater {
            repeater.forget_last();
        }
        Ok(match entered {
            Entered::Sold => None,
            Entered::Refused(refused) => Some(refused),
        })
    }

    /// Sends a command of an earlier opening of the store again.
    ///
    /// # Errors
    /// [`ClientError::RepeatDiffers`] where it is not answered as before.
    pub fn repeat(&self, command: &AnsweredCommand) -> Result<(), ClientError> {
        command.send_again(&self.connection)
    }

    fn enter_once(&mut self, basket: &BasketPlan, steps: usize) -> Result<Entered, ClientError> {
        let mut change = Money::zero(self.currency);
        let mut version = 0;
        for (index, step) in basket.steps.iter().take(steps).enumerate() {
            let Some(command) = step.after_change(change)? else {
                continue;
            };
            let transaction_id = basket.transaction;
            let envelope =
                Envelope { command_id: step.command_id, transaction_id, version, command };
            let sent = match self.send(step, &envelope)? {
                Sent::Refused(reply) if self.follows_prices => {
                    match at_its_price(&envelope, &reply, self.currency) {
                        Some(envelope) => self.send(step, &envelope)?,
                        None => Sent::Refused(reply),
                    }
                }
                sent => sent,
            };
            match sent {
                Sent::Accepted(outcome) if step.kind == StepKind::Coupon => {
                    let given = change_of(&outcome)?;
                    change = change.add(given.unwrap_or(Money::zero(self.currency)))?;
                }
                Sent::Accepted(_) => {}
                Sent::Ended => return self.ended(basket, index, &envelope),
                Sent::Refused(reply) => {
                    return Ok(Entered::Refused(refused(&envelope, index, &reply)));
                }
            }
            version += 1;
        }
        Ok(Entered::Sold)
    }

    fn send(&mut self, step: &PlannedStep, envelope: &Envelope) -> Result<Sent, ClientError> {
        let begun = Instant::now();
        let reply = self.connection.send(&Method::POST, COMMANDS, envelope)?;
        let took_us = microseconds(begun.elapsed());
        if !reply.is_success() {
            let has_ended = reply.code() == "transaction_ended";
            return Ok(if has_ended { Sent::Ended } else { Sent::Refused(reply) });
        }
        let answer: Answer = reply.read(COMMANDS)?;
        if !answer.repeated {
            match step.kind {
                StepKind::Entry => self.latency.scans_us.push(took_us),
                StepKind::Complete => {
                    self.latency.commits_us.push(took_us);
                    self.completed = Some(Instant::now());
                }
                _ => {}
            }
        }
        if let Some(repeater) = &mut self.repeater {
            repeater.consider(&self.connection, envelope, &answer.outcome)?;
        }
        Ok(Sent::Accepted(answer.outcome))
    }

    /// The transaction is over: as a sale, or as something that this replay did not do.
    fn ended(
        &self,
        basket: &BasketPlan,
        step: usize,
        envelope: &Envelope,
    ) -> Result<Entered, ClientError> {
        if self.outcome_of_completion(basket)?.is_some() {
            return Ok(Entered::Sold);
        }
        let reply = Reply { status: 409, body: r#"{"code":"transaction_ended"}"#.to_owned() };
        Ok(Entered::Refused(refused(envelope, step, &reply)))
    }

    fn outcome_of_completion(&self, basket: &BasketPlan) -> Result<Option<Value>, ClientError> {
        let path = format!("{COMMANDS}/{}/{}", basket.transaction, basket.completion());
        let reply = self.connection.get(&path)?;
        if reply.status == 404 { Ok(None) } else { reply.read(&path).map(Some) }
    }
}

/// Sends a command again and hands back what its outcome is now.
pub(super) fn send_again(connection: &Connection, envelope: &Value) -> Result<Value, ClientError> {
    let reply = connection.send(&Method::POST, COMMANDS, envelope)?;
    let answer: Answer = reply.read(COMMANDS)?;
    if !answer.repeated {
        return Err(ClientError::RepeatDiffers {
            before: "an accepted command".to_owned(),
            after: format!("accepted as if it were new: {}", answer.outcome),
        });
    }
    Ok(answer.outcome)
}

fn change_of(outcome: &Value) -> Result<Option<Money>, ClientError> {
    let change = outcome.get("event").and_then(|event| event.get("change")).cloned();
    serde_json::from_value(change.unwrap_or_default())
        .map_err(|source| ClientError::BadAnswer { what: COMMANDS.to_owned(), source })
}

/// The same command with what the store says is due, where that is why it was refused.
fn at_its_price(envelope: &Envelope, reply: &Reply, currency: Currency) -> Option<Envelope> {
    let Command::Tender { tender_type, reference, line, .. } = &envelope.command else {
        return None;
    };
    if reply.code() != "total_changed" {
        return None;
    }
    let problem: Value = serde_json::from_str(&reply.body).ok()?;
    let due = Money::parse(problem.get("details")?.get("due")?.as_str()?, currency).ok()?;
    let command = Command::Tender {
        tender_type: tender_type.clone(),
        amount: due,
        total: due,
        reference: reference.clone(),
        line: *line,
    };
    Some(Envelope { command, ..envelope.clone() })
}

fn refused(envelope: &Envelope, step: usize, reply: &Reply) -> Refused {
    Refused {
        transaction: envelope.transaction_id,
        step,
        command: serde_json::to_string(&envelope.command).unwrap_or_default(),
        status: reply.status,
        code: reply.code(),
    }
}
