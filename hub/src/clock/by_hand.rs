//! The time that somebody set by hand: how far it is from the machine's clock, as long as the
//! machine goes on running and no time server has set it.

use std::fs;
use std::path::{Path, PathBuf};

/// What tells one start of the machine from another; after another its clock begins anew.
const MACHINE_BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// The distance, kept over a restart of the hub.
#[derive(Debug, Default)]
pub struct ByHand {
    file: Option<PathBuf>,
    offset_ms: Option<i64>,
}

impl ByHand {
    /// As it was left in this file, if the machine has run on since.
    pub fn read(file: Option<PathBuf>) -> Self {
        let kept = file.as_deref().and_then(|file| fs::read_to_string(file).ok());
        let offset_ms = kept.and_then(|text| {
            let (boot, offset) = text.strip_suffix('\n')?.split_once(' ')?;
            (boot == machine_boot()?).then_some(offset.parse().ok()?)
        });
        Self { file, offset_ms }
    }

    /// How far it is from the machine's clock, in milliseconds.
    pub const fn offset_ms(&self) -> Option<i64> {
        self.offset_ms
    }

    /// Sets it. Where it cannot be written it holds until the hub starts again.
    pub fn set(&mut self, offset_ms: i64) {
        self.offset_ms = Some(offset_ms);
        if let (Some(file), Some(boot)) = (&self.file, machine_boot())
            && let Err(error) = fs::write(file, format!("{boot} {offset_ms}\n"))
        {
            tracing::warn!(%error, "the time that was set by hand does not outlast a restart");
        }
    }

    /// Forgets it: the machine's clock is right again.
    pub fn forget(&mut self) {
        if self.offset_ms.take().is_some()
            && let Some(file) = &self.file
            && let Err(error) = fs::remove_file(file)
        {
            tracing::warn!(%error, "the time that was set by hand is left in its file");
        }
    }
}

fn machine_boot() -> Option<String> {
    Some(fs::read_to_string(Path::new(MACHINE_BOOT)).ok()?.trim().to_owned())
}
