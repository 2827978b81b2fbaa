//! A replay as the command line asks for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use service_kit::exit::{self, ExitCode, Failure};

use super::ReplayError;
use super::agreement::{Agreement, Terms};
use super::file::{FileFormat, FileReader};
use super::here::{Here, Links, StoresOpened};
use super::journals::JournalsHere;
use super::run::{HostError, ReplayOptions, replay as run_replay};
use crate::cli::ReplayArgs;
use crate::commands;
use crate::settings::Flags;

/// Where the stores of a replay keep their journals.
pub struct Directory {
    path: PathBuf,
    is_passing: bool,
}

impl Directory {
    /// The one that is named, or a temporary one that goes away with this value.
    #[must_use]
    pub fn of(named: Option<&Path>) -> Self {
        match named {
            Some(path) => Self { path: path.to_owned(), is_passing: false },
            None => {
                let name = format!("hub-replay-{}", std::process::id());
                Self { path: std::env::temp_dir().join(name), is_passing: true }
            }
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if self.is_passing {
            // What nobody named nobody needs; a remnant in the temporary directory does no harm.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Replays a file as the command line says.
///
/// # Errors
/// [`Failure`]: what could not be read, what differs, what was refused.
pub fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    let options = ReplayOptions {
        catalogue: args.catalogue.clone(),
        baskets: args.baskets.clone(),
        report: args.report.clone(),
        registers: usize::from(args.registers),
        answered: args.answered.clone(),
        repeat: None,
        promotions: terms(args.promotions.as_deref(), args.config.as_deref())?,
        begun: Instant::now(),
    };
    let directory = Directory::of(args.data_dir.as_deref());
    sell_again(&options, directory.path(), args.keep_paper, None)
}

/// What baskets are priced by besides, as the command line says.
///
/// # Errors
/// [`Failure`] where the settings do not hold.
pub fn terms(promotions: Option<&Path>, config: Option<&Path>) -> Result<Option<Terms>, Failure> {
    let Some(promotions) = promotions else { return Ok(None) };
    let flags = Flags { config: config.map(Path::to_owned), ..Flags::default() };
    let settings = commands::settings(&flags)?;
    Ok(Some(Terms { promotions: promotions.to_owned(), settings }))
}

/// Replays a file into stores below a directory, and says what differs. With links each store
/// tells headquarters, which has to agree too.
///
/// # Errors
/// As [`replay`].
pub fn sell_again(
    options: &ReplayOptions,
    directory: &Path,
    keeps_paper: bool,
    links: Option<Arc<dyn Links>>,
) -> Result<(), Failure> {
    let begin = |error: &HostError| {
        Failure::new(ExitCode::BadInput, format!("opening the stores: {error}"))
    };
    let currency = currency_of(&options.baskets).map_err(|error| failed(&error))?;
    let sides = if links.is_some() { "the totals are" } else { "the stores' totals are" };
    let here = Here::start(&options.catalogue, currency, directory, keeps_paper)
        .map_err(|error| begin(&error))?
        .linked_by(links);
    let outcome = run_replay(options, &here, &JournalsHere);
    let StoresOpened { stores, by_one_catalogue } = here.stop();
    exit::note(&format!(
        "replay: {stores} stores opened, {by_one_catalogue} by one catalogue in memory"
    ));
    let outcome = outcome.map_err(|error| failed(&error))?;
    for sentence in outcome.report.promotions.iter().flat_map(Agreement::sentences) {
        exit::note(&sentence);
    }
    for complaint in outcome.complaints() {
        exit::note(&complaint);
    }
    if let Some(measured) = outcome.seen_at_headquarters {
        let sold = outcome.report.input.transactions;
        exit::note(&format!("replay: {measured} of {sold} sales seen on headquarters' live page"));
    }
    if outcome.is_equal() {
        return Ok(());
    }
    Err(Failure::new(ExitCode::Differs, format!("{sides} not the file's")))
}

/// The currency of a file, by the format of its first basket.
fn currency_of(baskets: &Path) -> Result<store_core::Currency, ReplayError> {
    let mut reader = FileReader::open(baskets)?;
    let first = reader.next().transpose()?;
    let format = reader.format().filter(|_| first.is_some());
    Ok(format.map_or(store_core::Currency::USD, FileFormat::currency))
}

/// The failure of a replay that could not be carried through.
#[must_use]
pub fn failed(error: &ReplayError) -> Failure {
    let code = match error.exit_code() {
        66 => ExitCode::NoInput,
        69 => ExitCode::Unavailable,
        70 => ExitCode::Software,
        73 => ExitCode::CannotCreate,
        _ => ExitCode::BadInput,
    };
    Failure::because(code, "replaying", error)
}
