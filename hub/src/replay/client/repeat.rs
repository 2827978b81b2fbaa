use serde_json::Value;
use store_core::TransactionId;

use super::register::{Envelope, send_again};
use super::{ClientError, Connection};

/// One command in so many is repeated.
const ONE_IN: u64 = 10;

/// Asks for commands to be repeated at random: a hub must not care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The same commands are repeated for the same seed, register by register.
    pub seed: u64,
}

/// How many commands were repeated, each with its first outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepeatCounts {
    /// As soon as they were answered.
    pub at_once: u64,
    /// After the store had been stopped and started again.
    pub after_restart: u64,
    /// Of these, the ones whose basket was still open then.
    pub of_open_baskets: u64,
}

impl RepeatCounts {
    /// Takes over what was counted elsewhere.
    pub const fn add(&mut self, other: Self) {
        self.at_once += other.at_once;
        self.after_restart += other.after_restart;
        self.of_open_baskets += other.of_open_baskets;
    }
}

/// A command that was answered, to be sent again after a restart.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredCommand {
    /// Whose command it is.
    pub transaction: TransactionId,
    /// The whole envelope as it was sent.
    pub envelope: Value,
    /// What came of it.
    pub outcome: Value,
}

/// Repeats one register's commands.
#[derive(Debug)]
pub struct Repeater {
    state: u64,
    answered: Vec<AnsweredCommand>,
    keeps_all: bool,
    at_once: u64,
}

impl Repeater {
    /// The repeater of one register of one store, from its opening with this number on.
    #[must_use]
    pub fn new(repeat: Repeat, store: &str, register: usize, opening: usize) -> Self {
        // FNV-1a: every store, register and opening draws numbers of its own.
        let place = format!("{store}/{register}/{opening}");
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let state = place.bytes().fold(repeat.seed ^ 0xcbf2_9ce4_8422_2325, mix);
        Self { state, answered: Vec::new(), keeps_all: false, at_once: 0 }
    }

    /// From now on every command is kept for after the restart: they are those of a basket that
    /// stays open.
    pub(super) const fn keep_all(&mut self) {
        self.keeps_all = true;
    }

    /// Forgets the last command kept: it was answered before its draft was on the disk, so a hub
    /// that is cut off now may have to be told it again.
    pub(super) fn forget_last(&mut self) {
        self.answered.pop();
    }

    /// How many commands were repeated at once.
    #[must_use]
    pub const fn at_once(&self) -> u64 {
        self.at_once
    }

    /// The commands to repeat after a restart: others than those repeated at once.
    #[must_use]
    pub fn into_answered(self) -> Vec<AnsweredCommand> {
        self.answered
    }

    pub(super) fn consider(
        &mut self,
        connection: &Connection,
        envelope: &Envelope,
        outcome: &Value,
    ) -> Result<(), ClientError> {
        let draw = self.draw() % ONE_IN;
        if draw > 1 && !self.keeps_all {
            return Ok(());
        }
        let transaction = envelope.transaction_id;
        let what = "an envelope".to_owned();
        let envelope = serde_json::to_value(envelope)
            .map_err(|source| ClientError::BadAnswer { what, source })?;
        let answered = AnsweredCommand { transaction, envelope, outcome: outcome.clone() };
        if draw == 0 {
            answered.send_again(connection)?;
            self.at_once += 1;
        }
        if draw == 1 || self.keeps_all {
            self.answered.push(answered);
        }
        Ok(())
    }

    /// SplitMix64.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl AnsweredCommand {
    /// Sends it again: the outcome must be the first one, marked as repeated.
    ///
    /// # Errors
    /// [`ClientError::RepeatDiffers`] where it is not, or where the hub does not answer.
    pub fn send_again(&self, connection: &Connection) -> Result<(), ClientError> {
        let outcome = send_again(connection, &self.envelope)?;
        if outcome == self.outcome {
            return Ok(());
        }
        let (before, after) = (self.outcome.to_string(), outcome.to_string());
        Err(ClientError::RepeatDiffers { before, after })
    }
}
