use serde_json::Value;

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

/// A command that was answered, to be sent again after a restart.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredCommand {
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
}

impl Repeater {
    /// The repeater of one register of one store.
    #[must_use]
    pub fn new(repeat: Repeat, store: &str, register: usize) -> Self {
        // FNV-1a: every store and register draws numbers of its own.
        let place = format!("{store}/{register}");
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let state = place.bytes().fold(repeat.seed ^ 0xcbf2_9ce4_8422_2325, mix);
        Self { state, answered: Vec::new() }
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
        if draw > 1 {
            return Ok(());
        }
        let what = "an envelope".to_owned();
        let envelope = serde_json::to_value(envelope)
            .map_err(|source| ClientError::BadAnswer { what, source })?;
        let answered = AnsweredCommand { envelope, outcome: outcome.clone() };
        if draw == 0 {
            return answered.send_again(connection);
        }
        self.answered.push(answered);
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
