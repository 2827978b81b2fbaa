//! What the two families say to the same end.

use store_core::receipt::{Align, TextSize};

use super::code::Code;
use super::{command, star};
use crate::printer::bitmap::Bitmap;
use crate::printer::profile::{Buzzer, Confirmation, DrawerPin, PrinterFamily, PrinterProfile};

/// Rows fed where there is no knife: past the edge that paper is torn at.
const TEAR_OFF_ROWS: usize = 5;

impl PrinterFamily {
    /// As after power on, and telling of changes by itself. A printer forgets the latter with
    /// every start, so that each job says it again.
    pub(in crate::printer) fn init(self, profile: &PrinterProfile) -> Vec<u8> {
        let mut bytes = match self {
            Self::EscPos => command::INIT.to_vec(),
            Self::Star => star::INIT.to_vec(),
        };
        bytes.extend(self.automatic_status(profile));
        bytes
    }

    /// Telling of changes by itself, where it does.
    pub(in crate::printer) fn automatic_status(self, profile: &PrinterProfile) -> Vec<u8> {
        match self {
            Self::EscPos if profile.has_automatic_status => command::AUTOMATIC_STATUS_ON.to_vec(),
            Self::Star if profile.has_automatic_status => star::AUTOMATIC_STATUS_ON.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Asks at once how it is.
    pub(in crate::printer) const fn status(self) -> &'static [u8] {
        match self {
            Self::EscPos => &command::STATUS,
            Self::Star => &star::STATUS,
        }
    }

    /// What stands at the end of a job, to be answered when the printer comes to it.
    pub(super) fn end_of_job(self, profile: &PrinterProfile, mark: [u8; 4]) -> Vec<u8> {
        match (profile.confirmation, self) {
            (Confirmation::Mark, Self::EscPos) => command::job_mark(mark).to_vec(),
            // Star has no question that stands in turn but its mark.
            (Confirmation::Mark | Confirmation::InTurn, Self::Star) => {
                star::job_mark(mark).to_vec()
            }
            (Confirmation::InTurn, Self::EscPos) => command::STATUS_IN_TURN.to_vec(),
            (Confirmation::AtOnce, _) => Vec::new(),
        }
    }

    /// A pulse in its turn, behind what waits.
    pub(super) fn drawer_pulse(self, pin: DrawerPin) -> Vec<u8> {
        match self {
            Self::EscPos => command::drawer_pulse(pin).to_vec(),
            Self::Star => star::drawer_pulse(pin),
        }
    }

    /// A pulse as soon as the printer can give it.
    pub(in crate::printer) fn drawer_pulse_at_once(
        self,
        profile: &PrinterProfile,
        pin: DrawerPin,
    ) -> Vec<u8> {
        match self {
            Self::EscPos if profile.has_real_time_pulse => {
                command::drawer_pulse_at_once(pin).to_vec()
            }
            _ => self.drawer_pulse(pin),
        }
    }

    /// A beep, where it has a beeper.
    pub(in crate::printer) fn beep(self, profile: &PrinterProfile) -> Vec<u8> {
        match (self, profile.buzzer) {
            (Self::EscPos, Buzzer::EscB) => command::BEEP.to_vec(),
            (Self::EscPos, Buzzer::EscParenthesisA) => command::BEEP_EPSON.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Feeds and cuts, or feeds so far that the paper can be torn off.
    pub(super) fn cut(self, profile: &PrinterProfile) -> Vec<u8> {
        match self {
            _ if !profile.has_cutter => vec![command::LINE_FEED; TEAR_OFF_ROWS],
            Self::EscPos => command::FEED_AND_CUT.to_vec(),
            Self::Star => star::FEED_AND_CUT.to_vec(),
        }
    }

    pub(super) fn align(self, align: Align) -> Vec<u8> {
        match self {
            Self::EscPos => command::align(align).to_vec(),
            Self::Star => star::align(align).to_vec(),
        }
    }

    pub(super) fn bold(self, is_bold: bool) -> Vec<u8> {
        match self {
            Self::EscPos => command::bold(is_bold).to_vec(),
            Self::Star => star::bold(is_bold).to_vec(),
        }
    }

    pub(super) fn size(self, size: TextSize) -> Vec<u8> {
        match self {
            Self::EscPos => command::size(size).to_vec(),
            Self::Star => star::size(size).to_vec(),
        }
    }

    /// The commands that draw a code; nothing where there are none for it.
    pub(super) fn code(self, code: &Code) -> Option<Vec<u8>> {
        match self {
            Self::EscPos => code.esc_pos(),
            Self::Star => star::code(code),
        }
    }

    /// A band of dots.
    pub(super) fn raster(self, band: &Bitmap) -> Vec<u8> {
        let mut bytes = match self {
            Self::EscPos => command::RASTER.to_vec(),
            Self::Star => star::RASTER.to_vec(),
        };
        bytes.extend(length(band.width_bytes()));
        bytes.extend(length(band.height_dots()));
        if self == Self::Star {
            // Black.
            bytes.push(0x00);
        }
        bytes.extend(band.bytes());
        bytes
    }
}

/// Both numbers are bounded far below 65,536, by the columns of paper and the rows of a band.
fn length(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}
