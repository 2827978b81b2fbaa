//! What the files call ways of paying, exactly as it is written there, and what each of them is.
//! A name that nobody has looked at is refused: guessed wrongly, it would book money elsewhere.

use crate::replay::plan::{TENDER_CARD, TENDER_CASH};

/// The names of the files. One till of the synthetic year has a blank at its key for cash.
const NAMES: [(&str, &str); 3] =
    [("card", TENDER_CARD), ("cash", TENDER_CASH), ("cash ", TENDER_CASH)];

/// The way of paying that a file means by a name.
///
/// # Errors
/// A sentence, where the table has no such name.
pub fn tender_type(name: &str) -> Result<&'static str, String> {
    let known = NAMES.iter().find(|(written, _)| *written == name);
    known.map(|(_, tender_type)| *tender_type).ok_or_else(|| {
        let names: Vec<String> = NAMES.iter().map(|(written, _)| format!("{written:?}")).collect();
        format!("{name:?} is no way of paying that is known: {}", names.join(", "))
    })
}
