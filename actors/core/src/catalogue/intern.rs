use std::collections::BTreeSet;
use std::sync::Arc;

/// Keeps one copy of every text: 300,000 items have a few hundred categories.
#[derive(Default)]
pub(super) struct Interner {
    texts: BTreeSet<Arc<str>>,
}

impl Interner {
    pub(super) fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.insert(new.clone());
        new
    }

    /// As [`Self::intern`], asking first whether it is the text of the row before, as it mostly is.
    pub(super) fn intern_after(&mut self, text: &str, before: Option<&Arc<str>>) -> Arc<str> {
        match before {
            Some(before) if **before == *text => before.clone(),
            _ => self.intern(text),
        }
    }
}
