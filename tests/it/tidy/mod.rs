//! The style, so that nobody has to argue about it.
//!
//! Each rule is a function of one file. Each rule carries what it must catch and what it must
//! spare, and a test shows it both: a rule that can no longer fail is worse than none.

mod files;
mod routes;
mod rules;
mod source;
mod words;

pub use files::tracked_files;
pub use routes::served_routes;
pub use source::code_only;

use files::SourceFile;

/// A rule of the house.
struct Rule {
    /// What the rule says, as a sentence.
    says: &'static str,
    /// The lines of a file, counted from 1, that break it. A whole file breaks it in line 0.
    broken_in: fn(&SourceFile) -> Vec<usize>,
    /// Files, path and text, of which each breaks the rule once.
    catches: &'static [(&'static str, &'static str)],
    /// Files that look alike and hold.
    spares: &'static [(&'static str, &'static str)],
}

#[test]
fn the_repository_is_tidy() {
    let files = tracked_files();
    assert!(files.len() > 30, "only {} files were found: this test looks nowhere", files.len());
    let mut broken = Vec::new();
    for rule in rules::ALL {
        for file in &files {
            for line in (rule.broken_in)(file) {
                broken.push(format!("{}:{line}: {}", file.path, rule.says));
            }
        }
    }
    assert!(broken.is_empty(), "{} findings\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_rule_catches_what_was_planted_and_spares_what_only_looks_alike() {
    for rule in rules::ALL {
        assert!(!rule.catches.is_empty(), "nothing is planted for: {}", rule.says);
        for (path, text) in rule.catches {
            let found = (rule.broken_in)(&SourceFile::new(path, text));
            assert_eq!(found.len(), 1, "planted in {path} against: {}\n{text}", rule.says);
        }
        for (path, text) in rule.spares {
            let found = (rule.broken_in)(&SourceFile::new(path, text));
            assert!(found.is_empty(), "wrongly found in {path}: {}\n{text}", rule.says);
        }
    }
}

#[test]
fn a_file_is_as_long_as_its_limit_allows_and_no_longer() {
    let with_lines = |count: usize| SourceFile::new("hub/src/x.rs", &"//\n".repeat(count));
    assert!(rules::too_long(&with_lines(rules::FILE_LINES_MAX)).is_empty());
    assert_eq!(rules::too_long(&with_lines(rules::FILE_LINES_MAX + 1)), [0]);
    let with_columns = |count: usize| SourceFile::new("hub/src/x.rs", &"貨".repeat(count));
    assert!(rules::too_wide(&with_columns(rules::LINE_COLUMNS_MAX)).is_empty());
    assert_eq!(rules::too_wide(&with_columns(rules::LINE_COLUMNS_MAX + 1)), [1]);
}

#[test]
fn the_files_are_found_without_git_too() {
    let walked = files::walked();
    let is_there = |path: &str| walked.iter().any(|found| found == path);
    assert!(is_there("Cargo.toml") && is_there("tests/it/tidy/mod.rs") && is_there(".ci/run"));
    assert!(!walked.iter().any(|path| path.starts_with("target/") || path.starts_with(".git/")));
}
