//! Scanners at a serial port: bytes, a suffix, and silence between two codes.

use super::contract::Scan;

/// Silence that ends a code whose suffix was lost, in milliseconds.
pub const IDLE_GAP_MS: u32 = 50;
/// Most bytes of one code; a port that sends more without an end is not a scanner's.
pub const FRAME_BYTES_MAX: usize = 4_096;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// Cuts a stream of bytes into codes: at CR, LF, Tab or ETX, or where the port fell silent. Bytes
/// that are not UTF-8 become the replacement character, which no code contains.
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    held: Vec<u8>,
    is_overlong: bool,
}

impl FrameDecoder {
    /// Takes bytes as they come, cut anywhere; answers the codes that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Scan> {
        let mut scans = Vec::new();
        for byte in bytes {
            match *byte {
                b'\r' | b'\n' | b'\t' | ETX => scans.extend(self.idle()),
                STX => {
                    self.held.clear();
                    self.is_overlong = false;
                }
                _ if self.held.len() >= FRAME_BYTES_MAX => self.is_overlong = true,
                byte => self.held.push(byte),
            }
        }
        scans
    }

    /// The port was silent for [`IDLE_GAP_MS`]: what came before is a code. One that was too long
    /// is dropped whole, because its front alone may be another item's.
    pub fn idle(&mut self) -> Option<Scan> {
        let held = std::mem::take(&mut self.held);
        let is_overlong = std::mem::take(&mut self.is_overlong);
        if held.is_empty() || is_overlong {
            return None;
        }
        Some(Scan::of(&String::from_utf8_lossy(&held)))
    }
}
