//! Files that are whole or not there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes a directory that only its owner can read, if there is none.
///
/// # Errors
/// Where the system refuses.
pub fn make_private(data_dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(data_dir)
}

/// Tells the temporary files of one process apart.
static REPLACED: AtomicU64 = AtomicU64::new(0);

/// Replaces a file as a whole: after a power cut, and where two replace it at once, it is the old
/// one or one of the new ones.
///
/// # Errors
/// Where the system refuses; the old file stays.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let number = REPLACED.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
    let replaced = write_new(&temporary, content).and_then(|()| fs::rename(&temporary, path));
    if replaced.is_err() {
        // Where this fails too, it is in nobody's way.
        let _ = fs::remove_file(&temporary);
    }
    replaced?;
    let parent = path.parent().unwrap_or(Path::new(""));
    // A name alone is in the directory where the program was started.
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    File::open(parent)?.sync_all()?;
    Ok(())
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    // One that a power cut left behind, by a process of the same number, is written over.
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_who_replace_a_file_at_once_leave_one_whole_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("catalogue.csv");
        let contents = [vec![b'a'; 3 << 20], vec![b'b'; 1 << 20]];
        for _ in 0..5 {
            std::thread::scope(|scope| {
                for content in &contents {
                    scope.spawn(|| replace_file(&path, content).unwrap());
                }
            });
            assert!(contents.contains(&fs::read(&path).unwrap()), "the file is torn");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
