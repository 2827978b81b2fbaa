use super::BarcodeError;
use super::symbol::FNC1;

/// Longest address that is read, in characters: the key, its qualifiers and what a maker adds for
/// its own statistics.
const LINK_CHARS_MAX: usize = 512;
/// What may follow the article in the path: variant, lot, serial number, and the serial number
/// that a third party gave.
const QUALIFIERS: [&str; 4] = ["22", "10", "21", "235"];

/// The element strings that a GS1 Digital Link stands for; nothing where the text is none.
///
/// `https://…/01/{article}/10/{lot}?17={expiry}`: any host, any path before the key, capital
/// letters or small. Of the query only what a till understands is taken.
///
/// # Errors
/// [`BarcodeError::TooLong`].
pub(super) fn elements(text: &str) -> Option<Result<String, BarcodeError>> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let key =
        parts.windows(2).position(|two| matches!(two, ["01", article] if is_article(article)));
    let parts = parts.get(key?..)?;
    if text.chars().nth(LINK_CHARS_MAX).is_some() {
        return Some(Err(BarcodeError::TooLong));
    }
    let [_, article, qualifiers @ ..] = parts else { return None };
    let mut elements = format!("01{article:0>14}");
    for two in qualifiers.chunks_exact(2) {
        let [identifier, value] = two else { break };
        if !QUALIFIERS.contains(identifier) {
            break;
        }
        add(&mut elements, identifier, value);
    }
    for pair in query.split(['&', ';']) {
        if let Some((identifier, value)) = pair.split_once('=')
            && is_understood(identifier)
        {
            add(&mut elements, identifier, value);
        }
    }
    Some(Ok(elements))
}

fn is_article(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Dates, weight and price; also lot and serial number, where somebody writes them here.
fn is_understood(identifier: &str) -> bool {
    let is_number = identifier.bytes().all(|byte| byte.is_ascii_digit());
    let is_measure = identifier.starts_with("310") || identifier.starts_with("392");
    matches!(identifier, "10" | "15" | "17" | "21")
        || (is_number && is_measure && identifier.len() == 4)
}

/// Adds an element with a separator before it, which does no harm where none is needed.
fn add(elements: &mut String, identifier: &str, value: &str) {
    let Some(value) = decoded(value) else { return };
    // Of known length: one that is not would take the next element's digits for its own.
    let is_fixed = matches!(identifier, "15" | "17") || identifier.starts_with("310");
    if value.is_empty() || (is_fixed && value.len() != 6) {
        return;
    }
    elements.push(FNC1);
    elements.push_str(identifier);
    elements.push_str(&value);
}

/// A part of an address without its percent signs; nothing where it is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            // `from_str_radix` would take a sign.
            digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}
