use super::Item;
use crate::barcode::narrowed;

/// Every description, folded, one below the other: one pass over one stretch of memory finds a
/// word among 300,000 items.
pub(super) struct SearchText {
    text: Box<str>,
    /// Where each item's description begins in `text`.
    starts: Box<[u32]>,
}

/// A text as it is compared: small letters, full-width characters made plain.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(&mut folded, text);
    folded
}

fn fold_onto(folded: &mut String, text: &str) {
    if text.is_ascii() {
        let start = folded.len();
        folded.push_str(text);
        if let Some(added) = folded.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        folded.extend(text.chars().map(narrowed).flat_map(char::to_lowercase));
    }
}

impl SearchText {
    /// The descriptions of the items, in their order. Beyond 4 GiB nothing is found any more; an
    /// import is far smaller.
    pub(super) fn of(items: &[Item]) -> Self {
        let mut text = String::with_capacity(items.len().saturating_mul(32));
        let mut starts = Vec::with_capacity(items.len());
        for item in items {
            starts.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            fold_onto(&mut text, &item.description);
            text.push('\n');
        }
        Self { text: text.into_boxed_str(), starts: starts.into_boxed_slice() }
    }

    /// Adds the positions of the items that contain every word of a folded text until there are
    /// `limit` of them.
    pub(super) fn find(&self, text: &str, limit: usize, positions: &mut Vec<u32>) {
        // The longest word is the rarest.
        let Some(longest) = text.split_whitespace().max_by_key(|word| word.len()) else {
            return;
        };
        let mut from = 0;
        while positions.len() < limit {
            let Some(rest) = self.text.get(from..) else {
                return;
            };
            let Some(hit) = rest.find(longest) else {
                return;
            };
            let index = self.starts.partition_point(|start| at(*start) <= from + hit);
            let begin = self.starts.get(index.wrapping_sub(1)).map_or(0, |start| at(*start));
            let end = self.starts.get(index).map_or(self.text.len(), |start| at(*start));
            let description = self.text.get(begin..end).unwrap_or_default();
            let position = u32::try_from(index.wrapping_sub(1)).unwrap_or(u32::MAX);
            let is_match = text.split_whitespace().all(|word| description.contains(word));
            if is_match && !positions.contains(&position) {
                positions.push(position);
            }
            from = end;
        }
    }
}

fn at(start: u32) -> usize {
    usize::try_from(start).unwrap_or(usize::MAX)
}
