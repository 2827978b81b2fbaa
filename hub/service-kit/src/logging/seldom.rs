//! A library that complains of every message, as a broker does whose disk is full, would fill the
//! log, maybe on that very disk. Each of its complaints is said at once, and again from time to
//! time for as long as it goes on.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Filter};

/// The libraries that do that, as the log names them.
const LIBRARIES: &[&str] = &["mqtt5"];
/// How long one line of code of theirs is silent after it has complained.
const SILENCE: Duration = Duration::from_secs(10);

/// Leaves out what was said a moment ago.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    /// When each line of code last complained: as many as the libraries have.
    said: Mutex<HashMap<Identifier, Instant>>,
}

impl Seldom {
    fn lets_through(&self, metadata: &Metadata<'_>, now: Instant) -> bool {
        let library = metadata.target().split("::").next().unwrap_or_default();
        // Whoever asks for details wants all of them.
        if *metadata.level() > Level::WARN || !LIBRARIES.contains(&library) {
            return true;
        }
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let last = said.get(&metadata.callsite());
        let is_silent = last.is_some_and(|last| now.duration_since(*last) < SILENCE);
        if !is_silent {
            said.insert(metadata.callsite(), now);
        }
        !is_silent
    }
}

impl<S: Subscriber> Filter<S> for Seldom {
    fn enabled(&self, _metadata: &Metadata<'_>, _context: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _context: &Context<'_, S>) -> bool {
        self.lets_through(event.metadata(), Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tracing_subscriber::Layer as _;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_complaint_of_every_message_is_said_once_and_nothing_else_is_left_out() {
        let lines = Lines::default();
        let made = lines.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || made.clone());
        let log = tracing_subscriber::registry().with(layer.with_filter(Seldom::default()));
        tracing::subscriber::with_default(log, || {
            for number in 0..100 {
                tracing::error!(target: "mqtt5::broker::router", "no room for {number}");
                tracing::warn!(target: "mqtt5::broker::storage", "no file for {number}");
                tracing::info!(target: "mqtt5::broker::router", "details of {number}");
                tracing::error!(target: "mqtt5ish", "ours of {number}");
            }
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let count = |words: &str| text.lines().filter(|line| line.contains(words)).count();
        assert_eq!((count("no room for"), count("no file for")), (1, 1), "{text}");
        assert_eq!((count("details of"), count("ours of")), (100, 100));
    }

    #[test]
    fn what_goes_on_is_said_again() {
        static SEEN: Mutex<Vec<bool>> = Mutex::new(Vec::new());
        struct Clock(Seldom, Instant);
        impl<S: Subscriber> tracing_subscriber::Layer<S> for Clock {
            fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
                for later in [Duration::ZERO, SILENCE / 2, SILENCE, SILENCE + SILENCE / 2] {
                    let is_said = self.0.lets_through(event.metadata(), self.1 + later);
                    SEEN.lock().unwrap().push(is_said);
                }
            }
        }
        let log = tracing_subscriber::registry().with(Clock(Seldom::default(), Instant::now()));
        tracing::subscriber::with_default(log, || tracing::error!(target: "mqtt5", "no room"));
        assert_eq!(*SEEN.lock().unwrap(), [true, false, true, false]);
    }
}
