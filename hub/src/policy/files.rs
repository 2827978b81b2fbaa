use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use cloud_bridge::policy::{Kept, KeptBundle, PolicyStore, PolicyStoreError};
use service_kit::files::{make_private, replace_file};

/// The ids of the bundles in force, as a JSON list.
const IN_FORCE: &str = "in_force.json";
/// The manifest of a bundle, in the bundle's own directory; beside it stand the pieces, by number.
const MANIFEST: &str = "manifest.json";

/// Bundles as files, each written as a whole: `{id}/manifest.json`, `{id}/{number}`,
/// `in_force.json`.
#[derive(Debug)]
pub struct PolicyFiles(PathBuf);

impl PolicyFiles {
    /// In this directory, which is made when something is kept.
    #[must_use]
    pub const fn new(directory: PathBuf) -> Self {
        Self(directory)
    }

    fn keep(&self, id: &str, name: &str, content: &[u8]) -> Result<(), PolicyStoreError> {
        let directory = self.0.join(id);
        let path = directory.join(name);
        let kept = make_private(&directory).and_then(|()| replace_file(&path, content));
        kept.map_err(|error| failed("writing", &path, &error))
    }
}

fn failed(doing: &str, path: &Path, error: &io::Error) -> PolicyStoreError {
    PolicyStoreError { doing: format!("{doing} {}", path.display()), reason: error.to_string() }
}

/// What a read found; nothing where there is nothing.
fn found<T>(read: io::Result<T>, path: &Path) -> Result<Option<T>, PolicyStoreError> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("reading", path, &error)),
    }
}

/// The entries of a directory, by name; those with names that we never give are left alone.
fn entries(directory: &Path) -> Result<Vec<(String, PathBuf)>, PolicyStoreError> {
    let Some(listed) = found(fs::read_dir(directory), directory)? else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    for entry in listed {
        let entry = entry.map_err(|error| failed("reading", directory, &error))?;
        entries.extend(entry.file_name().into_string().ok().map(|name| (name, entry.path())));
    }
    entries.sort();
    Ok(entries)
}

fn bundle(id: String, directory: &Path) -> Result<KeptBundle, PolicyStoreError> {
    let mut pieces = BTreeMap::new();
    for (name, path) in entries(directory)? {
        let Ok(number) = name.parse() else { continue };
        // One that cannot be read comes again, as one that is not there: the store opens.
        match found(fs::read(&path), &path) {
            Ok(piece) => pieces.extend(piece.map(|piece| (number, piece))),
            Err(error) => tracing::warn!(%error, "a kept piece of policy"),
        }
    }
    let path = directory.join(MANIFEST);
    let manifest = found(fs::read(&path), &path)?.unwrap_or_default();
    Ok(KeptBundle { id, manifest, pieces })
}

impl PolicyStore for PolicyFiles {
    fn load(&mut self) -> Result<Kept, PolicyStoreError> {
        let mut kept = Kept::default();
        for (name, path) in entries(&self.0)? {
            if path.is_dir() {
                kept.bundles.push(bundle(name, &path)?);
            }
        }
        let path = self.0.join(IN_FORCE);
        if let Some(noted) = found(fs::read(&path), &path)? {
            kept.in_force = serde_json::from_slice(&noted).unwrap_or_else(|error| {
                // The moments of the bundles say the same, as long as the clock is trusted.
                tracing::warn!(%error, "the note of the policy in force does not parse");
                Vec::new()
            });
        }
        Ok(kept)
    }

    fn keep_manifest(&mut self, id: &str, manifest: &[u8]) -> Result<(), PolicyStoreError> {
        self.keep(id, MANIFEST, manifest)
    }

    fn keep_piece(&mut self, id: &str, number: u32, piece: &[u8]) -> Result<(), PolicyStoreError> {
        self.keep(id, &number.to_string(), piece)
    }

    fn forget(&mut self, id: &str) -> Result<(), PolicyStoreError> {
        let directory = self.0.join(id);
        let forgotten = found(fs::remove_dir_all(&directory), &directory);
        forgotten.map(|_| ())
    }

    fn mark_in_force(&mut self, ids: &[String]) -> Result<(), PolicyStoreError> {
        let path = self.0.join(IN_FORCE);
        let text = serde_json::to_vec(ids).unwrap_or_default();
        let kept = make_private(&self.0).and_then(|()| replace_file(&path, &text));
        kept.map_err(|error| failed("writing", &path, &error))
    }
}
