use std::fmt;
use std::sync::Arc;

use super::Part;
use crate::catalogue::ImportError;

/// Most faults of one part that are named: somebody who sees a hundred has seen enough.
pub const FAULTS_MAX: usize = 100;

/// One step from a part to a place in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To what stands under a key.
    Key(Arc<str>),
    /// To an entry of a list, from 0.
    Index(usize),
}

/// Where in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a line of its text, from 1.
    Line(u64),
    /// In its JSON; the whole of it where there is no step.
    Path(Vec<Step>),
}

/// Something that is wrong with a part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which part.
    pub part: Part,
    /// Where in it.
    pub place: Place,
    /// A stable code.
    pub code: &'static str,
    /// A sentence.
    pub reason: String,
}

impl Fault {
    /// Of a row of the catalogue.
    #[must_use]
    pub fn of_import(error: &ImportError) -> Self {
        let reason = match &error.column {
            Some(column) => format!("column {column}: {}", error.reason),
            None => error.reason.to_string(),
        };
        Self {
            part: Part::Catalogue,
            place: Place::Line(error.line),
            code: error.reason.code(),
            reason,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = match self {
            Self::Line(line) => return write!(f, "line {line}"),
            Self::Path(steps) if steps.is_empty() => return f.write_str("as a whole"),
            Self::Path(steps) => steps,
        };
        for (number, step) in steps.iter().enumerate() {
            match step {
                Step::Key(key) if number == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                // People count from one.
                Step::Index(index) => write!(f, "[{}]", index.saturating_add(1))?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {} ({})", self.part.name(), self.place, self.reason, self.code)
    }
}
