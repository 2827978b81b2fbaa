use serde::{Deserialize, Serialize};

/// The most steps of a pattern: nobody tells longer ones apart.
const STEPS_MAX: usize = 32;
/// The shortest step that is still seen or heard, in milliseconds.
const STEP_MIN_MS: u32 = 20;
/// The longest one.
const STEP_MAX_MS: u32 = 60_000;
/// The most times that a pattern which ends is repeated.
const REPEAT_MAX: u32 = 10_000;

/// What a lamp or a buzzer does: `"on"`, `"off"`, a list of milliseconds that it is on, off, on …
/// for ever, or one with the times that it is repeated: `{ ms = [300, 200], repeat = 3 }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Pattern {
    /// It is on.
    On,
    /// It is off.
    Off,
    /// It changes.
    Blink {
        /// On, off, on …, in milliseconds; an even number of steps.
        ms: Vec<u32>,
        /// How often; for ever where nothing is said. It is off afterwards.
        repeat: Option<u32>,
    },
}

/// A pattern that cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Steps come in pairs.
    #[error("a pattern is 2 to {STEPS_MAX} steps, on and off in turn")]
    Steps,
    /// A step that nobody sees, or that never ends.
    #[error("a step of a pattern takes {STEP_MIN_MS} to {STEP_MAX_MS} milliseconds")]
    Step,
    /// Repeated never, or without an end in sight.
    #[error("a pattern is repeated 1 to {REPEAT_MAX} times, or for ever")]
    Repeat,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Word(Word),
    Steps(Vec<u32>),
    Counted { ms: Vec<u32>, repeat: u32 },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    On,
    Off,
}

impl Pattern {
    /// One that changes.
    ///
    /// # Errors
    /// [`PatternError`] where it cannot be shown.
    pub fn blink(ms: Vec<u32>, repeat: Option<u32>) -> Result<Self, PatternError> {
        if ms.is_empty() || ms.len() > STEPS_MAX || !ms.len().is_multiple_of(2) {
            return Err(PatternError::Steps);
        }
        if ms.iter().any(|step| !(STEP_MIN_MS..=STEP_MAX_MS).contains(step)) {
            return Err(PatternError::Step);
        }
        if repeat.is_some_and(|times| !(1..=REPEAT_MAX).contains(&times)) {
            return Err(PatternError::Repeat);
        }
        Ok(Self::Blink { ms, repeat })
    }

    /// Whether it is on so long after it began, and in how many milliseconds that changes.
    #[must_use]
    pub fn at(&self, elapsed_ms: u64) -> (bool, Option<u64>) {
        let (ms, repeat) = match self {
            Self::On => return (true, None),
            Self::Off => return (false, None),
            Self::Blink { ms, repeat } => (ms, *repeat),
        };
        let round: u64 = ms.iter().copied().map(u64::from).sum();
        let Some(rounds) = elapsed_ms.checked_div(round) else { return (false, None) };
        if repeat.is_some_and(|times| rounds >= u64::from(times)) {
            return (false, None);
        }
        let mut left = elapsed_ms - rounds * round;
        let mut is_on = true;
        for step in ms.iter().copied().map(u64::from) {
            if left < step {
                return (is_on, Some(step - left));
            }
            left -= step;
            is_on = !is_on;
        }
        (false, None)
    }
}

impl TryFrom<Written> for Pattern {
    type Error = PatternError;

    fn try_from(written: Written) -> Result<Self, PatternError> {
        match written {
            Written::Word(Word::On) => Ok(Self::On),
            Written::Word(Word::Off) => Ok(Self::Off),
            Written::Steps(ms) => Self::blink(ms, None),
            Written::Counted { ms, repeat } => Self::blink(ms, Some(repeat)),
        }
    }
}

impl From<Pattern> for Written {
    fn from(pattern: Pattern) -> Self {
        match pattern {
            Pattern::On => Self::Word(Word::On),
            Pattern::Off => Self::Word(Word::Off),
            Pattern::Blink { ms, repeat: None } => Self::Steps(ms),
            Pattern::Blink { ms, repeat: Some(repeat) } => Self::Counted { ms, repeat },
        }
    }
}
