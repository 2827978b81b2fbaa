/// Tells a contact that changed from one that only shook: a level counts once it has stayed for a
/// while.
#[derive(Clone, Debug)]
pub struct Debouncer {
    period_ms: u64,
    settled: Option<bool>,
    /// The last level seen, and since when.
    seen: Option<(bool, u64)>,
}

impl Debouncer {
    /// One for which a level counts after so many milliseconds.
    #[must_use]
    pub const fn new(period_ms: u64) -> Self {
        Self { period_ms, settled: None, seen: None }
    }

    /// The line changed to a level at a time; answers what had settled before that.
    pub fn changed(&mut self, level: bool, at_ms: u64) -> Option<bool> {
        let settled = self.look(at_ms);
        // A level that is seen again has been there since it was first seen.
        if self.seen.is_none_or(|(seen, _)| seen != level) {
            self.seen = Some((level, at_ms));
        }
        settled
    }

    /// What has settled by now, once.
    pub fn look(&mut self, now_ms: u64) -> Option<bool> {
        let due_ms = self.due_ms()?;
        let (level, _) = self.seen?;
        if now_ms < due_ms {
            return None;
        }
        self.settled = Some(level);
        Some(level)
    }

    /// When to look again, where nothing changes until then.
    #[must_use]
    pub fn due_ms(&self) -> Option<u64> {
        let (level, since_ms) = self.seen?;
        (self.settled != Some(level)).then(|| since_ms.saturating_add(self.period_ms))
    }

    /// The level that counts, where there is one yet.
    #[must_use]
    pub const fn settled(&self) -> Option<bool> {
        self.settled
    }
}
