//! What was seen, for a person and for a program.

use std::collections::BTreeMap;

use devices::discovery::{Kind, Reason};
use serde_json::{Value, json};

use crate::peripherals::{Asked, Seen, Spared};

/// Most bytes of a strange answer that are shown.
const STRANGE_BYTES_MAX: usize = 24;

/// What a kind is called.
pub(super) const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::ReceiptPrinter => "receipt printer",
        Kind::Scanner => "scanner",
        Kind::Scale => "scale",
        Kind::CustomerDisplay => "customer display",
        Kind::CardTerminal => "card terminal",
        Kind::SerialAdapter => "serial line",
        Kind::Keyboard => "keyboard",
        Kind::Gpio => "lines for lamps and contacts",
        Kind::Console => "the system's console",
        Kind::Unknown => "unknown",
    }
}

fn because(reason: &Reason) -> String {
    let of = |name: &str| {
        let found = reason.parameters.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    match reason.code {
        "usb_id_known" => {
            let (vendor, product) = (of("vendor"), of("product"));
            format!("the USB numbers {vendor}:{product} are those of {}", of("model"))
        }
        "usb_printer_class" => format!("{} is of the USB class of printers", of("name")),
        "name_says_scanner" => format!("it calls itself {}", of("name")),
        "console" => format!("the system itself talks at {}", of("name")),
        "keyboard" => format!("{} has the keys of a keyboard", of("name")),
        "serial_line" => format!("{} is a line; anything may hang on it", of("name")),
        "named_lines" => format!("{} has {} lines with names", of("chip"), of("lines")),
        "named" => "it was named with --at".to_owned(),
        _ => "nothing is known of it".to_owned(),
    }
}

const fn spared_words(spared: Spared) -> Option<&'static str> {
    match spared {
        Spared::Unwanted | Spared::NoQuestion => None,
        Spared::Console => Some("not asked: it is the system's own"),
        Spared::InUse => Some("not asked: another program has it open; stop the hub to ask it"),
        Spared::OfSettings => Some("not asked: the hub of these settings may be using it"),
    }
}

const fn spared_code(spared: Spared) -> &'static str {
    match spared {
        Spared::Unwanted => "unwanted",
        Spared::Console => "console",
        Spared::NoQuestion => "no_question",
        Spared::InUse => "in_use",
        Spared::OfSettings => "of_settings",
    }
}

fn hex(bytes: &[u8]) -> String {
    let shown = bytes.iter().take(STRANGE_BYTES_MAX).map(|byte| format!("{byte:02x}"));
    shown.collect::<Vec<_>>().join(" ")
}

fn answer_words(asked: &Asked) -> Option<String> {
    match asked {
        Asked::Not(spared) => spared_words(*spared).map(str::to_owned),
        Asked::Answered(answered) => Some(format!(
            "it answered as a {} does ({})",
            kind_word(answered.kind),
            answered.question
        )),
        Asked::Silent => Some("it answered nothing".to_owned()),
        Asked::Strange(bytes) => Some(format!("it said what answers nothing: {}", hex(bytes))),
        Asked::Failed(error) => Some(format!("it could not be asked: {error}")),
    }
}

/// What a person reads.
pub(super) fn text(seen: &[Seen]) -> String {
    if seen.is_empty() {
        return "nothing is plugged in that could be a device; what is on the network is named \
                with --at"
            .to_owned();
    }
    let mut lines = Vec::new();
    for seen in seen {
        lines.push(seen.place());
        let model = seen.found.model.as_ref().map(|model| format!(", {model}"));
        let kind = kind_word(seen.kind());
        lines.push(format!(
            "  {kind}{}: {}",
            model.unwrap_or_default(),
            because(&seen.found.reason)
        ));
        lines.extend(answer_words(&seen.asked).map(|words| format!("  {words}")));
        if !seen.found.lines.is_empty() {
            lines.push(format!("  {}", seen.found.lines.join(" ")));
        }
        lines.extend(seen.used_by.as_ref().map(|id| format!("  in the settings it is {id}")));
    }
    lines.join("\n")
}

/// What a program reads.
pub(super) fn json(seen: &[Seen]) -> String {
    let all: Vec<Value> = seen.iter().map(value).collect();
    format!("{:#}", Value::from(all))
}

fn value(seen: &Seen) -> Value {
    let found = &seen.found;
    let parameters: BTreeMap<&str, &str> =
        found.reason.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let probe = match &seen.asked {
        Asked::Not(spared) => json!({"outcome": "not_asked", "reason": spared_code(*spared)}),
        Asked::Answered(answered) => json!({
            "outcome": "answered",
            "question": answered.question,
            "answer": hex(&answered.answer),
        }),
        Asked::Silent => json!({"outcome": "silent"}),
        Asked::Strange(bytes) => json!({"outcome": "strange", "answer": hex(bytes)}),
        Asked::Failed(error) => json!({"outcome": "failed", "error": error}),
    };
    json!({
        "address": seen.address().map(ToString::to_string),
        "file": found.file.display().to_string(),
        "kind": seen.kind(),
        "seems": found.kind,
        "model": found.model,
        "maker": found.maker,
        "product": found.product,
        "reason": {"code": found.reason.code, "parameters": parameters},
        "lines": found.lines,
        "used_by": seen.used_by.as_ref().map(ToString::to_string),
        "probe": probe,
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use devices::discovery::{Answered, Found};
    use store_core::DeviceId;

    use super::*;

    fn found(address: &str, kind: Kind, reason: Reason) -> Found {
        Found {
            address: address.parse().ok(),
            file: PathBuf::from("/dev/ttyUSB0"),
            kind,
            model: None,
            maker: None,
            product: None,
            reason,
            lines: Vec::new(),
        }
    }

    fn two() -> Vec<Seen> {
        let line = "serial:/dev/serial/by-id/usb-x@9600,8N1";
        let parameters = vec![("name", "ttyUSB0".to_owned())];
        let scale = found(line, Kind::SerialAdapter, Reason { code: "serial_line", parameters });
        let answered = Answered {
            question: "toledo",
            kind: Kind::Scale,
            address: "serial:/dev/serial/by-id/usb-x@9600,7E1".parse().unwrap(),
            answer: vec![0x02, 0x3f],
        };
        let asked = Asked::Answered(answered);
        let parameters = vec![("name", "ttyS0".to_owned())];
        let reason = Reason { code: "console", parameters };
        let console = found("serial:/dev/ttyS0", Kind::Console, reason);
        vec![
            Seen { found: scale, used_by: Some(DeviceId::from_static("scale-1")), asked },
            Seen { found: console, used_by: None, asked: Asked::Not(Spared::Console) },
        ]
    }

    #[test]
    fn a_person_reads_what_it_is_why_and_what_it_said() {
        assert_eq!(
            text(&two()),
            "serial:/dev/serial/by-id/usb-x@9600,7E1\n  \
             scale: ttyUSB0 is a line; anything may hang on it\n  \
             it answered as a scale does (toledo)\n  \
             in the settings it is scale-1\n\
             serial:/dev/ttyS0@9600,8N1\n  \
             the system's console: the system itself talks at ttyS0\n  \
             not asked: it is the system's own"
        );
        assert!(text(&[]).starts_with("nothing is plugged in"));
    }

    #[test]
    fn a_program_reads_the_same() {
        let read: Value = serde_json::from_str(&json(&two())).unwrap();
        assert_eq!(read[0]["kind"], "scale");
        assert_eq!(read[0]["seems"], "serial_adapter");
        assert_eq!(read[0]["probe"]["answer"], "02 3f");
        assert_eq!(read[1]["probe"], json!({"outcome": "not_asked", "reason": "console"}));
        assert_eq!(read[1]["reason"]["parameters"]["name"], "ttyS0");
    }
}
