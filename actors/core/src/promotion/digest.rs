//! What tells one set of promotions from every other.

use std::sync::Arc;

use serde_json::Value;

use super::set::PromotionSet;
use crate::Currency;
use crate::policy::promotions::write_set;

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a over what a file of the set says: it tells apart what differs by accident. It stands in
/// facts for ever, so it follows from the words alone, not from how a build lays out its types.
struct Fingerprint(u64);

impl Fingerprint {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// A text with its length, so that no two texts run into each other.
    fn text(&mut self, kind: u8, text: &str) {
        self.bytes(&[kind]);
        self.bytes(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        self.bytes(text.as_bytes());
    }

    /// A value, the keys of a table in the order of their letters.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(table) => {
                let mut keys: Vec<(&String, &Value)> = table.iter().collect();
                keys.sort_by_key(|(key, _)| *key);
                self.text(b'{', &keys.len().to_string());
                for (key, value) in keys {
                    self.text(b'k', key);
                    self.value(value);
                }
            }
            Value::Array(list) => {
                self.text(b'[', &list.len().to_string());
                for value in list {
                    self.value(value);
                }
            }
            Value::String(text) => self.text(b's', text),
            plain => self.text(b'p', &plain.to_string()),
        }
    }
}

/// The digest of a set, as text.
#[must_use]
pub fn digest(set: &PromotionSet) -> Arc<str> {
    let mut state = Fingerprint(OFFSET);
    // Amounts are whole minor units: written in any currency they are told apart.
    state.value(&write_set(set, Currency::USD));
    state.text(b'@', set.store().map_or("", |store| store.as_str()));
    Arc::from(format!("{:016x}", state.0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PromotionSet, digest};
    use crate::Currency;
    use crate::policy::promotions::read;

    fn set(percent: u32) -> PromotionSet {
        let file = json!({ "promotions": [{
            "id": "a",
            "name": { "zh": "甲", "en": "A" },
            "each": { "items": { "items": ["1"] }, "award": { "percent_off": percent } },
        }]});
        read(&file, Currency::TWD).unwrap().set
    }

    #[test]
    fn equal_sets_have_equal_digests_and_a_word_makes_another() {
        assert_eq!(digest(&set(10)), digest(&set(10)));
        assert_ne!(digest(&set(10)), digest(&set(11)));
        assert_ne!(digest(&set(10)), digest(&PromotionSet::default()));
        let store = crate::StoreId::new("7").unwrap();
        assert_ne!(digest(&set(10)), digest(&set(10).for_store(&store, &[])));
    }

    #[test]
    fn a_digest_is_the_same_in_every_build() {
        assert_eq!(&*digest(&set(10)), "4829916781fb3317");
    }
}
