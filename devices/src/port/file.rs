use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::fs::{FileType, Mode, OFlags};

use super::{Port, WRITE_TIMEOUT, gone, ready, stuck};

/// A device file that is read and written as it is: a USB printer's, a HID device's, a
/// pseudo-terminal's.
pub struct FilePort(OwnedFd);

impl FilePort {
    /// Opens it both ways.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = rustix::fs::open(path, flags, Mode::empty())?;
        // A file of the hub's own that settings name by mistake is not written over.
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode);
        if kind != FileType::CharacterDevice {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no device"));
        }
        Ok(Self(file))
    }

    /// Takes a file that is open both ways and does not block.
    #[must_use]
    pub const fn of(file: OwnedFd) -> Self {
        Self(file)
    }
}

impl Port for FilePort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut left = bytes;
        while !left.is_empty() {
            match rustix::io::write(&self.0, left) {
                Ok(count) => left = left.get(count..).unwrap_or_default(),
                Err(rustix::io::Errno::AGAIN) => {
                    if !ready(&self.0, PollFlags::OUT, WRITE_TIMEOUT)? {
                        return Err(stuck());
                    }
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        if !ready(&self.0, PollFlags::IN, wait)? {
            return Ok(0);
        }
        match rustix::io::read(&self.0, buffer) {
            Ok(0) => Err(gone()),
            Ok(count) => Ok(count),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}
