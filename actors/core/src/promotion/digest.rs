//! What tells one set of promotions from every other.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::set::PromotionSet;

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a: it tells apart what differs by accident, and the same words give the same digest in
/// every run.
struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
}

/// The digest of a set, as text.
#[must_use]
pub fn digest(set: &PromotionSet) -> Arc<str> {
    let mut state = Fingerprint(OFFSET);
    set.policy().hash(&mut state);
    set.base_points().hash(&mut state);
    set.store().hash(&mut state);
    set.promotions().hash(&mut state);
    Arc::from(format!("{:016x}", state.finish()))
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
    }
}
