use std::time::Duration;

use super::PrinterPauses;

#[test]
fn a_printer_that_stays_off_is_asked_less_and_less_often_but_always_again() {
    let pauses = PrinterPauses::default();
    let next = |pause: &Duration| Some(pauses.after(*pause));
    let seconds: Vec<_> =
        std::iter::successors(Some(pauses.first), next).take(7).map(|it| it.as_secs()).collect();
    assert_eq!(seconds, [2, 4, 8, 16, 30, 30, 30]);
}
