//! Which files are the project, and what each is.

use std::fs;
use std::process::Command;

use crate::support;

/// A text file of the repository.
pub struct SourceFile {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl SourceFile {
    /// A file, or something that is looked at as if it were one.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The path's parts, the file's name last.
    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }

    /// The file's name without its extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub fn is_script(&self) -> bool {
        [".js", ".mjs", ".ts"].iter().any(|ending| self.path.ends_with(ending))
    }

    /// Code that others wrote and we keep as it came, or rows rather than sentences.
    pub fn is_foreign(&self) -> bool {
        let parts = self.parts();
        ["vendor", "vendored", "data", "golden", "snapshots"].iter().any(|dir| parts.contains(dir))
    }

    /// Code that runs only where the project is tested or measured.
    pub fn is_test(&self) -> bool {
        let parts = self.parts();
        let is_in = |dir: &&str| parts.contains(dir);
        ["tests", "benches", "examples", "fuzz"].iter().any(is_in)
            || self.stem() == "tests"
            || self.path.contains(".test.")
    }

    /// Rust that runs in a store.
    pub fn is_production(&self) -> bool {
        self.is_rust() && !self.is_test() && self.stem() != "build"
    }
}

/// The text files of the project: what git tracks or would track, else what a walk finds.
pub fn tracked_files() -> Vec<SourceFile> {
    let paths = listed_by_git().unwrap_or_else(walked);
    let read = |path: String| {
        // A file removed but not yet committed, or a picture, has no text.
        let text = fs::read_to_string(support::root().join(&path)).ok()?;
        Some(SourceFile { path, text })
    };
    paths.into_iter().filter_map(read).collect()
}

fn listed_by_git() -> Option<Vec<String>> {
    let output = Command::new("git")
        .current_dir(support::root())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let paths: Vec<_> =
        text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    (output.status.success() && !paths.is_empty()).then_some(paths)
}

/// What stands in the directory, without what is built or installed there.
pub fn walked() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(support::root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let is_made = ["target", "node_modules", ".git", "artefacts"].contains(&name.as_str());
            let path = format!("{folder}{name}");
            match entry.file_type().unwrap() {
                _ if is_made => {}
                kind if kind.is_dir() => folders.push(format!("{path}/")),
                _ => found.push(path),
            }
        }
    }
    found
}
