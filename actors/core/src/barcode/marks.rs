use jiff::civil::Date;

/// Most characters of a lot and of a serial number.
const TEXT_CHARS_MAX: usize = 20;
/// The century of two digits of a year: goods on sale expire in this one.
const CENTURY: i16 = 2000;

/// What a code says about the very piece that bears it, beside what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Which lot it was made in: element 10.
    pub lot: Option<String>,
    /// Which piece it is: element 21.
    pub serial: Option<String>,
    /// Until when its maker vouches for its quality: element 15.
    pub best_before: Option<Date>,
    /// After which day it must not be sold: element 17.
    pub expires: Option<Date>,
}

impl Marks {
    /// Takes an element, if it is one of these. What cannot be read is left out: the code still
    /// says which article it is.
    pub(super) fn take(&mut self, identifier: &str, value: &str) {
        let text = || {
            let fits = !value.is_empty() && value.chars().nth(TEXT_CHARS_MAX).is_none();
            fits.then(|| value.to_owned())
        };
        match identifier {
            "10" => self.lot = text(),
            "21" => self.serial = text(),
            "15" => self.best_before = date(value),
            "17" => self.expires = date(value),
            _ => {}
        }
    }
}

/// Six digits of year, month and day; day 00 is the month's last.
fn date(value: &str) -> Option<Date> {
    if value.len() != 6 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| value.get(range)?.parse::<i8>().ok();
    let (year, month, day) = (part(0..2)?, part(2..4)?, part(4..6)?);
    let first = Date::new(CENTURY + i16::from(year), month, day.max(1)).ok()?;
    Some(if day == 0 { first.last_of_month() } else { first })
}
