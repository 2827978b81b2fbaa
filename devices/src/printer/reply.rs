/// What a printer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A status byte, for whichever question was asked.
    Status(u8),
    /// A job's mark: what stands before it is on paper.
    Mark([u8; 4]),
}

/// Reads a printer's answers byte by byte. Answers that nobody asked for can stand between: dots
/// of a picture may look like a question, and a printer that was restarted says hello.
#[derive(Debug, Default)]
pub(super) struct ReplyReader {
    mark: Vec<u8>,
}

/// Bytes of a mark's answer.
const MARK_BYTES: usize = 7;

impl ReplyReader {
    pub(super) fn push(&mut self, byte: u8) -> Option<Reply> {
        let is_expected = match self.mark.len() {
            0 => byte == 0x37,
            1 => byte == 0x22,
            2..=5 => (0x20..=0x7e).contains(&byte),
            _ => byte == 0x00,
        };
        if !is_expected {
            self.mark.clear();
            if byte == 0x37 {
                self.mark.push(byte);
            }
            return (byte & 0x93 == 0x12).then_some(Reply::Status(byte));
        }
        self.mark.push(byte);
        if self.mark.len() < MARK_BYTES {
            return None;
        }
        match std::mem::take(&mut self.mark).as_slice() {
            [_, _, a, b, c, d, _] => Some(Reply::Mark([*a, *b, *c, *d])),
            _ => None,
        }
    }

    pub(super) fn clear(&mut self) {
        self.mark.clear();
    }
}
