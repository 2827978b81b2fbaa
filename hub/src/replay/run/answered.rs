use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use store_core::TransactionId;

use super::locked;
use crate::replay::ReplayError;

/// The file of answered completions: a customer was told of each of them.
pub(super) struct Answered {
    file: Option<(PathBuf, Mutex<Noted>)>,
}

struct Noted {
    file: File,
    /// What stands in it, from earlier starts too: an id is noted once.
    ids: HashSet<String>,
}

impl Answered {
    pub(super) fn open(path: Option<&Path>) -> Result<Self, ReplayError> {
        let Some(path) = path else {
            return Ok(Self { file: None });
        };
        let noted = Noted::open(path)
            .map_err(|source| ReplayError::Write { path: path.to_owned(), source })?;
        Ok(Self { file: Some((path.to_owned(), Mutex::new(noted))) })
    }

    /// Notes a completion. It is in the kernel's hands on return, so that it outlives the process;
    /// it is not synced, for it need not outlive the power.
    pub(super) fn note(&self, transaction: TransactionId) -> Result<(), ReplayError> {
        let Some((path, noted)) = &self.file else {
            return Ok(());
        };
        locked(noted)
            .note(transaction.to_string())
            .map_err(|source| ReplayError::Write { path: path.clone(), source })
    }
}

impl Noted {
    fn open(path: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => String::new(),
            Err(fault) => return Err(fault),
        };
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        Ok(Self { file, ids: text.lines().map(str::to_owned).collect() })
    }

    fn note(&mut self, id: String) -> io::Result<()> {
        if self.ids.contains(&id) {
            return Ok(());
        }
        // One write for the whole line: a kill leaves all of it or nothing.
        self.file.write_all(format!("{id}\n").as_bytes())?;
        self.file.flush()?;
        self.ids.insert(id);
        Ok(())
    }
}
