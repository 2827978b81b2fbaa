//! Verifies the whole journal while the store sells, and what is written from then on. A start
//! reads only its end; a row that does not hold and is found here does not stop the selling, but
//! somebody has to take care of it.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use actix::Recipient;
use actix_web::web;
use store_actors::messages::SetNotice;
use store_journal::{BackgroundVerifier, BadRow, OpenError, VerifyProgress};
use tokio::sync::watch;

/// Rows at a time: a few milliseconds of reading on a small computer.
const ROWS_AT_ONCE: usize = 200;
/// How long the disk is left to the registers in between. A year of sales takes about a minute.
const PAUSE: Duration = Duration::from_millis(20);
/// How long after the last row the next ones are looked for, and a reading that failed is tried
/// again. The mark of what was verified moves on with it, so that a start after weeks is as quick
/// as one after an hour.
const REST: Duration = Duration::from_secs(3600);
/// What registers show when the journal needs care.
const NOTICE: &str = "journal_needs_care";

/// What the verification has come to so far, for every route to see.
#[derive(Clone, Debug, Default)]
pub struct Care(Arc<RwLock<Found>>);

#[derive(Debug, Default)]
struct Found {
    rows: u64,
    bad: Option<BadRow>,
}

impl Care {
    /// Rows that were verified since the hub started.
    #[must_use]
    pub fn rows_verified(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).rows
    }

    /// The row that does not hold, if one was found.
    #[must_use]
    pub fn bad_row(&self) -> Option<BadRow> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).bad.clone()
    }

    /// Notes what a step has come to; answers how long to wait before the next one.
    fn after_step(
        &self,
        progress: Result<VerifyProgress, OpenError>,
        rest: Duration,
    ) -> Result<Duration, BadRow> {
        match progress {
            Ok(VerifyProgress { rows, is_done }) => {
                self.note(|found| found.rows = rows);
                if is_done {
                    tracing::info!(rows, "the journal holds");
                }
                Ok(if is_done { rest } else { PAUSE })
            }
            Err(OpenError::BadRow { source }) => Err(source),
            Err(error) => {
                // A disk that is busy or full is no row that does not hold: it passes.
                tracing::warn!(%error, "verifying the journal in the background");
                Ok(rest)
            }
        }
    }

    fn note(&self, change: impl FnOnce(&mut Found)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Begins to verify the journal of a data directory and tells these registers of a row that does
/// not hold. Goes on with what is written; ends with such a row, or when the hub closes. Must be
/// called inside an actix system.
///
/// # Errors
/// Where the journal cannot be opened once more.
pub fn watch(
    data_dir: &Path,
    registers: Vec<Recipient<SetNotice>>,
    stopping: watch::Receiver<bool>,
) -> Result<Care, OpenError> {
    watch_every(REST, data_dir, registers, stopping)
}

/// The same with another rest between the last row and the next look.
fn watch_every(
    rest: Duration,
    data_dir: &Path,
    registers: Vec<Recipient<SetNotice>>,
    mut stopping: watch::Receiver<bool>,
) -> Result<Care, OpenError> {
    let care = Care::default();
    let mut verifier = BackgroundVerifier::new(data_dir)?;
    let noted = care.clone();
    actix_web::rt::spawn(async move {
        loop {
            let step = web::block(move || {
                let progress = verifier.step(ROWS_AT_ONCE);
                (verifier, progress)
            });
            // Without a thread to read on the process is at its end.
            let Ok((back, progress)) = step.await else { return };
            verifier = back;
            let pause = match noted.after_step(progress, rest) {
                Ok(pause) => pause,
                Err(bad) => return raise(&noted, bad, &registers),
            };
            tokio::select! {
                // A sender that is gone is a hub that closes.
                _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    });
    Ok(care)
}

fn raise(care: &Care, bad: BadRow, registers: &[Recipient<SetNotice>]) {
    tracing::error!(row = %bad, "the journal needs care: the store sells on");
    care.note(|found| found.bad = Some(bad));
    for register in registers {
        // A register whose mailbox is full cannot be told; the figures and the log say it too.
        let _ = register.try_send(SetNotice { notice: NOTICE, is_raised: true });
    }
}

#[cfg(test)]
mod tests;
