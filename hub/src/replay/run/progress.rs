use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// How often a line is written where nobody watches it move.
const BASKETS_PER_LINE: u64 = 1_000;
/// How often the line on a terminal moves.
const BASKETS_PER_MOVE: u64 = 50;

/// Says on standard error how far the run is.
pub(super) struct Progress {
    baskets: u64,
    begun: Instant,
    sold: AtomicU64,
    is_terminal: bool,
}

impl Progress {
    pub(super) fn new(baskets: u64, begun: Instant) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self { baskets, begun, sold: AtomicU64::new(0), is_terminal }
    }

    pub(super) fn sold(&self) {
        // A basket left open by an earlier run is met twice, so the count may not pass the file's.
        let sold = (self.sold.fetch_add(1, Ordering::Relaxed) + 1).min(self.baskets);
        if sold == 1 {
            let ms = self.begun.elapsed().as_millis();
            say(&format!("replay: the first sale {ms} ms after the start\n"));
        }
        let every = if self.is_terminal { BASKETS_PER_MOVE } else { BASKETS_PER_LINE };
        if sold.is_multiple_of(every) || sold == 1 {
            self.say(sold);
        }
    }

    pub(super) fn finish(&self) {
        self.say(self.sold.load(Ordering::Relaxed).min(self.baskets));
        if self.is_terminal {
            say("\n");
        }
    }

    /// Says something else, on a line of its own.
    pub(super) fn note(&self, text: &str) {
        let begin = if self.is_terminal { "\r" } else { "" };
        say(&format!("{begin}replay: {text}\n"));
    }

    fn say(&self, sold: u64) {
        let (begin, end) = if self.is_terminal { ("\r", "") } else { ("", "\n") };
        say(&format!("{begin}replay: {sold} of {} baskets sold{end}", self.baskets));
    }
}

/// Whoever closed standard error does not want to know.
fn say(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
