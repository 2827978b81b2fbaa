//! Headquarters' live page, as its stream tells it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use hq::view::ChainView;

use super::headquarters::Headquarters;

/// What never comes within this time does not come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A page that somebody looks at, from the beginning on.
pub struct Page<T>(Arc<Seen<T>>);

struct Seen<T> {
    views: Mutex<Vec<(Instant, T)>>,
    more: Condvar,
}

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
        let seen = Arc::new(Seen { views: Mutex::default(), more: Condvar::new() });
        let kept = seen.clone();
        // Ends with the stream.
        std::thread::spawn(move || {
            for (here, said) in events {
                // What is no view is a heartbeat.
                if let Ok(view) = serde_json::from_str(&said) {
                    let taken = of(view);
                    kept.views.lock().unwrap().push((here, taken));
                    kept.more.notify_all();
                }
            }
        });
        Self(seen)
    }

    /// What was seen so far.
    pub fn seen(&self) -> MutexGuard<'_, Vec<(Instant, T)>> {
        self.0.views.lock().unwrap()
    }

    /// Waits for the first view that is so, and answers when it was there.
    pub fn first(&self, what: &str, is_so: impl Fn(&T) -> bool) -> Instant {
        let until = Instant::now() + PATIENCE;
        let (mut seen, mut looked_at) = (self.seen(), 0);
        loop {
            if let Some((here, _)) = seen[looked_at..].iter().find(|(_, view)| is_so(view)) {
                return *here;
            }
            looked_at = seen.len();
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never on the page: {what}");
            seen = self.0.more.wait_timeout(seen, left).unwrap().0;
        }
    }
}
