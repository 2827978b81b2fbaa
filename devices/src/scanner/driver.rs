use std::io;
use std::time::{Duration, Instant};

use super::contract::Scan;
use super::frame::{FrameDecoder, ScannerSettings};
use super::keyboard::KeyDecoder;
use crate::port::Port;
use crate::worker::{Condition, Driver, Rhythm};

/// What a scanner needs whose last code was none: its line may be set to another speed.
pub const UNREADABLE_CODE: &str = "unreadable_code";
/// How long a look waits for a scan: so long a driver does not notice that nobody needs it.
const LOOK: Duration = Duration::from_millis(100);

/// What can be asked of a scanner: nothing. Whether it beeps is its own affair.
#[derive(Clone, Copy, Debug)]
pub enum ScannerTask {}

enum Decoder {
    Frames(FrameDecoder),
    Keys(KeyDecoder),
}

/// A scanner at its port. It never answers: that it is gone only the port can tell, and whoever
/// wants to know that it works has to scan something.
pub struct ScannerDriver {
    decoder: Decoder,
    on_scan: Box<dyn FnMut(Scan) + Send>,
    /// When something last came.
    heard: Instant,
}

impl ScannerDriver {
    /// A scanner that sends the characters of its codes. `on_scan` is called on the scanner's own
    /// thread, as soon as a code has ended.
    #[must_use]
    pub fn new(settings: ScannerSettings, on_scan: Box<dyn FnMut(Scan) + Send>) -> Self {
        Self::with(Decoder::Frames(FrameDecoder::new(settings)), on_scan)
    }

    /// A scanner that is a keyboard, read at its [`crate::port::PortAddress::Input`].
    #[must_use]
    pub fn keyboard(settings: ScannerSettings, on_scan: Box<dyn FnMut(Scan) + Send>) -> Self {
        Self::with(Decoder::Keys(KeyDecoder::new(settings)), on_scan)
    }

    fn with(decoder: Decoder, on_scan: Box<dyn FnMut(Scan) + Send>) -> Self {
        Self { decoder, on_scan, heard: Instant::now() }
    }

    const fn frames(&mut self) -> &mut FrameDecoder {
        match &mut self.decoder {
            Decoder::Frames(frames) => frames,
            Decoder::Keys(keys) => keys.frames(),
        }
    }

    fn condition(&mut self) -> Condition {
        if self.frames().is_unreadable() {
            Condition::Needs(UNREADABLE_CODE)
        } else {
            Condition::Ready
        }
    }
}

impl Driver for ScannerDriver {
    type Task = ScannerTask;

    /// What was scanned while nobody listened is nobody's any more.
    fn begin(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        port.discard_input()?;
        Ok(self.condition())
    }

    fn perform(&mut self, _: &mut dyn Port, task: ScannerTask) -> io::Result<Condition> {
        match task {}
    }

    fn look(&mut self, port: &mut dyn Port) -> io::Result<Condition> {
        let patience = self.frames().patience();
        let left = patience.map(|patience| patience.saturating_sub(self.heard.elapsed()));
        let mut buffer = [0; 1024];
        let count = port.read(&mut buffer, left.unwrap_or(LOOK).min(LOOK))?;
        if count > 0 {
            self.heard = Instant::now();
            let bytes = buffer.get(..count).unwrap_or_default();
            let scans = match &mut self.decoder {
                Decoder::Frames(frames) => frames.push(bytes),
                Decoder::Keys(keys) => keys.push(bytes),
            };
            scans.into_iter().for_each(&mut self.on_scan);
        } else if patience.is_some_and(|patience| self.heard.elapsed() >= patience)
            && let Some(scan) = self.frames().silence()
        {
            (self.on_scan)(scan);
        }
        Ok(self.condition())
    }

    fn rhythm(&self) -> Rhythm {
        Rhythm::Listens
    }

    fn refuse(&mut self, task: ScannerTask) {
        match task {}
    }

    fn end(&mut self) {
        match &mut self.decoder {
            Decoder::Frames(frames) => frames.forget(),
            Decoder::Keys(keys) => keys.forget(),
        }
    }
}
