use std::path::Path;

use service_kit::exit::{self, ExitCode, Failure};
use service_kit::files;

use crate::catalogue::{self, CatalogueError};
use crate::places;
use crate::settings::Settings;

pub(super) fn import(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let csv = std::fs::read(file).map_err(|error| {
        let code = exit::code_of(&error, ExitCode::NoInput);
        Failure::because(code, &format!("reading {}", file.display()), &error)
    })?;
    files::make_private(&settings.data.dir).map_err(|error| {
        let code = exit::code_of(&error, ExitCode::CannotCreate);
        let doing = format!("making the data directory {}", settings.data.dir.display());
        Failure::because(code, &doing, &error)
    })?;
    let path = places::catalogue(&settings.data.dir);
    let installed = catalogue::install(&path, &csv, settings.store.currency);
    let catalogue = installed.map_err(|error| match &error {
        CatalogueError::Import { import, .. } => {
            Failure::because(ExitCode::BadInput, &format!("importing {}", file.display()), import)
                .hint("nothing was changed; mend the line and import the file again")
        }
        CatalogueError::Io(_, source) => {
            let code = exit::code_of(source, ExitCode::CannotCreate);
            Failure::because(code, &format!("importing {}", file.display()), &error)
        }
    })?;
    exit::say(&format!(
        "{} items, digest {}\na running hub takes them up at its next start",
        catalogue.len(),
        catalogue.digest()
    ))
}
