use serde::{Deserialize, Serialize};

use super::{ScaleProtocol, Weight};

/// Most bytes of a frame that are kept with a reading: twice the longest that a protocol has.
pub const RAW_BYTES_MAX: usize = 64;

/// What a scale says, and the very bytes that it said it with: these are kept with the sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it says.
    pub state: ReadingState,
    /// The frame, at most 64 bytes; none where nothing came.
    pub raw: Vec<u8>,
}

/// What a scale says. Only [`ReadingState::Stable`] can be sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingState {
    /// A weight at rest, above zero and within the range that goods are sold in.
    Stable {
        /// How much.
        weight: Weight,
        /// Whether the scale itself has taken a tare off.
        is_net: bool,
    },
    /// Nothing lies on it.
    Zero,
    /// It has not come to rest, or has not said its weight twice yet.
    Moving,
    /// Less than it may sell.
    TooLight,
    /// More than it can weigh, or than goods are sold in.
    OverCapacity,
    /// Less than nothing: something was taken off since it was set to zero.
    UnderZero,
    /// No weight can be had.
    Fault(Trouble),
}

impl ReadingState {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stable { .. } => "stable",
            Self::Zero => "zero",
            Self::Moving => "moving",
            Self::TooLight => "too_light",
            Self::OverCapacity => "over_capacity",
            Self::UnderZero => "under_zero",
            Self::Fault(trouble) => trouble.code(),
        }
    }
}

/// Why no weight can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Bytes that are no frame of the protocol.
    Nonsense,
    /// A frame whose check does not fit.
    BadCheck,
    /// A weight in pounds, ounces or something stranger: goods are sold by the kilogram.
    ForeignUnit,
    /// The scale says that it cannot weigh.
    Scale,
    /// The scale does not know what it was asked: it speaks another protocol.
    BadCommand,
    /// The answer takes so long that what was said last is old.
    Late,
    /// It is silent, or not there.
    Gone,
}

impl Trouble {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nonsense => "scale_nonsense",
            Self::BadCheck => "scale_bad_check",
            Self::ForeignUnit => "scale_foreign_unit",
            Self::Scale => "scale_fault",
            Self::BadCommand => "scale_bad_command",
            Self::Late => "scale_slow",
            Self::Gone => "scale_gone",
        }
    }
}

/// A scale as settings describe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleSettings {
    /// What it speaks.
    pub protocol: ScaleProtocol,
    /// The least that it may sell, in grams.
    pub min_g: u32,
    /// The most that it may sell, in grams.
    pub max_g: u32,
}

/// What can be asked of a scale besides its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleCommand {
    /// Takes what lies on it for nothing.
    Zero,
    /// Takes off what lies on it, or so much; [`Weight::ZERO`] takes off nothing any more. The
    /// register takes an item's tare off by itself: this is for a dish that stays on the scale.
    Tare(Option<Weight>),
}

/// Why a scale does not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScaleRefusal {
    /// There is no scale.
    #[error("there is no scale")]
    Absent,
    /// Its protocol has no word for it.
    #[error("the scale's protocol cannot say this")]
    Unknown,
    /// It says no.
    #[error("the scale refuses")]
    Refused,
}

impl ScaleRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "scale_gone",
            Self::Unknown => "scale_command_unknown",
            Self::Refused => "scale_command_refused",
        }
    }
}

/// Something that a scale is asked to do. Most protocols never say that it was done: the answer is
/// that it was sent and not refused, and the next readings show what became of it.
pub struct ScaleTask {
    /// What.
    pub command: ScaleCommand,
    /// Hears the answer.
    pub answer: Box<dyn FnOnce(Result<(), ScaleRefusal>) + Send>,
}
