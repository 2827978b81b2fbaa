//! A disk that can be full.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::skip;

/// A small filesystem of its own; it goes when the value is dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts it; the skip is reported where that may not be done.
    pub fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=32m,mode=700", "tmpfs"])
            .arg(at)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_owned()));
        }
        skip("no small filesystem can be mounted here");
        None
    }

    /// Fills it until only so many bytes are left.
    pub fn fill(&self, left: u64) {
        let free = free_bytes(&self.0);
        let file = std::fs::File::create(self.0.join("filler")).unwrap();
        let zeroes = vec![0; usize::try_from(free - left).unwrap()];
        // The last page may not fit.
        let _ = std::io::Write::write_all(&mut &file, &zeroes);
        assert!(free_bytes(&self.0) <= left + 8192);
    }

    /// Undoes [`Self::fill`].
    pub fn make_room(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn free_bytes(path: &Path) -> u64 {
    let output = Command::new("df").args(["-B1", "--output=avail"]).arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().nth(1).unwrap().trim().parse().unwrap()
}
