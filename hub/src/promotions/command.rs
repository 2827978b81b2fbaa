//! `hub promo`: promotions looked at before they are in force.

use std::path::{Path, PathBuf};

use serde::Serialize;
use service_kit::exit::{self, ExitCode, Failure};
use store_core::policy::promotions::SCHEMA;
use store_core::promotion::rule::Promotion;
use store_core::promotion::set::{Policy, PromotionSet};
use store_core::{Currency, PromotionId};

use super::file::Written;
use super::{PromotionFileError, check, read, recorded, rehearsal};
use crate::cli::PromoCommand;
use crate::price::{self, bad_promotions};
use crate::settings::Settings;

/// Does what the command line says.
///
/// # Errors
/// [`Failure`]: what does not hold, and that there are findings that cost money.
pub fn command(command: &PromoCommand, settings: &Settings) -> Result<(), Failure> {
    match command {
        PromoCommand::Check { catalogue, currency, at, json, files } => {
            let currency = match currency {
                Some(code) => Currency::new(code)
                    .map_err(|error| Failure::because(ExitCode::Usage, "--currency", &error))?,
                None => settings.store.currency,
            };
            let asked = check::Asked { catalogue, currency, at: at.as_deref(), files };
            check::check(&asked, *json, settings)
        }
        PromoCommand::Rehearse { catalogue, replay, before, json, files } => {
            let asked = rehearsal::Asked { catalogue, replay, before: before.as_deref(), files };
            rehearsal::rehearse(&asked, *json, settings)
        }
        PromoCommand::Schema { basket } => {
            exit::say(if *basket { price::SCHEMA } else { SCHEMA }.trim_end())
        }
    }
}

/// Prints a result, as JSON or in words.
pub(super) fn say(
    result: &(impl Serialize + std::fmt::Display),
    json: bool,
) -> Result<(), Failure> {
    if !json {
        return exit::say(&result.to_string());
    }
    let text = serde_json::to_string_pretty(result);
    exit::say(
        &text
            .map_err(|error| Failure::because(ExitCode::Software, "writing the result", &error))?,
    )
}

/// One of the files of a command.
pub(super) struct Source {
    pub path: PathBuf,
    /// With their lines; of recorded facts nothing.
    pub written: Written,
    pub set: PromotionSet,
}

/// Reads a file.
pub(super) fn source(path: &Path, currency: Currency) -> Result<Source, PromotionFileError> {
    let path = path.to_owned();
    if recorded::is_recorded(&path) {
        let set = super::offered(&path, currency)?.set;
        return Ok(Source { path, written: Written::default(), set });
    }
    let written = read(&path, currency)?;
    let set = written.promotions.set.clone();
    Ok(Source { path, written, set })
}

/// The promotions of all files as one set.
///
/// # Errors
/// An id that stands in two of them.
pub(super) fn together(sources: &[Source]) -> Result<PromotionSet, Failure> {
    let mut all: Vec<(&Promotion, &Path)> = Vec::new();
    for source in sources {
        all.extend(source.set.promotions().iter().map(|one| (one, source.path.as_path())));
    }
    all.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    let id = |index: usize| -> Option<&PromotionId> { all.get(index).map(|(one, _)| &one.id) };
    if let Some(twice) = (1..all.len()).find(|index| id(*index) == id(index - 1)) {
        let place = |index: usize| all.get(index).map(|(_, path)| path.display().to_string());
        let files = [twice - 1, twice].map(|index| place(index).unwrap_or_default()).join(" and ");
        let id = id(twice).map(ToString::to_string).unwrap_or_default();
        let text = format!("the promotion {id} stands in {files}");
        return Err(Failure::new(ExitCode::BadInput, text).hint("give one of them another id"));
    }
    let by_priority = sources.iter().any(|source| source.set.policy() == Policy::Priority);
    let policy = if by_priority { Policy::Priority } else { Policy::Best };
    let points = sources.iter().find_map(|source| source.set.base_points());
    Ok(PromotionSet::new(all.into_iter().map(|(one, _)| one.clone()).collect(), policy, points))
}

/// Reads files, the first that does not hold ending it.
pub(super) fn sources(paths: &[PathBuf], currency: Currency) -> Result<Vec<Source>, Failure> {
    let read = paths.iter().map(|path| source(path, currency));
    read.collect::<Result<_, _>>().map_err(|error| bad_promotions(&error))
}
