//! From frames to readings: what a weight has to go through before it may be sold.

use super::contract::{Reading, ReadingState, ScaleSettings, Trouble};
use super::protocol::{Frame, Said};
use super::weight::Weight;

/// Judges frames. A protocol that checks its bytes is believed at once; of any other, two frames
/// that follow each other have to say the same, so that one byte gone wrong sells nothing.
#[derive(Debug)]
pub(super) struct Confirm {
    settings: ScaleSettings,
    /// The weight that was said last, in milligrams, where the last frame said one.
    said: Option<(i64, bool)>,
    /// The last reading that was a weight at rest, for scales that say each only once.
    resting: Option<Reading>,
}

impl Confirm {
    pub(super) const fn new(settings: ScaleSettings) -> Self {
        Self { settings, said: None, resting: None }
    }

    /// Forgets what was said.
    pub(super) fn forget(&mut self) {
        self.said = None;
        self.resting = None;
    }

    /// What a frame amounts to; nothing for one that only carries the conversation on.
    pub(super) fn judge(&mut self, frame: Frame) -> Option<Reading> {
        let said = self.said.take();
        let state = match frame.said {
            Said::Weight { milligrams, is_net } => {
                self.said = Some((milligrams, is_net));
                let is_proven = self.settings.protocol.is_checked() || said == self.said;
                if is_proven { self.weighed(milligrams, is_net) } else { ReadingState::Moving }
            }
            Said::Unmoved => {
                let resting = self.resting.clone();
                return Some(
                    resting.unwrap_or(Reading { state: ReadingState::Moving, raw: frame.raw }),
                );
            }
            Said::Moving => ReadingState::Moving,
            Said::TooLight => ReadingState::TooLight,
            Said::OverCapacity => ReadingState::OverCapacity,
            Said::UnderZero => ReadingState::UnderZero,
            Said::Fault(trouble) => ReadingState::Fault(trouble),
            Said::Refused => ReadingState::Fault(Trouble::BadCommand),
            Said::Ready => {
                self.said = said;
                return None;
            }
        };
        let reading = Reading { state, raw: frame.raw };
        let is_resting = matches!(state, ReadingState::Stable { .. });
        self.resting = is_resting.then(|| reading.clone());
        Some(reading)
    }

    fn weighed(&self, milligrams: i64, is_net: bool) -> ReadingState {
        let weight = Weight::from_milligrams(milligrams);
        if milligrams < 0 {
            ReadingState::UnderZero
        } else if milligrams == 0 {
            ReadingState::Zero
        } else if weight > Weight::from_grams(self.settings.max_g) {
            ReadingState::OverCapacity
        } else if weight < Weight::from_grams(self.settings.min_g) {
            ReadingState::TooLight
        } else {
            ReadingState::Stable { weight, is_net }
        }
    }
}
