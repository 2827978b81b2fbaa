use std::path::Path;

use service_kit::exit::{self, ExitCode, Failure};
use service_kit::files;
use store_actors::Clock as _;
use store_core::ItemId;
use store_core::catalogue::Catalogue;
use store_core::policy::Part;

use crate::catalogue::{self, CatalogueError};
use crate::clock::SystemClock;
use crate::settings::Settings;
use crate::{places, policy};

pub(super) fn import(settings: &Settings, file: &Path) -> Result<(), Failure> {
    refuse_if_decided(settings, file)?;
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
        CatalogueError::Decided => decided(file),
        CatalogueError::Io(_, source) => {
            let code = exit::code_of(source, ExitCode::CannotCreate);
            Failure::because(code, &format!("importing {}", file.display()), &error)
        }
    })?;
    exit::say(&format!(
        "{} items, digest {}{}\na running hub takes them up at its next start",
        catalogue.len(),
        catalogue.digest(),
        shared(&catalogue)
    ))
}

/// Most shared codes that are named.
const SHARED_CODES_MAX: usize = 20;

/// A warning where codes stand with more than one item.
fn shared(catalogue: &Catalogue) -> String {
    let shared = catalogue.shared_codes();
    let named = shared.iter().take(SHARED_CODES_MAX).map(|one| {
        let items: Vec<&str> = one.items.iter().map(ItemId::as_str).collect();
        format!("\n  {}: {}", one.code, items.join(", "))
    });
    let named: String = named.collect();
    if named.is_empty() {
        return named;
    }
    let count = shared.len();
    format!("\nwarning: {count} codes stand with more than one item, the cashier is asked{named}")
}

/// Refuses where headquarters sends the catalogue: the next start would go by headquarters' again.
fn refuse_if_decided(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let clock = SystemClock::start(&settings.store.time_zone, None)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the clock", &error))?;
    let identity = policy::kept(&settings.data.dir);
    let desk = policy::open(settings, identity, clock.now(None));
    let desk = desk.map_err(|error| {
        Failure::because(ExitCode::NoInput, &format!("importing {}", file.display()), &error)
    })?;
    let force = desk.map(|desk| desk.in_force()).unwrap_or_default();
    if force.parts.contains_key(&Part::Catalogue) { Err(decided(file)) } else { Ok(()) }
}

fn decided(file: &Path) -> Failure {
    let doing = format!("importing {}", file.display());
    Failure::because(ExitCode::Settings, &doing, &CatalogueError::Decided)
        .hint("nothing was changed; ask headquarters to push another catalogue")
}
