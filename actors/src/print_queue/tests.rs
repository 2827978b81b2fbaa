use std::time::Duration;

use devices::worker::Condition;

use super::printer::notice_of;
use super::*;

#[test]
fn a_printer_that_stays_off_is_asked_less_and_less_often_but_always_again() {
    let pauses = PrinterPauses::default();
    let next = |pause: &Duration| Some(pauses.after(*pause));
    let seconds: Vec<_> =
        std::iter::successors(Some(pauses.first), next).take(8).map(|it| it.as_secs()).collect();
    assert_eq!(seconds, [1, 2, 4, 8, 16, 30, 30, 30]);
}

#[test]
fn a_register_is_told_what_to_do_about_its_printer() {
    for (condition, notice) in [
        (Condition::Starting, None),
        (Condition::Ready, None),
        (Condition::Needs("paper_low"), None),
        (Condition::Faulty("paper_out"), Some("printer_paper_out")),
        (Condition::Faulty("cover_open"), Some("printer_cover_open")),
        (Condition::Faulty("cutter"), Some("printer_offline")),
        (Condition::Silent, Some("printer_offline")),
        (Condition::Absent, Some("printer_offline")),
    ] {
        assert_eq!(notice_of(condition), notice);
    }
}
