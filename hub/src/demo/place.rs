//! Where a demonstration keeps everything, and who may sign in at its headquarters.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;
use service_kit::exit::{ExitCode, Failure};
use service_kit::files;
use service_kit::security::Token;

use super::about;
use super::office::Office;

/// Marks a directory as a demonstration's, and is held by the one that runs on it.
const MARK: &str = "demonstration.lock";
const USER: &str = "headquarters-user.json";
const PROCESSES: &str = "processes.json";
const LAST_WEEK: &str = "last-week-sold";
const LINKS: &str = "links";
const OFFICE: &str = "headquarters";
/// What the directories of stores begin with.
const STORE: &str = "store-";
/// Characters of a password: 80 bits in hexadecimal.
const PASSWORD_CHARS: usize = 20;

/// Who signs in at headquarters.
#[derive(Clone, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: String,
    /// The password, made at the first start.
    pub password: String,
}

/// The directory of a demonstration, which nobody else runs on meanwhile.
pub struct Place {
    directory: PathBuf,
    user: User,
    _mark: File,
}

impl Place {
    /// Takes a directory, and makes it where it is not there. A fresh start throws away what a
    /// demonstration left in it, and nothing else.
    ///
    /// # Errors
    /// [`Failure`]: it is another's, or in use, or cannot be written to.
    pub fn open(directory: &Path, is_fresh: bool) -> Result<Self, Failure> {
        let failed = |error: &io::Error| about(directory, "using the directory", error);
        files::make_private(directory).map_err(|error| failed(&error))?;
        let mark = directory.join(MARK);
        let is_empty = fs::read_dir(directory).map_err(|error| failed(&error))?.next().is_none();
        if is_fresh && !is_empty && !mark.exists() {
            let text = format!("{} is not a demonstration's directory", directory.display());
            return Err(Failure::new(ExitCode::CannotCreate, text)
                .hint("nothing was thrown away; name another one with --data-dir"));
        }
        let file = File::options().create(true).truncate(false).write(true).open(&mark);
        let file = file.map_err(|error| failed(&error))?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                let text = format!("another demonstration runs on {}", directory.display());
                Failure::new(ExitCode::TryAgain, text)
                    .hint("stop it, or name another directory with --data-dir")
            }
            TryLockError::Error(error) => failed(&error),
        })?;
        if is_fresh {
            throw_away(directory).map_err(|error| failed(&error))?;
        }
        let links = directory.join(LINKS);
        files::make_private(&links).map_err(|error| failed(&error))?;
        let user = user(&directory.join(USER)).map_err(|error| failed(&error))?;
        Ok(Self { directory: directory.to_owned(), user, _mark: file })
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Who signs in at headquarters.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// Where the link files of the stores are.
    #[must_use]
    pub fn links(&self) -> PathBuf {
        self.directory.join(LINKS)
    }

    /// Whether the week before the first day has been sold.
    #[must_use]
    pub fn has_last_week(&self) -> bool {
        self.directory.join(LAST_WEEK).exists()
    }

    /// Notes that it has.
    ///
    /// # Errors
    /// [`Failure`]: it cannot be written.
    pub fn note_last_week(&self) -> Result<(), Failure> {
        self.write(LAST_WEEK, b"")
    }

    /// Writes down which process does what and where it answers, for whoever looks after them.
    ///
    /// # Errors
    /// [`Failure`]: it cannot be written.
    pub fn write_processes(
        &self,
        office: &Office,
        stores: &[(String, String)],
    ) -> Result<(), Failure> {
        let stores: Vec<_> =
            stores.iter().map(|(store, url)| json!({"store": store, "url": url})).collect();
        let processes = json!({
            "demonstration": {"pid": std::process::id()},
            "headquarters": {
                "pid": office.process(),
                "url": office.url(),
                "broker": office.broker(),
            },
            "broker": {"pid": office.broker_process()},
            "stores": stores,
        });
        self.write(PROCESSES, format!("{processes:#}\n").as_bytes())
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        let path = self.directory.join(name);
        files::replace_file(&path, content).map_err(|error| about(&path, "writing", &error))
    }
}

/// Where headquarters keeps what it must not lose, in the directory of a demonstration.
#[must_use]
pub fn office(directory: &Path) -> PathBuf {
    directory.join(OFFICE)
}

/// Who signs in at headquarters: made at the first start, and readable by the owner alone.
///
/// # Errors
/// Where it cannot be read or written.
pub fn user_of(directory: &Path) -> io::Result<User> {
    user(&directory.join(USER))
}

fn user(path: &Path) -> io::Result<User> {
    match fs::read(path) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let password = Token::new().into_secret().chars().take(PASSWORD_CHARS).collect();
            let user = User { id: "hq".to_owned(), password };
            files::replace_file(path, &serde_json::to_vec(&user)?)?;
            Ok(user)
        }
        Err(error) => Err(error),
    }
}

/// Removes what a demonstration wrote, by name: whatever else somebody put there stays.
fn throw_away(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type()?.is_dir();
        if is_folder && (name == LINKS || name == OFFICE || name.starts_with(STORE)) {
            fs::remove_dir_all(entry.path())?;
        } else if !is_folder && [USER, PROCESSES, LAST_WEEK].contains(&name.as_str()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_fresh_start_throws_away_what_is_its_own_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("demo");
        let first = Place::open(&directory, false).unwrap();
        let password = first.user().password.clone();
        let mode = fs::metadata(directory.join(USER)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(Place::open(&directory, true).is_err(), "it is in use");
        drop(first);
        let second = Place::open(&directory, false).unwrap();
        assert_eq!(second.user().password, password, "it goes on with what it has");
        drop(second);
        fs::create_dir(directory.join("store-berlin")).unwrap();
        fs::write(directory.join("thesis.txt"), "years of work").unwrap();
        let fresh = Place::open(&directory, true).unwrap();
        assert_ne!(fresh.user().password, password);
        assert!(!directory.join("store-berlin").exists());
        assert!(directory.join("thesis.txt").exists());
    }

    #[test]
    fn what_is_no_demonstrations_is_not_thrown_away() {
        let directory = tempfile::tempdir().unwrap();
        let foreign = directory.path().join("store-photos");
        fs::create_dir(&foreign).unwrap();
        let refused = Place::open(directory.path(), true).err().unwrap().to_string();
        assert!(refused.contains("is not a demonstration's directory"), "{refused}");
        assert!(foreign.exists());
    }
}
