//! Verifies the whole journal while the store sells. A start reads only its end; a row that does
//! not hold and is found here does not stop the selling, but somebody has to take care of it.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use actix::Recipient;
use actix_web::web;
use store_actors::messages::SetNotice;
use store_journal::{BackgroundVerifier, BadRow, OpenError};
use tokio::sync::watch;

/// Rows at a time: a few milliseconds of reading on a small computer.
const ROWS_AT_ONCE: usize = 200;
/// How long the disk is left to the registers in between. A year of sales takes about a minute.
const PAUSE: Duration = Duration::from_millis(20);
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

    fn note(&self, change: impl FnOnce(&mut Found)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Begins to verify the journal of a data directory and tells these registers of a row that does
/// not hold. Ends with the journal, with such a row, or when the hub closes. Must be called inside
/// an actix system.
///
/// # Errors
/// Where the journal cannot be opened once more.
pub fn watch(
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
            match progress {
                Ok(progress) => {
                    noted.note(|found| found.rows = progress.rows);
                    if progress.is_done {
                        tracing::info!(rows = progress.rows, "the journal holds");
                        return;
                    }
                }
                Err(OpenError::BadRow { source }) => return raise(&noted, source, &registers),
                Err(error) => {
                    tracing::warn!(%error, "verifying the journal in the background");
                    return;
                }
            }
            tokio::select! {
                // A sender that is gone is a hub that closes.
                _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
                () = tokio::time::sleep(PAUSE) => {}
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
