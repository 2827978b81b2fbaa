//! What scales speak. Pure: bytes to what they say, and back for the simulator.

mod cas;
mod dialog;
mod dibal;
mod frame;
mod number;
mod sma;
mod toledo;
mod usb;

use serde::{Deserialize, Serialize};

use super::contract::{ScaleCommand, Trouble};
use super::weight::Weight;
use crate::port::{Line, Parity};

pub use frame::{Frame, FrameDecoder};

/// What a scale is set to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleProtocol {
    /// Mettler Toledo 8217: asked with a letter. Nothing but the line's parity checks it.
    #[serde(rename = "toledo_8217")]
    Toledo8217,
    /// SMA SCP-0499, of American scales. Unchecked.
    Sma,
    /// CAS NT-200 and others: 22 bytes, over and over. Unchecked.
    CasStream,
    /// CAS PD-II set to an electronic cash register (type 6): asked, and checked.
    CasEcr,
    /// Dibal, asked and checked. It may answer only when its load is at rest.
    Dibal,
    /// Dialog 06, of European check-out scales: asked, with an amount that proves the weight.
    #[serde(rename = "dialog_06")]
    Dialog06,
    /// Reports of the USB class of scales. USB checks what it carries, and the class has no check
    /// of its own.
    UsbHid,
}

/// What a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A weight at rest, in milligrams; below zero where something was taken off.
    Weight {
        /// How much.
        milligrams: i64,
        /// Whether a tare was taken off.
        is_net: bool,
    },
    /// Not at rest.
    Moving,
    /// At rest, where it was when it was asked last.
    Unmoved,
    /// Below what the scale may weigh.
    TooLight,
    /// Above what it can.
    OverCapacity,
    /// Below nothing.
    UnderZero,
    /// It is ready for what is asked next.
    Ready,
    /// It does not do what it was asked.
    Refused,
    /// No weight.
    Fault(Trouble),
}

/// What a simulated scale shows, in whole grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// At rest, above zero or at it.
    Weight {
        /// How much.
        grams: u32,
        /// Whether a tare was taken off.
        is_net: bool,
    },
    /// Not at rest.
    Moving {
        /// How much it shows at this moment.
        grams: u32,
    },
    /// Above its capacity.
    OverCapacity,
    /// Below nothing.
    UnderZero,
}

impl ScaleProtocol {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Toledo8217,
        Self::Sma,
        Self::CasStream,
        Self::CasEcr,
        Self::Dibal,
        Self::Dialog06,
        Self::UsbHid,
    ];

    /// How scales of this kind leave their box; a USB scale has no line.
    #[must_use]
    pub const fn usual_line(self) -> Line {
        let plain = Line::plain(9_600);
        match self {
            Self::Toledo8217 => Line { data_bits: 7, parity: Parity::Even, ..plain },
            Self::Dialog06 => Line { data_bits: 7, parity: Parity::Odd, ..plain },
            Self::Sma | Self::CasStream | Self::CasEcr | Self::Dibal | Self::UsbHid => plain,
        }
    }

    /// Whether a frame proves its own bytes.
    #[must_use]
    pub const fn is_checked(self) -> bool {
        matches!(self, Self::CasEcr | Self::Dibal | Self::Dialog06)
    }

    /// Whether the scale may stay silent until its load is at rest.
    #[must_use]
    pub const fn waits_for_rest(self) -> bool {
        matches!(self, Self::Dibal)
    }

    /// Whether each read at the port is one frame, so that half of one is never the beginning of
    /// the next.
    #[must_use]
    pub const fn is_read_whole(self) -> bool {
        matches!(self, Self::UsbHid)
    }

    /// What is sent to have the weight told; nothing to a scale that tells it all the time.
    #[must_use]
    pub const fn poll(self) -> &'static [u8] {
        match self {
            Self::Toledo8217 => toledo::WEIGHT,
            Self::Sma => sma::WEIGHT,
            Self::CasEcr => cas::ENQUIRY,
            Self::Dibal => dibal::WEIGHT,
            Self::Dialog06 => dialog::PRICE,
            Self::CasStream | Self::UsbHid => b"",
        }
    }

    /// What is sent when the scale has said this, to have it go on.
    #[must_use]
    pub const fn next(self, said: Said) -> Option<&'static [u8]> {
        match (self, said) {
            (Self::CasEcr, Said::Ready) => Some(cas::SEND),
            (Self::Dialog06, Said::Ready) => Some(dialog::WEIGHT),
            (Self::Dialog06, Said::Refused) => Some(dialog::WHY),
            _ => None,
        }
    }

    /// The bytes of a command, where the protocol has it.
    #[must_use]
    pub fn command(self, command: ScaleCommand) -> Option<Vec<u8>> {
        match self {
            Self::Toledo8217 => toledo::command(command).map(<[u8]>::to_vec),
            Self::Sma => sma::command(command),
            Self::CasStream => cas::command(command).map(<[u8]>::to_vec),
            Self::CasEcr | Self::Dibal | Self::Dialog06 | Self::UsbHid => None,
        }
    }

    /// What the bytes that were held begin with.
    fn examine(self, held: &[u8]) -> frame::Step {
        match self {
            Self::Toledo8217 => toledo::examine(held),
            Self::Sma => sma::examine(held),
            Self::CasStream => cas::examine_stream(held),
            Self::CasEcr => cas::examine_ecr(held),
            Self::Dibal => dibal::examine(held),
            Self::Dialog06 => dialog::examine(held),
            Self::UsbHid => usb::examine(held),
        }
    }

    /// The frame of a scale that shows this. One of Dialog 06 is what it answers when it is asked
    /// for the weight: a refusal says only on another question why.
    pub(super) fn frame(self, shown: Shown) -> Vec<u8> {
        match self {
            Self::Toledo8217 => toledo::frame(shown),
            Self::Sma => sma::frame(shown),
            Self::CasStream => cas::stream_frame(shown),
            Self::CasEcr => cas::ecr_frame(shown),
            Self::Dibal => dibal::frame(shown),
            Self::Dialog06 => dialog::frame(shown),
            Self::UsbHid => usb::report(shown).to_vec(),
        }
    }
}

/// The reason that a scale of Dialog 06 gives where it shows this.
pub(super) fn dialog_reason(shown: Shown) -> Vec<u8> {
    dialog::reason(shown)
}

/// The bad command of a Toledo 8217.
pub(super) const TOLEDO_UNKNOWN: &[u8] = toledo::UNKNOWN;
/// The bad command of an SMA scale.
pub(super) const SMA_UNKNOWN: &[u8] = sma::UNKNOWN;

/// The weight of an SMA command.
pub(super) fn sma_tare(text: &[u8]) -> Option<Weight> {
    sma::tare(text)
}
