use std::collections::BTreeMap;

use store_core::TransactionId;

/// The numbers of a sale's papers beside its receipt. One that was given is not given again while
/// its paper is on the way into the journal, where the next one asks for the last.
#[derive(Debug, Default)]
pub struct PaperNumbers(BTreeMap<TransactionId, UnderWay>);

#[derive(Debug, Default)]
struct UnderWay {
    last: u32,
    papers: u32,
}

impl PaperNumbers {
    /// The number of a sale's next paper, where the journal's last has this one; 0 for none, or
    /// for the receipt. Each is followed by [`Self::settled`].
    pub fn give(&mut self, transaction: TransactionId, in_journal: u32) -> u32 {
        let under_way = self.0.entry(transaction).or_default();
        under_way.last = under_way.last.max(in_journal).saturating_add(1);
        under_way.papers += 1;
        under_way.last
    }

    /// A paper is in the journal, or will not be. The first, 0, needs no number.
    pub fn settled(&mut self, transaction: TransactionId, number: u32) {
        let Some(under_way) = self.0.get_mut(&transaction).filter(|_| number > 0) else { return };
        under_way.papers = under_way.papers.saturating_sub(1);
        if under_way.papers == 0 {
            self.0.remove(&transaction);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn papers_that_are_under_way_together_have_a_number_each() {
        let sale = |id| TransactionId::new(Uuid::from_u128(id));
        let mut numbers = PaperNumbers::default();
        // A copy is asked for, and before it is in the journal the sale is undone.
        assert_eq!(numbers.give(sale(1), 0), 1);
        assert_eq!(numbers.give(sale(1), 0), 2, "the paper of the undone sale is not lost");
        assert_eq!(numbers.give(sale(2), 4), 5);
        // The first is in the journal, the second not yet.
        numbers.settled(sale(1), 1);
        numbers.settled(sale(1), 0);
        assert_eq!(numbers.give(sale(1), 1), 3);
        numbers.settled(sale(1), 3);
        numbers.settled(sale(1), 2);
        numbers.settled(sale(2), 5);
        // What the journal has is what counts again.
        assert_eq!(numbers.give(sale(1), 3), 4);
        assert_eq!(numbers.0.len(), 1);
    }
}
