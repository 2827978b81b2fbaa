use serde::Serialize;

use super::Pattern;

/// What is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "four lamps, each on or off")]
pub struct Levels {
    /// The red lamp.
    pub red: bool,
    /// The amber one.
    pub amber: bool,
    /// The green one.
    pub green: bool,
    /// The buzzer.
    pub buzzer: bool,
}

impl Levels {
    /// In the order of [`super::Lamp::ALL`].
    #[must_use]
    pub const fn all(self) -> [bool; 4] {
        [self.red, self.amber, self.green, self.buzzer]
    }
}

impl From<[bool; 4]> for Levels {
    fn from([red, amber, green, buzzer]: [bool; 4]) -> Self {
        Self { red, amber, green, buzzer }
    }
}

/// What is on at one moment, and how long that stays so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What is on.
    pub levels: Levels,
    /// In so many milliseconds something changes; never where nothing is said.
    pub wake_in_ms: Option<u64>,
}

/// Plays the patterns of all lamps.
#[derive(Clone, Debug)]
pub struct Sequencer {
    /// What each does, and since when.
    played: [(Pattern, u64); 4],
}

impl Default for Sequencer {
    /// All is off.
    fn default() -> Self {
        Self { played: [Pattern::Off, Pattern::Off, Pattern::Off, Pattern::Off].map(|p| (p, 0)) }
    }
}

impl Sequencer {
    /// What each lamp is to do from now on. One that does so already goes on and does not begin
    /// again.
    pub fn set(&mut self, patterns: [Pattern; 4], now_ms: u64) {
        for (played, pattern) in self.played.iter_mut().zip(patterns) {
            if played.0 != pattern {
                *played = (pattern, now_ms);
            }
        }
    }

    /// What is on now.
    #[must_use]
    pub fn turn(&self, now_ms: u64) -> Turn {
        let at = |(pattern, since): &(Pattern, u64)| pattern.at(now_ms.saturating_sub(*since));
        let turns = self.played.each_ref().map(at);
        let wake_in_ms = turns.iter().filter_map(|(_, wake)| *wake).min();
        Turn { levels: turns.map(|(is_on, _)| is_on).into(), wake_in_ms }
    }
}
