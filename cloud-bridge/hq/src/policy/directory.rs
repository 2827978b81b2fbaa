//! A directory of policy, as a bundle's parts: all of it holds, or all that is wrong is named.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde_json::Value;
use service_kit::toml::{Node, line_of};
use store_core::Currency;
use store_core::catalogue::Catalogue;
use store_core::policy::{Bundle, Fault, Part, People, Place, check_items};

use super::levels::{self, Levels};
use super::people;

/// The files of a directory, each of which may be missing, and the parts that they become.
const FILES: [(&str, Part); 7] = [
    ("catalogue.csv", Part::Catalogue),
    ("people.toml", Part::People),
    ("reasons.toml", Part::Reasons),
    ("favourites.toml", Part::Favourites),
    ("safety_stock.csv", Part::SafetyStock),
    ("settings.toml", Part::Settings),
    ("promotions.toml", Part::Promotions),
];

/// Something that is wrong with a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// A stable code.
    pub code: &'static str,
    /// A sentence.
    pub reason: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {} ({})", self.file, self.line, self.reason, self.code)
    }
}

/// What was pushed before: what a directory leaves out is checked against it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The last catalogue.
    pub catalogue: Option<std::sync::Arc<Catalogue>>,
    /// The last people.
    pub people: Option<std::sync::Arc<People>>,
}

/// The parts of a bundle that holds.
#[derive(Debug)]
pub struct Draft {
    /// Each as it will travel.
    pub parts: BTreeMap<Part, Vec<u8>>,
}

/// A file that is TOML, with its text.
struct Written {
    file: &'static str,
    text: String,
    node: Node,
}

#[derive(Default)]
struct Reading {
    /// What amounts are in, where that is known.
    currency: Option<Currency>,
    faults: Vec<FileFault>,
    bundle: Bundle,
    parts: BTreeMap<Part, Vec<u8>>,
    written: BTreeMap<Part, Written>,
    levels: Option<Levels>,
}

/// Reads a directory and checks all of it, each file against the others and against what was
/// pushed before.
///
/// # Errors
/// All that is wrong with it.
pub fn read_directory(
    directory: &Path,
    currency: Option<Currency>,
    known: &Known,
) -> Result<Draft, Vec<FileFault>> {
    let mut files = files(directory)?;
    let mut reading = Reading { currency, ..Reading::default() };
    if let Some(csv) = files.remove(&Part::Catalogue) {
        reading.catalogue(csv, currency);
    }
    let levels = files.remove(&Part::SafetyStock);
    let mut pins = Vec::new();
    let mut people = None;
    for (part, content) in files {
        let Some(mut value) = reading.toml(part, content) else { continue };
        if part == Part::People {
            let (taken, wrong) = people::take_pins(&mut value);
            pins = taken;
            for (path, code, reason) in wrong {
                reading.note(Fault { part, place: Place::Path(path), code, reason });
            }
            people = Some(value.clone());
        }
        reading.part(part, &value);
    }
    // A catalogue that does not hold says nothing of the items that are in it.
    let has_faulty_catalogue = reading.bundle.catalogue.is_none()
        && reading.faults.iter().any(|fault| fault.file == "catalogue.csv");
    let catalogue = reading.bundle.catalogue.clone().or_else(|| known.catalogue.clone());
    if !has_faulty_catalogue {
        if let Some(csv) = levels {
            reading.levels(&csv, catalogue.as_deref());
        }
        reading.check_items(catalogue.as_deref());
    }
    if !reading.faults.is_empty() {
        return Err(reading.faults);
    }
    if let Some(mut value) = people {
        let hashed = people::put_hashes(&mut value, &pins, known.people.as_deref());
        hashed.map_err(|error| vec![whole("people.toml", "not_hashed", error.to_string())])?;
        reading.part(Part::People, &value);
    }
    if reading.faults.is_empty() { Ok(Draft { parts: reading.parts }) } else { Err(reading.faults) }
}

fn whole(file: &str, code: &'static str, reason: String) -> FileFault {
    FileFault { file: file.to_owned(), line: 1, code, reason }
}

/// The files that are there. One that we do not know may be a slip of the pen.
fn files(directory: &Path) -> Result<BTreeMap<Part, Vec<u8>>, Vec<FileFault>> {
    let shown = directory.display().to_string();
    let unreadable = |error: std::io::Error| {
        vec![whole(&shown, "unreadable", format!("it cannot be read: {error}"))]
    };
    let mut found = BTreeMap::new();
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.ends_with(".md") {
            continue;
        }
        let Some((_, part)) = FILES.iter().find(|(file, _)| *file == name) else {
            let names = FILES.map(|(file, _)| file).join(", ");
            faults.push(whole(&name, "unknown_file", format!("policy consists of {names}")));
            continue;
        };
        let path = directory.join(&name);
        let size = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        if size > part.size_max() {
            let reason = format!("the file is larger than {} bytes", part.size_max());
            faults.push(whole(&name, "file_too_large", reason));
            continue;
        }
        match std::fs::read(&path) {
            Ok(content) => drop(found.insert(*part, content)),
            Err(error) => {
                let reason = format!("it cannot be read: {error}");
                faults.push(whole(&name, "unreadable", reason));
            }
        }
    }
    if found.is_empty() && faults.is_empty() {
        faults.push(whole(
            &shown,
            "nothing_to_push",
            "there is no file of policy in it".to_owned(),
        ));
    }
    faults.sort_by(|one, other| one.file.cmp(&other.file));
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

impl Reading {
    fn catalogue(&mut self, csv: Vec<u8>, currency: Option<Currency>) {
        let Some(currency) = currency else {
            let reason = "the currency of its prices is not known yet: name it with --currency";
            return self.faults.push(whole("catalogue.csv", "no_currency", reason.to_owned()));
        };
        let parts = BTreeMap::from([(Part::Catalogue, csv)]);
        match Bundle::read(&parts, currency) {
            Ok(read) => {
                self.bundle.catalogue = read.catalogue;
                self.parts.extend(parts);
            }
            Err(faults) => faults.into_iter().for_each(|fault| self.note(fault)),
        }
    }

    /// The value of a TOML file.
    fn toml(&mut self, part: Part, content: Vec<u8>) -> Option<Value> {
        let file = FILES.iter().find(|(_, of)| *of == part).map_or("", |(file, _)| *file);
        let text = match String::from_utf8(content) {
            Ok(text) => text,
            Err(error) => {
                let before = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let (line, reason) = (line_of(&text, before), "the text is not UTF-8".to_owned());
                self.faults.push(FileFault {
                    file: file.to_owned(),
                    line,
                    code: "not_utf8",
                    reason,
                });
                return None;
            }
        };
        match Node::read(&text) {
            Ok(node) => {
                let value = node.value();
                self.written.insert(part, Written { file, text, node });
                Some(value)
            }
            Err(error) => {
                let (line, reason) = (line_of(&text, error.at), error.reason);
                self.faults.push(FileFault {
                    file: file.to_owned(),
                    line,
                    code: "not_toml",
                    reason,
                });
                None
            }
        }
    }

    /// Reads a part as a store will read it.
    fn part(&mut self, part: Part, value: &Value) {
        let currency = match (part, self.currency) {
            (Part::Promotions, None) => {
                let reason =
                    "the currency of its amounts is not known yet: name it with --currency";
                return self.faults.push(whole(
                    "promotions.toml",
                    "no_currency",
                    reason.to_owned(),
                ));
            }
            // No other part has amounts.
            (_, currency) => currency.unwrap_or(Currency::TWD),
        };
        match self.bundle.read_value(part, value, currency) {
            Ok(()) => {
                self.parts.insert(part, serde_json::to_vec(value).unwrap_or_default());
            }
            Err(faults) => faults.into_iter().for_each(|fault| self.note(fault)),
        }
    }

    fn levels(&mut self, csv: &[u8], catalogue: Option<&Catalogue>) {
        match levels::read(csv, catalogue) {
            Ok(read) => {
                let value = read.value.clone();
                self.levels = Some(read);
                self.part(Part::SafetyStock, &value);
            }
            Err(faults) => self.faults.extend(faults),
        }
    }

    fn check_items(&mut self, catalogue: Option<&Catalogue>) {
        let faults = match catalogue {
            Some(catalogue) => check_items(&self.bundle, catalogue),
            None if self.bundle.favourites.is_some() => vec![Fault {
                part: Part::Favourites,
                place: Place::Path(Vec::new()),
                code: "no_catalogue",
                reason: "there is no catalogue that the items could be in: push one with it"
                    .to_owned(),
            }],
            None => Vec::new(),
        };
        faults.into_iter().for_each(|fault| self.note(fault));
    }

    /// Notes a fault by the file and line that the part was made of.
    fn note(&mut self, fault: Fault) {
        let Fault { part, place, code, reason } = fault;
        let (file, line) = match (&place, self.written.get(&part)) {
            (Place::Line(line), _) => ("catalogue.csv", *line),
            (Place::Path(path), Some(Written { file, text, node })) => {
                (*file, line_of(text, node.find(path)))
            }
            (Place::Path(_), None) if part == Part::Catalogue => ("catalogue.csv", 1),
            (Place::Path(path), None) => ("safety_stock.csv", self.line_of_level(path)),
        };
        // The place within the line, where a line has several things.
        let reason = match &place {
            Place::Path(path) if !path.is_empty() => format!("{place}: {reason}"),
            _ => reason,
        };
        self.faults.push(FileFault { file: file.to_owned(), line, code, reason });
    }

    fn line_of_level(&self, path: &[store_core::policy::Step]) -> u64 {
        let index = path.iter().find_map(|step| match step {
            store_core::policy::Step::Index(index) => Some(*index),
            store_core::policy::Step::Key(_) => None,
        });
        let lines = self.levels.as_ref().map(|levels| levels.lines.as_slice()).unwrap_or_default();
        index.and_then(|index| lines.get(index)).copied().unwrap_or(1)
    }
}
