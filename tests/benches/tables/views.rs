//! Headquarters' live page, as its stream tells it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use hq::view::ChainView;

use super::headquarters::Headquarters;

/// What never comes within this time does not come.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked whether it has come; no figure depends on it.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// A page that somebody looks at, from the beginning on.
pub struct Page<T>(Arc<Mutex<Vec<(Instant, T)>>>);

impl<T: Send + 'static> Page<T> {
    /// Looks at a business day, today where none is said, and keeps of each view what `of` takes,
    /// with the moment at which the view was there.
    pub fn open(
        hq: &Headquarters,
        day: Option<&str>,
        mut of: impl FnMut(ChainView) -> T + Send + 'static,
    ) -> Self {
        let path = day.map_or_else(String::new, |day| format!("?day={day}"));
        let events = hq.browser().events(&format!("/api/v1/live{path}"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = seen.clone();
        // Ends with the stream.
        std::thread::spawn(move || {
            for (here, said) in events {
                // What is no view is a heartbeat.
                if let Ok(view) = serde_json::from_str(&said) {
                    let taken = of(view);
                    kept.lock().unwrap().push((here, taken));
                }
            }
        });
        Self(seen)
    }

    /// What was seen so far.
    pub fn seen(&self) -> MutexGuard<'_, Vec<(Instant, T)>> {
        self.0.lock().unwrap()
    }

    /// Waits for the first view that is so, and answers when it was there.
    pub fn first(&self, what: &str, is_so: impl Fn(&T) -> bool) -> Instant {
        let begun = Instant::now();
        loop {
            let found = self.seen().iter().find(|(_, view)| is_so(view)).map(|(here, _)| *here);
            if let Some(here) = found {
                return here;
            }
            assert!(begun.elapsed() < PATIENCE, "never on the page: {what}");
            std::thread::sleep(LOOK_INTERVAL);
        }
    }
}
