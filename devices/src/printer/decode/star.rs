use store_core::receipt::TextSize;

use super::{Bars, CODE_BYTES_MAX, Command, Printed, Step, align, raster, text_of, unknown};
use crate::printer::profile::DrawerPin;

/// The command that comes next; nothing where it is text.
pub(super) fn step(rest: &[u8]) -> Option<Step> {
    match rest {
        [0x1b] => Some(Step::More),
        [0x1b, 0x1d, after @ ..] => Some(group(after)),
        [0x1b, after @ ..] => Some(escape(after)),
        [0x07, ..] => Some(Step::Take(1, Command::Act(Printed::DrawerPulse(DrawerPin::Pin2)))),
        [0x1a, ..] => Some(Step::Take(1, Command::Act(Printed::DrawerPulse(DrawerPin::Pin5)))),
        _ => None,
    }
}

fn escape(after: &[u8]) -> Step {
    match after {
        [0x40, ..] => Step::Take(2, Command::Init),
        [0x45, ..] => Step::Take(2, Command::Bold(true)),
        [0x46, ..] => Step::Take(2, Command::Bold(false)),
        [0x34 | 0x35, ..] => Step::Take(2, Command::Pass),
        [] | [0x06 | 0x61 | 0x64 | 0x2d] | [0x07 | 0x69] | [0x07 | 0x69, _] => Step::More,
        [0x06, 0x01, ..] => Step::Take(3, Command::RealTime),
        [0x61, rows, ..] => Step::Take(3, Command::Feed(usize::from(*rows))),
        [0x64, _, ..] => Step::Take(3, Command::Act(Printed::Cut)),
        [0x2d, _, ..] => Step::Take(3, Command::Pass),
        [0x07, ..] => Step::Take(4, Command::Pass),
        [0x69, height, width, ..] => {
            let is_normal = height & 0x0f == 0 && width & 0x0f == 0;
            let size = if is_normal { TextSize::Normal } else { TextSize::Double };
            Step::Take(4, Command::Size(size))
        }
        [0x1e] | [0x1e, 0x61] => Step::More,
        [0x1e, 0x61, n, ..] => Step::Take(4, Command::Act(Printed::AutomaticStatus(*n & 1 == 1))),
        [0x62, arguments @ ..] => bars(arguments),
        [other, ..] => unknown(0x1b, *other),
    }
}

fn group(after: &[u8]) -> Step {
    match after {
        [] | [0x61 | 0x74] => Step::More,
        [0x61, n, ..] => Step::Take(4, Command::Align(align(*n))),
        [0x74, _, ..] => Step::Take(4, Command::Pass),
        [0x03, arguments @ ..] => match arguments {
            [0x01, a, b, ..] => Step::Take(6, Command::Act(Printed::JobMark([*a, *b, 0, 0]))),
            [_, _, _, ..] => Step::Take(6, Command::Pass),
            _ => Step::More,
        },
        [0x53, arguments @ ..] => match arguments {
            [_, a, b, c, d, _, dots @ ..] => raster(9, [0x1b, 0x1d], [*a, *b, *c, *d], dots),
            _ => Step::More,
        },
        [0x79, arguments @ ..] => qr(arguments),
        _ => unknown(0x1b, 0x1d),
    }
}

fn qr(arguments: &[u8]) -> Step {
    match arguments {
        [] | [0x53] | [0x53, _] => Step::More,
        [0x53, 0x32, dots, ..] => Step::Take(6, Command::QrDots(*dots)),
        [0x53, _, _, ..] => Step::Take(6, Command::Pass),
        [0x50, ..] => Step::Take(4, Command::QrPrint),
        [0x44, _, _, low, high, text @ ..] => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            let text = text.get(..length).map(text_of);
            text.map_or(Step::More, |text| Step::Take(8 + length, Command::QrText(text)))
        }
        [0x44, ..] => Step::More,
        _ => unknown(0x1b, 0x1d),
    }
}

/// Its kind, its letters, its width and its height, and the text up to a mark. The height is said
/// with the code, and so is taken here with it.
fn bars(arguments: &[u8]) -> Step {
    let [kind, _, _, height, text @ ..] = arguments else { return Step::More };
    let Some(end) = text.iter().position(|byte| *byte == 0x1e) else {
        let is_long = text.len() > CODE_BYTES_MAX;
        return if is_long { unknown(0x1b, 0x62) } else { Step::More };
    };
    if end > CODE_BYTES_MAX {
        return unknown(0x1b, 0x62);
    }
    let text = text_of(text.get(..end).unwrap_or_default());
    let bars = match kind & 0x0f {
        2 | 3 => Bars::Ean,
        4 => Bars::Code39,
        6 => Bars::Code128,
        _ => return Step::Take(7 + end, Command::Pass),
    };
    Step::Take(7 + end, Command::BarsOf(bars, text, *height))
}
