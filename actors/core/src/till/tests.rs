use super::*;
use crate::{Currency, Money};

#[test]
fn notes_and_coins_are_sorted_and_whole() {
    for code in ["TWD", "USD", "EUR", "JPY", "CNY", "HKD", "KRW", "GBP"] {
        let known = denominations(Currency::new(code).unwrap());
        assert!(known.len() > 5, "{code}");
        assert!(known.windows(2).all(|pair| pair[0].minor() > pair[1].minor()), "{code}");
    }
    assert!(denominations(Currency::KWD).is_empty());
    assert_eq!(denominations(Currency::TWD)[0], Money::from_minor(2000, Currency::TWD).unwrap());
}
