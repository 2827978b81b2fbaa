use store_core::receipt::TextSize;

use super::{Bars, CODE_BYTES_MAX, Command, Printed, Step, align, raster, text_of, unknown};
use crate::printer::profile::DrawerPin;

/// The command that comes next; nothing where it is text.
pub(super) fn step(rest: &[u8]) -> Option<Step> {
    match rest {
        [0x10 | 0x1b | 0x1c | 0x1d] => Some(Step::More),
        [0x10, after @ ..] => Some(real_time(after)),
        [0x1b, after @ ..] => Some(escape(after)),
        [0x1c, after @ ..] => Some(field(after)),
        [0x1d, after @ ..] => Some(group(after)),
        _ => None,
    }
}

fn real_time(after: &[u8]) -> Step {
    match after {
        [0x14 | 0x04] => Step::More,
        [0x04, _, ..] => Step::Take(3, Command::RealTime),
        [0x14, arguments @ ..] if arguments.len() < 3 => Step::More,
        [0x14, 0x01, ..] => Step::Take(5, Command::RealTime),
        _ => Step::Take(1, Command::Pass),
    }
}

fn escape(after: &[u8]) -> Step {
    match after {
        [] => Step::More,
        [0x40, ..] => Step::Take(2, Command::Init),
        [0x32, ..] => Step::Take(2, Command::Pass),
        [0x45 | 0x61 | 0x64 | 0x74 | 0x33 | 0x21 | 0x2d | 0x52] => Step::More,
        [0x45, n, ..] => Step::Take(3, Command::Bold(n & 1 == 1)),
        [0x61, n, ..] => Step::Take(3, Command::Align(align(*n))),
        [0x64, n, ..] => Step::Take(3, Command::Feed(usize::from(*n))),
        [0x74 | 0x33 | 0x21 | 0x2d | 0x52, _, ..] => Step::Take(3, Command::Pass),
        [0x70, arguments @ ..] if arguments.len() < 3 => Step::More,
        [0x70, pin, ..] => Step::Take(5, Command::Act(Printed::DrawerPulse(drawer_pin(*pin)))),
        [0x42, arguments @ ..] if arguments.len() < 2 => Step::More,
        [0x42, ..] => Step::Take(4, Command::Act(Printed::Beep)),
        [0x28, arguments @ ..] => parenthesis(arguments, |name, _| match name {
            0x41 => Command::Act(Printed::Beep),
            _ => Command::Pass,
        }),
        [other, ..] => unknown(0x1b, *other),
    }
}

/// The pin that a pulse is for.
pub(in crate::printer) const fn drawer_pin(n: u8) -> DrawerPin {
    match n {
        1 | 0x31 => DrawerPin::Pin5,
        _ => DrawerPin::Pin2,
    }
}

fn field(after: &[u8]) -> Step {
    match after {
        [] => Step::More,
        [0x26, ..] => Step::Take(2, Command::Chinese(true)),
        [0x2e, ..] => Step::Take(2, Command::Chinese(false)),
        [0x21 | 0x2d] | [0x53] | [0x53, _] => Step::More,
        [0x21 | 0x2d, _, ..] => Step::Take(3, Command::Pass),
        [0x53, ..] => Step::Take(4, Command::Pass),
        [other, ..] => unknown(0x1c, *other),
    }
}

fn group(after: &[u8]) -> Step {
    match after {
        [] | [0x21 | 0x42 | 0x56 | 0x61 | 0x72 | 0x49 | 0x77 | 0x68 | 0x48 | 0x66] => Step::More,
        [0x21, n, ..] => {
            let size = if n & 0x77 == 0 { TextSize::Normal } else { TextSize::Double };
            Step::Take(3, Command::Size(size))
        }
        [0x61, n, ..] => Step::Take(3, Command::Act(Printed::AutomaticStatus(*n != 0))),
        [0x72, ..] => Step::Take(3, Command::Act(Printed::AskedInTurn)),
        [0x68, dots, ..] => Step::Take(3, Command::CodeHeight(*dots)),
        [0x42 | 0x49 | 0x77 | 0x48 | 0x66, _, ..] => Step::Take(3, Command::Pass),
        [0x56, 0x41 | 0x42] => Step::More,
        [0x56, 0x41 | 0x42, _, ..] => Step::Take(4, Command::Act(Printed::Cut)),
        [0x56, _, ..] => Step::Take(3, Command::Act(Printed::Cut)),
        [0x28, arguments @ ..] => parenthesis(arguments, extended),
        [0x6b, arguments @ ..] => bars(arguments),
        [0x76, arguments @ ..] => match arguments {
            [0x30, _, a, b, c, d, dots @ ..] => raster(8, [0x1d, 0x76], [*a, *b, *c, *d], dots),
            [] | [0x30, ..] => Step::More,
            _ => unknown(0x1d, 0x76),
        },
        [other, ..] => unknown(0x1d, *other),
    }
}

/// `ESC ( x` and `GS ( x`: their length is written in them, so any can be passed over.
fn parenthesis(arguments: &[u8], command: impl Fn(u8, &[u8]) -> Command) -> Step {
    let [name, low, high, body @ ..] = arguments else {
        return Step::More;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    body.get(..length).map_or(Step::More, |body| Step::Take(5 + length, command(*name, body)))
}

fn extended(name: u8, body: &[u8]) -> Command {
    match (name, body) {
        (0x48, [0x30, 0x30, a, b, c, d]) => Command::Act(Printed::JobMark([*a, *b, *c, *d])),
        (0x6b, [0x31, 0x43, dots]) => Command::QrDots(*dots),
        (0x6b, [0x31, 0x50, 0x30, text @ ..]) => Command::QrText(text_of(text)),
        (0x6b, [0x31, 0x51, ..]) => Command::QrPrint,
        _ => Command::Pass,
    }
}

/// `GS k`: its kind, then the text with its length, or of the older kinds with a NUL behind it.
fn bars(arguments: &[u8]) -> Step {
    match arguments {
        [] | [0x41..=0x4f] => Step::More,
        [kind @ 0x41..=0x4f, length, text @ ..] => {
            let length = usize::from(*length);
            let Some(text) = text.get(..length) else { return Step::More };
            Step::Take(4 + length, bars_of(*kind, text))
        }
        [kind @ 0x00..=0x06, text @ ..] => match text.iter().position(|byte| *byte == 0) {
            Some(end) if end <= CODE_BYTES_MAX => {
                let text = text.get(..end).unwrap_or_default();
                Step::Take(4 + end, bars_of(kind + 0x41, text))
            }
            None if text.len() <= CODE_BYTES_MAX => Step::More,
            _ => unknown(0x1d, 0x6b),
        },
        _ => unknown(0x1d, 0x6b),
    }
}

fn bars_of(kind: u8, text: &[u8]) -> Command {
    match (kind, text) {
        (0x45, text) => Command::Bars(Bars::Code39, text_of(text)),
        (0x43 | 0x44, digits) => Command::Bars(Bars::Ean, text_of(digits)),
        (0x49, [b'{', b'A'..=b'C', text @ ..]) => Command::Bars(Bars::Code128, text_of(text)),
        _ => Command::Pass,
    }
}
