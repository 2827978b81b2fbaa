use store_core::receipt::{Align, TextSize, text_columns};

use super::Printed;
use crate::printer::codec::Code;

/// The rows of text on paper of so many columns, a picture as its size, a code as its text, a cut
/// as a row of its own.
#[must_use]
pub fn paper_text(printed: &[Printed], columns: usize) -> String {
    let mut out = String::new();
    for each in printed {
        match each {
            Printed::Text { text, align, size, .. } => {
                let factor = if *size == TextSize::Double { 2 } else { 1 };
                let free = columns.saturating_sub(text_columns(text) * factor);
                let margin = match align {
                    Align::Left => 0,
                    Align::Centre => free / 2,
                    Align::Right => free,
                };
                out.extend(std::iter::repeat_n(' ', margin));
                out.push_str(text);
            }
            Printed::Raster(dots) => {
                out.push_str(&format!("[{} x {} dots]", dots.width_dots(), dots.height_dots()));
            }
            Printed::Code(code) => {
                let kind = match code {
                    Code::Qr { .. } => "QR",
                    Code::Code39 { .. } => "Code 39",
                    Code::Ean { .. } => "EAN",
                    Code::Code128 { .. } => "Code 128",
                };
                out.push_str(&format!("[{kind}: {}]", code.text()));
            }
            Printed::Cut => out.push_str("=== cut ==="),
            _ => continue,
        }
        out.push('\n');
    }
    out
}

/// What was printed, receipt by receipt: each ends behind its cut and the mark after it. What
/// follows the last cut is left out, for it is no whole receipt.
#[must_use]
pub fn receipts(printed: &[Printed]) -> Vec<Vec<Printed>> {
    let mut receipts: Vec<Vec<Printed>> = Vec::new();
    let mut open = Vec::new();
    for each in printed {
        if let (Printed::JobMark(_), true, Some(last)) =
            (each, open.is_empty(), receipts.last_mut())
        {
            last.push(each.clone());
            continue;
        }
        open.push(each.clone());
        if *each == Printed::Cut {
            receipts.push(std::mem::take(&mut open));
        }
    }
    receipts
}
