use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;

use evdev::raw_stream::RawDevice;
use rustix::fs::{OFlags, fcntl_setfl};

use super::FilePort;

/// Opens a keyboard and keeps its keys to the hub: neither the console nor the browser sees them
/// until it is closed. Its events are read as the bytes that they are.
///
/// Only this function needs a real keyboard; everything behind it is tested on recorded and
/// generated events.
///
/// # Errors
/// What the system says: it is no input device, or somebody else has it.
pub(super) fn open_grabbed(path: &Path) -> io::Result<FilePort> {
    let mut device = RawDevice::open(path)?;
    fcntl_setfl(device.as_fd(), OFlags::NONBLOCK)?;
    device.grab()?;
    // The grab belongs to the open file, which lives as long as either of its two descriptors.
    Ok(FilePort::of(device.as_fd().try_clone_to_owned()?))
}
