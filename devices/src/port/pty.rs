use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{Mode, OFlags, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::{FilePort, Port};

/// A serial line that exists in this machine alone: a simulated device holds this end, the hub
/// opens the other by its path, as it would a cable's. Dropping it pulls the plug.
pub struct PseudoTerminal {
    port: FilePort,
    /// Keeps the line up between two that open it.
    other_end: OwnedFd,
    path: PathBuf,
    link: Option<PathBuf>,
}

impl PseudoTerminal {
    /// Plugs a device in, under whatever name the system gives.
    ///
    /// # Errors
    /// Where the system has no pseudo-terminal left.
    pub fn open() -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        fcntl_setfl(&master, OFlags::RDWR | OFlags::NONBLOCK)?;
        let name = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(std::ffi::OsString::from_vec(name.into_bytes()));
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let other_end = rustix::fs::open(&path, flags, Mode::empty())?;
        let mut raw = tcgetattr(&other_end)?;
        raw.make_raw();
        tcsetattr(&other_end, OptionalActions::Now, &raw)?;
        Ok(Self { port: FilePort::of(master), other_end, path, link: None })
    }

    /// The same with a name that stays when it is plugged in again, as udev gives one.
    ///
    /// # Errors
    /// As [`Self::open`], and where the name cannot be given.
    pub fn open_as(link: &Path) -> io::Result<Self> {
        let mut terminal = Self::open()?;
        // Whoever opens the name meanwhile finds the old line or the new one.
        let fresh = link.with_extension("new");
        let _ = fs::remove_file(&fresh);
        symlink(&terminal.path, &fresh)?;
        fs::rename(&fresh, link)?;
        terminal.link = Some(link.to_owned());
        Ok(terminal)
    }

    /// What the hub opens.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.link.as_deref().unwrap_or(&self.path)
    }

    /// The speed that whoever opened it has set, in bits a second.
    ///
    /// # Errors
    /// What the system says.
    pub fn baud(&self) -> io::Result<u32> {
        Ok(tcgetattr(&self.other_end)?.output_speed())
    }
}

impl Port for PseudoTerminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.port.write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.port.read(buffer, wait)
    }
}

impl Drop for PseudoTerminal {
    fn drop(&mut self) {
        // A name that leads elsewhere by now is somebody else's.
        if let Some(link) = &self.link
            && fs::read_link(link).is_ok_and(|target| target == self.path)
        {
            let _ = fs::remove_file(link);
        }
    }
}
