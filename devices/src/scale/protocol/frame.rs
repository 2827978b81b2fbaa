//! Cutting a stream of bytes into frames.

use super::super::contract::{RAW_BYTES_MAX, Trouble};
use super::{Said, ScaleProtocol};

/// So much nonsense is told at once, so that a line that carries nothing else is soon known.
const NONSENSE_BYTES_MAX: usize = 32;

/// One thing that a scale says, and the bytes that it says it with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What.
    pub said: Said,
    /// With which bytes, 64 at most.
    pub raw: Vec<u8>,
}

/// What held bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The beginning of a frame.
    More,
    /// A byte that begins none.
    Nonsense,
    /// A frame of so many bytes.
    Frame(usize, Said),
}

impl Step {
    /// A frame that says this, or one that cannot be read.
    pub(super) fn frame(length: usize, said: Option<Said>) -> Self {
        Self::Frame(length, said.unwrap_or(Said::Fault(Trouble::Nonsense)))
    }
}

/// Cuts what a scale sends into frames, wherever the line cut it. It holds one frame at most.
#[derive(Clone, Debug)]
pub struct FrameDecoder {
    protocol: ScaleProtocol,
    held: Vec<u8>,
    nonsense: Vec<u8>,
}

impl FrameDecoder {
    /// A decoder of what a scale of this kind sends.
    #[must_use]
    pub const fn new(protocol: ScaleProtocol) -> Self {
        Self { protocol, held: Vec::new(), nonsense: Vec::new() }
    }

    /// Takes bytes as they come; answers the frames that they complete, and nonsense among them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for byte in bytes {
            self.held.push(*byte);
            while !self.held.is_empty() {
                match self.protocol.examine(&self.held) {
                    Step::More if self.held.len() < RAW_BYTES_MAX => break,
                    Step::More | Step::Nonsense => self.drop_first(&mut frames),
                    Step::Frame(length, said) => {
                        frames.extend(self.take_nonsense());
                        let length = length.clamp(1, self.held.len());
                        frames.push(Frame { said, raw: self.held.drain(..length).collect() });
                    }
                }
            }
        }
        frames
    }

    /// The line fell silent: what was begun is not going to be ended.
    pub fn idle(&mut self) -> Option<Frame> {
        self.nonsense.append(&mut self.held);
        self.nonsense.truncate(RAW_BYTES_MAX);
        self.take_nonsense()
    }

    /// Forgets what came.
    pub fn forget(&mut self) {
        self.held.clear();
        self.nonsense.clear();
    }

    fn drop_first(&mut self, frames: &mut Vec<Frame>) {
        let first = self.held.remove(0);
        // What devices like to put between two frames.
        let is_filler = matches!(first, 0 | b' ' | b'\r' | b'\n');
        if is_filler && self.nonsense.is_empty() {
            return;
        }
        self.nonsense.push(first);
        if self.nonsense.len() >= NONSENSE_BYTES_MAX {
            frames.extend(self.take_nonsense());
        }
    }

    fn take_nonsense(&mut self) -> Option<Frame> {
        let raw = std::mem::take(&mut self.nonsense);
        let said = Said::Fault(Trouble::Nonsense);
        (!raw.is_empty()).then_some(Frame { said, raw })
    }
}

/// Compares bytes with a pattern: `#` is any digit, `*` any byte, anything else itself.
pub(super) fn compare(held: &[u8], pattern: &[u8]) -> Likeness {
    let fits = held.iter().zip(pattern).all(|(byte, wanted)| match wanted {
        b'#' => byte.is_ascii_digit(),
        b'*' => true,
        wanted => byte == wanted,
    });
    match (fits, held.len() >= pattern.len()) {
        (false, _) => Likeness::None,
        (true, false) => Likeness::Beginning,
        (true, true) => Likeness::Whole,
    }
}

/// How bytes are like a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Not.
    None,
    /// As far as they go.
    Beginning,
    /// Up to its end; there may be more of them.
    Whole,
}

impl Likeness {
    /// The step that a pattern gives: `said` reads a whole frame.
    pub(super) fn step(self, length: usize, said: impl FnOnce() -> Option<Said>) -> Step {
        match self {
            Self::None => Step::Nonsense,
            Self::Beginning => Step::More,
            Self::Whole => Step::frame(length, said()),
        }
    }
}
