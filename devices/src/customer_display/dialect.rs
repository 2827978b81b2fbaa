//! What displays obey. Pure.

use serde::{Deserialize, Serialize};

use super::{COLUMNS, LINES};
use crate::port::Line;

/// What a display obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisplayDialect {
    /// CD5220, of most cheap displays.
    Cd5220,
    /// Epson's, of its DM-D models and what copies them.
    Epson,
    /// Logic Controls.
    LogicControls,
}

/// How bright a display is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brightness {
    /// A quarter.
    Quarter,
    /// Half.
    Half,
    /// Three quarters.
    ThreeQuarters,
    /// All of it, as a display starts.
    #[default]
    Full,
}

pub(super) const ESC: u8 = 0x1b;
pub(super) const US: u8 = 0x1f;
pub(super) const CLEAR: u8 = 0x0c;
pub(super) const CR: u8 = 0x0d;
/// Logic Controls: the cursor goes where the next byte says.
pub(super) const AT: u8 = 0x10;
/// Logic Controls: as bright as the next byte says.
pub(super) const BRIGHT: u8 = 0x04;

impl Brightness {
    /// Every one, the darkest first.
    pub const ALL: [Self; 4] = [Self::Quarter, Self::Half, Self::ThreeQuarters, Self::Full];

    /// From 1, the darkest, to 4.
    #[must_use]
    pub const fn step(self) -> u8 {
        match self {
            Self::Quarter => 1,
            Self::Half => 2,
            Self::ThreeQuarters => 3,
            Self::Full => 4,
        }
    }

    /// As Logic Controls writes it.
    pub(super) const fn logic_controls(self) -> u8 {
        match self {
            Self::Quarter => 0x20,
            Self::Half => 0x40,
            Self::ThreeQuarters => 0x60,
            Self::Full => 0xff,
        }
    }
}

impl DisplayDialect {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Cd5220, Self::Epson, Self::LogicControls];

    /// How displays leave their box.
    #[must_use]
    pub const fn usual_line(self) -> Line {
        Line::plain(9_600)
    }

    /// Sets a display up: cleared, without a cursor, each line where it belongs.
    #[must_use]
    pub fn init(self) -> Vec<u8> {
        match self {
            Self::Cd5220 => vec![ESC, b'@', CLEAR, ESC, b'_', 0],
            Self::Epson => vec![ESC, b'@', US, 0x01, US, b'C', 0],
            Self::LogicControls => vec![US, 0x11, 0x14],
        }
    }

    /// Clears both lines. A CD5220 that was sent whole lines obeys nothing else before this.
    #[must_use]
    pub fn clear(self) -> Vec<u8> {
        match self {
            Self::Cd5220 | Self::Epson => vec![CLEAR],
            Self::LogicControls => vec![US],
        }
    }

    /// Shows two lines of twenty bytes, over what was shown and without clearing it first: nothing
    /// flickers. Longer ones are cut, shorter ones filled, bytes that a display would obey are
    /// blanks.
    #[must_use]
    pub fn show(self, lines: &[Vec<u8>; LINES]) -> Vec<u8> {
        let [upper, lower] = lines;
        let at = match self {
            Self::Cd5220 => [vec![ESC, b'Q', b'A'], vec![ESC, b'Q', b'B']],
            Self::Epson => [vec![US, b'$', 1, 1], vec![US, b'$', 1, 2]],
            Self::LogicControls => [vec![AT, 0], vec![AT, 0x14]],
        };
        let mut bytes = Vec::new();
        for (at, line) in at.into_iter().zip([upper, lower]) {
            bytes.extend(at);
            let letters = line.iter().map(|byte| if *byte < b' ' { b' ' } else { *byte });
            bytes.extend(letters.chain(std::iter::repeat(b' ')).take(COLUMNS));
            bytes.extend((self == Self::Cd5220).then_some(CR));
        }
        bytes
    }

    /// Sets how bright it is. Clears a CD5220, which obeys it only then.
    #[must_use]
    pub fn brightness(self, brightness: Brightness) -> Vec<u8> {
        match self {
            Self::Cd5220 => vec![CLEAR, ESC, b'*', brightness.step()],
            Self::Epson => vec![US, b'X', brightness.step()],
            Self::LogicControls => vec![BRIGHT, brightness.logic_controls()],
        }
    }
}
