use std::path::Path;

use crate::catalogue::CatalogueError;
use crate::exit::{ExitCode, Failure};
use crate::settings::Settings;
use crate::{catalogue, places};

pub(super) fn import(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let csv = std::fs::read(file).map_err(|error| {
        Failure::because(ExitCode::NoInput, &format!("reading {}", file.display()), &error)
    })?;
    places::make(&settings.data.dir).map_err(|error| {
        Failure::because(ExitCode::CannotCreate, "making the data directory", &error)
    })?;
    let path = places::catalogue(&settings.data.dir);
    let installed = catalogue::install(&path, &csv, settings.store.currency);
    let doing = format!("importing {}", file.display());
    let catalogue = installed.map_err(|error| match error {
        // The row is one of the file that was given, not of the one that stays in its place.
        CatalogueError::Import { import, .. } => {
            Failure::because(ExitCode::BadInput, &doing, &import)
                .hint("nothing was changed; mend the line and import the file again")
        }
        error @ CatalogueError::Io(..) => Failure::because(ExitCode::CannotCreate, &doing, &error),
    })?;
    println!("{} items, digest {}", catalogue.len(), catalogue.digest());
    println!("a running hub takes them up at its next start");
    Ok(())
}
