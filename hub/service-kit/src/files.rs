//! Files that are whole or not there.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What everybody but the owner may do with a directory, and what says that many share it.
const BY_OTHERS: u32 = 0o077;
const SHARED: u32 = 0o1002;

/// What stands in a directory that one of our programs used.
const MARKS: [&str; 4] = ["journal.db", "hq.db", "running.lock", "demonstration.lock"];

/// Makes a directory that only its owner can read; one that is there is taken from everybody else,
/// unless something of others stands in it or the system does not let us: then it is said.
///
/// # Errors
/// Where the system refuses, or everybody keeps things there, as in the system's temporary one.
pub fn make_private(data_dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
    let mode = fs::metadata(data_dir)?.permissions().mode();
    if mode & SHARED == SHARED {
        let reason = "everybody keeps things there: name a directory of its own";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
    }
    if mode & BY_OTHERS == 0 {
        return Ok(());
    }
    // A mistyped name must not close a directory of the system's.
    let is_taken = is_ours(data_dir)?
        && fs::set_permissions(data_dir, Permissions::from_mode(mode & !BY_OTHERS & 0o7777))
            .is_ok();
    if !is_taken {
        let directory = data_dir.display();
        tracing::warn!(%directory, "others on this machine can look into it: give it mode 0700");
    }
    Ok(())
}

/// Whether nothing of others is in a directory, as far as can be seen.
fn is_ours(directory: &Path) -> io::Result<bool> {
    let is_marked = MARKS.iter().any(|mark| directory.join(mark).exists());
    Ok(is_marked || fs::read_dir(directory)?.next().is_none())
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
    // One that a power cut left behind, by a process of the same number, is in nobody's hands. What
    // somebody else puts there is not written to: who can read it is not for us to say.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_directory_that_is_there_is_taken_from_everybody_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data");
        make_private(&path).unwrap();
        assert_eq!(mode_of(&path), 0o700);
        for (mode, made) in [(0o755, 0o700), (0o2770, 0o2700), (0o775, 0o700), (0o500, 0o500)] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            make_private(&path).unwrap();
            assert_eq!(mode_of(&path), made, "{mode:o}");
        }
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        fs::write(path.join("thesis.txt"), "").unwrap();
        make_private(&path).unwrap();
        assert_eq!(mode_of(&path), 0o755, "something of others stands in it");
        fs::write(path.join("journal.db"), "").unwrap();
        make_private(&path).unwrap();
        assert_eq!(mode_of(&path), 0o700);
        fs::set_permissions(&path, Permissions::from_mode(0o1777)).unwrap();
        let refused = make_private(&path).unwrap_err();
        assert!(refused.to_string().contains("a directory of its own"), "{refused}");
        assert_eq!(mode_of(&path), 0o1777, "what is everybody's stays everybody's");
    }

    #[test]
    fn what_is_written_is_the_owners_alone_and_goes_through_no_link() {
        let dir = tempfile::tempdir().unwrap();
        let (elsewhere, temporary) = (dir.path().join("elsewhere"), dir.path().join("x.tmp"));
        fs::write(&elsewhere, "before").unwrap();
        std::os::unix::fs::symlink(&elsewhere, &temporary).unwrap();
        write_new(&temporary, b"secret").unwrap();
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "before");
        fs::set_permissions(&temporary, Permissions::from_mode(0o644)).unwrap();
        write_new(&temporary, b"another").unwrap();
        assert_eq!(
            (mode_of(&temporary), fs::read(&temporary).unwrap()),
            (0o600, b"another".into())
        );
    }

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
