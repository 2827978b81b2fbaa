//! What printers say, read byte by byte: answers, marks, and what nobody asked for.

use super::contract::PrinterStatus;
use super::profile::PrinterFamily;

/// One thing that a printer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A status byte of ESC/POS, for whichever question was asked.
    Status(u8),
    /// The paper's state, from behind all that stood before the question.
    InTurn,
    /// A job's mark: what stands before it is on paper. Star's has only its first two characters.
    Mark([u8; 4]),
    /// All of its state: told by itself, or Star's answer.
    State(PrinterState),
}

/// How a printer and its drawer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PrinterState {
    pub(super) status: PrinterStatus,
    /// The level of the drawer's contact.
    pub(super) is_drawer_high: bool,
}

/// Reads a printer's answers. They come one behind the other and are told apart by their fixed
/// bits; what fits nowhere is passed over.
#[derive(Debug)]
pub(super) struct ReplyReader {
    family: PrinterFamily,
    /// Never longer than [`FRAME_BYTES_MAX`].
    frame: Vec<u8>,
}

/// The longest frame that Star's header can tell.
const FRAME_BYTES_MAX: usize = 33;
/// The shortest that has all that is looked at.
const STAR_FRAME_BYTES_MIN: usize = 7;

enum Frame {
    /// No frame begins so.
    No,
    /// It may become one.
    More,
    /// It is one of so many bytes.
    Whole(usize, Reply),
}

impl ReplyReader {
    pub(super) const fn new(family: PrinterFamily) -> Self {
        Self { family, frame: Vec::new() }
    }

    /// Takes a byte; says what it completes: more than one thing where it ends a frame that was
    /// none.
    pub(super) fn push(&mut self, byte: u8) -> Vec<Reply> {
        self.frame.push(byte);
        let mut replies = Vec::new();
        while !self.frame.is_empty() {
            let frame = match self.family {
                PrinterFamily::EscPos => esc_pos(&self.frame),
                PrinterFamily::Star => star(&self.frame),
            };
            let length = match frame {
                Frame::More if self.frame.len() < FRAME_BYTES_MAX => break,
                Frame::Whole(length, reply) => {
                    replies.push(reply);
                    length.min(self.frame.len())
                }
                // What is no frame from its first byte on may be one from its second.
                Frame::More | Frame::No => 1,
            };
            self.frame.drain(..length);
        }
        replies
    }

    /// Bytes that wait for the rest of their frame.
    #[cfg(test)]
    pub(super) const fn held(&self) -> usize {
        self.frame.len()
    }
}

fn esc_pos(frame: &[u8]) -> Frame {
    match frame {
        [0x37, rest @ ..] => esc_pos_mark(rest),
        [status, ..] if status & 0x93 == 0x12 => Frame::Whole(1, Reply::Status(*status)),
        [first, rest @ ..] if first & 0x93 == 0x10 => {
            if rest.iter().take(3).any(|byte| byte & 0x90 != 0) {
                return Frame::No;
            }
            match rest {
                [errors, paper, _, ..] => {
                    Frame::Whole(4, Reply::State(automatic(*first, *errors, *paper)))
                }
                _ => Frame::More,
            }
        }
        // Near its end and at its end are two bits each, which say the same.
        [0x00 | 0x03 | 0x0c | 0x0f, ..] => Frame::Whole(1, Reply::InTurn),
        _ => Frame::No,
    }
}

fn esc_pos_mark(rest: &[u8]) -> Frame {
    let is_mark = rest.iter().take(6).enumerate().all(|(place, byte)| match place {
        0 => *byte == 0x22,
        1..=4 => (0x20..=0x7e).contains(byte),
        _ => *byte == 0x00,
    });
    match rest {
        _ if !is_mark => Frame::No,
        [_, a, b, c, d, _, ..] => Frame::Whole(7, Reply::Mark([*a, *b, *c, *d])),
        _ => Frame::More,
    }
}

/// What a printer of ESC/POS tells by itself.
const fn automatic(first: u8, errors: u8, paper: u8) -> PrinterState {
    let status = if first & 0x20 != 0 {
        PrinterStatus::CoverOpen
    } else if paper & 0x0c != 0 {
        PrinterStatus::PaperOut
    } else if errors & 0x08 != 0 {
        PrinterStatus::Cutter
    } else if errors & 0x64 != 0 {
        PrinterStatus::Error
    } else if first & 0x08 != 0 {
        PrinterStatus::Offline
    } else if paper & 0x03 != 0 {
        PrinterStatus::PaperLow
    } else {
        PrinterStatus::Online
    };
    PrinterState { status, is_drawer_high: first & 0x04 != 0 }
}

/// What four status bytes of ESC/POS say together: of the printer, of what keeps it off line, of
/// its errors, of its paper.
pub(super) const fn asked([printer, cause, errors, paper]: [u8; 4]) -> PrinterState {
    let status = if cause & 0x04 != 0 {
        PrinterStatus::CoverOpen
    } else if cause & 0x20 != 0 || paper & 0x60 != 0 {
        PrinterStatus::PaperOut
    } else if errors & 0x08 != 0 {
        PrinterStatus::Cutter
    } else if cause & 0x40 != 0 || errors & 0x64 != 0 {
        PrinterStatus::Error
    } else if printer & 0x08 != 0 {
        PrinterStatus::Offline
    } else if paper & 0x0c != 0 {
        PrinterStatus::PaperLow
    } else {
        PrinterStatus::Online
    };
    PrinterState { status, is_drawer_high: printer & 0x04 != 0 }
}

fn star(frame: &[u8]) -> Frame {
    match frame {
        [0x1b] | [0x1b, 0x1d] | [0x1b, 0x1d, 0x03] => Frame::More,
        [0x1b, 0x1d, 0x03, 0x01, rest @ ..] => match rest {
            [a, b, _, 0x00, ..] => Frame::Whole(8, Reply::Mark([*a, *b, 0, 0])),
            [_, _, _, _, ..] => Frame::No,
            _ => Frame::More,
        },
        [first, ..] if first & 0x91 == 0x01 => star_state(frame),
        _ => Frame::No,
    }
}

/// Star's state: its length and its version in two bytes, then bits in which three are always 0.
fn star_state(frame: &[u8]) -> Frame {
    let [first, version, state @ ..] = frame else { return Frame::More };
    let length =
        usize::from((first >> 2 & 0x18) | (first >> 1 & 0x07)) + usize::from(version >> 6 & 0x02);
    let is_state = state.iter().take(length.saturating_sub(2)).all(|byte| byte & 0x91 == 0);
    if length < STAR_FRAME_BYTES_MIN || !is_state {
        return Frame::No;
    }
    match state {
        _ if frame.len() < length => Frame::More,
        [printer, errors, other, paper, ..] => {
            let status = if printer & 0x20 != 0 {
                PrinterStatus::CoverOpen
            } else if paper & 0x08 != 0 {
                PrinterStatus::PaperOut
            } else if errors & 0x08 != 0 {
                PrinterStatus::Cutter
            } else if errors & 0x24 != 0 || other & 0x0a != 0 {
                PrinterStatus::Error
            } else if printer & 0x08 != 0 {
                PrinterStatus::Offline
            } else if paper & 0x04 != 0 {
                PrinterStatus::PaperLow
            } else {
                PrinterStatus::Online
            };
            let is_drawer_high = printer & 0x04 != 0;
            Frame::Whole(length, Reply::State(PrinterState { status, is_drawer_high }))
        }
        _ => Frame::No,
    }
}
