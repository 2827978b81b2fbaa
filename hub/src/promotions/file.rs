use std::fmt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;
use service_kit::toml::{Node, line_of};
use store_core::Currency;
use store_core::policy::promotions::{self, Promotions};
use store_core::policy::{Fault, Part, Place, Step};

/// Something that is wrong with a file of promotions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The line, from 1, where the file's format tells it.
    pub line: Option<u64>,
    /// What is wrong, and where in the file.
    pub fault: Fault,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { place, code, reason, .. } = &self.fault;
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "{place}: {reason} ({code})")
    }
}

/// Why promotions could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PromotionFileError {
    /// The file is not there or cannot be read.
    #[error("reading {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
    /// It does not hold.
    #[error("{}, {}", file.display(), first_of(faults))]
    Faulty {
        /// Which file.
        file: PathBuf,
        /// All that is wrong with it, up to a hundred; something is.
        faults: Vec<FileFault>,
    },
}

/// The first fault in words, and how many there are besides.
fn first_of(faults: &[FileFault]) -> String {
    let first = faults.first().map(ToString::to_string).unwrap_or_default();
    match faults.len() {
        0 | 1 => first,
        many => format!("{first}, and {} more", many - 1),
    }
}

/// The promotions of a file, with the lines on which they stand where its format tells them.
#[derive(Debug, Default)]
pub struct Written {
    /// The promotions.
    pub promotions: Promotions,
    toml: Option<(String, Node)>,
}

impl Written {
    /// The line of something, from 1.
    #[must_use]
    pub fn line(&self, path: &[Step]) -> Option<u64> {
        self.toml.as_ref().map(|(text, node)| line_of(text, node.find(path)))
    }
}

/// Reads a file of promotions: TOML, or JSON where its name ends in `.json`.
///
/// # Errors
/// Where it cannot be read, or all that is wrong with it.
pub fn read(path: &Path, currency: Currency) -> Result<Written, PromotionFileError> {
    let content = fs::read(path).map_err(|error| PromotionFileError::Io(path.to_owned(), error))?;
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let read = if is_json { read_json(&content, currency) } else { read_toml(content, currency) };
    read.map_err(|faults| PromotionFileError::Faulty { file: path.to_owned(), faults })
}

fn read_json(content: &[u8], currency: Currency) -> Result<Written, Vec<FileFault>> {
    let value: Value = serde_json::from_slice(content).map_err(|error| {
        let line = u64::try_from(error.line()).ok();
        vec![FileFault { line, ..whole("not_json", error.to_string()) }]
    })?;
    let placed = |fault| FileFault { line: None, fault };
    match promotions::read(&value, currency) {
        Ok(promotions) => Ok(Written { promotions, toml: None }),
        Err(faults) => Err(faults.into_iter().map(placed).collect()),
    }
}

fn read_toml(content: Vec<u8>, currency: Currency) -> Result<Written, Vec<FileFault>> {
    let text = String::from_utf8(content).map_err(|error| {
        let before = error.utf8_error().valid_up_to();
        let line = line_of(&String::from_utf8_lossy(error.as_bytes()), before);
        vec![FileFault {
            line: Some(line),
            ..whole("not_utf8", "the text is not UTF-8".to_owned())
        }]
    })?;
    let node = Node::read(&text).map_err(|error| {
        let line = Some(line_of(&text, error.at));
        vec![FileFault { line, ..whole("not_toml", error.reason) }]
    })?;
    let read = promotions::read(&node.value(), currency);
    let placed = |fault: Fault| {
        let line = match &fault.place {
            Place::Path(path) => line_of(&text, node.find(path)),
            Place::Line(line) => *line,
        };
        FileFault { line: Some(line), fault }
    };
    match read {
        Ok(promotions) => Ok(Written { promotions, toml: Some((text, node)) }),
        Err(faults) => Err(faults.into_iter().map(placed).collect()),
    }
}

fn whole(code: &'static str, reason: String) -> FileFault {
    let fault = Fault { part: Part::Promotions, place: Place::Path(Vec::new()), code, reason };
    FileFault { line: None, fault }
}
