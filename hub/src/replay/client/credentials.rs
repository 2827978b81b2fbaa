use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use service_kit::security::pin;

use super::ClientError;

const FILE_NAME: &str = "replay-credentials.json";
/// Who works in a store, by id and name, and how long their PINs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// The manager's id.
    pub manager: &'static str,
    /// The manager's name.
    pub manager_name: &'static str,
    /// What a cashier's id begins with; the register's number follows.
    pub cashier: &'static str,
    /// Digits of a PIN.
    pub pin_digits: usize,
}

impl Crew {
    /// Of a replay, at which nobody looks. Random PINs have eight digits: eight operators of a
    /// store guessed at five tries each before a lock-out leave one chance in millions.
    pub const REPLAY: Self = Self {
        manager: "replay-manager",
        manager_name: "Replay",
        cashier: "replay",
        pin_digits: 8,
    };

    /// The id of a register's cashier.
    #[must_use]
    pub fn cashier(&self, register: usize) -> String {
        format!("{}-{register}", self.cashier)
    }
}

/// Who works in a replayed store: made once, kept where only the owner of the data may read, so
/// that a second start can sign on.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Credentials {
    /// The manager's PIN.
    pub manager_pin: String,
    /// One cashier's PIN for each register, by the register's number.
    pub cashier_pins: BTreeMap<usize, String>,
}

impl Credentials {
    /// Reads what the directory keeps and adds PINs for registers that have none; what was added
    /// is on the disk before anybody is told of it.
    ///
    /// # Errors
    /// [`ClientError::Credentials`], [`ClientError::NoRandom`].
    pub fn for_registers(
        directory: &Path,
        registers: usize,
        crew: Crew,
    ) -> Result<Self, ClientError> {
        let digits = crew.pin_digits;
        let path = Self::path(directory);
        let failed = |source| ClientError::Credentials { path: path.clone(), source };
        let kept = Self::read(&path).map_err(failed)?;
        let mut credentials = match kept.clone() {
            Some(kept) => kept,
            None => Self { manager_pin: random_pin(digits)?, cashier_pins: BTreeMap::new() },
        };
        for register in 1..=registers {
            if let std::collections::btree_map::Entry::Vacant(place) =
                credentials.cashier_pins.entry(register)
            {
                place.insert(random_pin(digits)?);
            }
        }
        if kept.as_ref() != Some(&credentials) {
            credentials.write(&path).map_err(failed)?;
        }
        Ok(credentials)
    }

    /// Where a directory keeps them.
    #[must_use]
    pub fn path(directory: &Path) -> PathBuf {
        directory.join(FILE_NAME)
    }

    fn read(path: &Path) -> io::Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let fresh = path.with_extension("new");
        let mut file: File =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    }
}

/// Random digits, evenly: bytes above the last whole ten are thrown away.
fn random_pin(digits: usize) -> Result<String, ClientError> {
    let mut pin = String::new();
    while pin.len() < digits {
        let mut byte = [0_u8];
        getrandom::fill(&mut byte).map_err(|_| ClientError::NoRandom)?;
        let [byte] = byte;
        if byte < 250 {
            pin.push(char::from(b'0' + byte % 10));
        }
    }
    // The hub refuses what would be guessed first; a second draw is as random as the first.
    if pin::check(&pin).is_err() { random_pin(digits) } else { Ok(pin) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_second_start_finds_the_same_pins_and_more_registers_get_more() {
        let directory = tempfile::tempdir().unwrap();
        let first = Credentials::for_registers(directory.path(), 1, Crew::REPLAY).unwrap();
        assert_eq!(Credentials::for_registers(directory.path(), 1, Crew::REPLAY).unwrap(), first);
        let more = Credentials::for_registers(directory.path(), 3, Crew::REPLAY).unwrap();
        assert_eq!(more.manager_pin, first.manager_pin);
        assert_eq!(more.cashier_pins[&1], first.cashier_pins[&1]);
        assert_eq!(more.cashier_pins.len(), 3);
        assert_ne!(more.cashier_pins[&2], more.cashier_pins[&3]);
        let mode = fs::metadata(Credentials::path(directory.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
