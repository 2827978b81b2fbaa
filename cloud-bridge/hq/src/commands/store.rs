use std::io;
use std::path::{Path, PathBuf};

use hq_wire::link::v1::LinkFile;
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::files;

use super::run::not_started;
use crate::cli::StoreCommand;
use crate::enrolment::{self, EnrolledStore, Enrolment, EnrolmentError};
use crate::settings::{BrokerSettings, Settings};
use crate::store::{HqStore, StoreError};
use crate::wiring;

/// Keeps a link file.
type Keep<'a> = dyn FnMut(&LinkFile) -> io::Result<()> + 'a;

pub(super) fn store(settings: &Settings, command: &StoreCommand) -> Result<(), Failure> {
    let mut store = open(settings)?;
    match command {
        StoreCommand::Add { id, name, region, out } => {
            let (name, region) = (name.as_deref(), region.as_deref());
            enrol(settings, out, |enrolment, keep| {
                enrolment.add(&mut store, id, name, region, keep)
            })
        }
        StoreCommand::Rotate { id, out } => {
            enrol(settings, out, |enrolment, keep| enrolment.rotate(&mut store, id, keep))
        }
        StoreCommand::Remove { id } => {
            let removed = enrolment::remove(store.sql(), id).map_err(|error| failed(&error))?;
            if removed { Ok(()) } else { Err(unknown(id)) }
        }
        StoreCommand::List => {
            let stores = enrolment::list(store.sql()).map_err(|error| failed(&error))?;
            stores.iter().try_for_each(|store| exit::say(&line(store)))
        }
    }
}

fn line(store: &EnrolledStore) -> String {
    let EnrolledStore { id, name, region, made_ms } = store;
    let made = made_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    let made = made.map_or("no link file".to_owned(), |at| format!("link file of {at:.0}"));
    [id, name, region, &made].map(String::as_str).join("\t")
}

fn open(settings: &Settings) -> Result<HqStore, Failure> {
    wiring::open_store(settings).map_err(|error| not_started(&error))
}

/// Writes the link file beside its place, lets the store in by it, and puts it there: whatever
/// fails on the way, the file that is there is the one that counts.
fn enrol(
    settings: &Settings,
    out: &Path,
    enrol: impl FnOnce(&Enrolment<'_>, &mut Keep<'_>) -> Result<LinkFile, EnrolmentError>,
) -> Result<(), Failure> {
    if let BrokerSettings::Own { port: 0, address: None, .. } = settings.broker {
        let text = "the broker's port is not known before headquarters runs";
        return Err(Failure::new(ExitCode::Settings, text)
            .hint("set broker.port, or broker.address with the port that stores reach"));
    }
    let authority = wiring::authority(settings).map_err(|error| not_started(&error))?;
    let enrolment = wiring::enrolment(settings, None, authority.as_ref());
    let enrolment = enrolment.map_err(|error| not_started(&error))?;
    let mut beside = out.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let enrolled = enrol(&enrolment, &mut |file| {
        let text = toml::to_string(file).map_err(io::Error::other)?;
        files::replace_file(&beside, text.as_bytes())
    });
    let file = enrolled.map_err(|error| {
        // Nobody is let in by it; where it was never written there is none.
        let _ = std::fs::remove_file(&beside);
        refused(out, &error)
    })?;
    std::fs::rename(&beside, out).map_err(|error| not_written(out, &error))?;
    exit::note(&format!(
        "{} is for the owner of {} alone: `hub run --link` reads it",
        out.display(),
        file.store
    ));
    Ok(())
}

fn not_written(out: &Path, error: &std::io::Error) -> Failure {
    let code = exit::code_of(error, ExitCode::CannotCreate);
    Failure::because(code, &format!("writing {}", out.display()), error)
}

fn refused(out: &Path, error: &EnrolmentError) -> Failure {
    match error {
        EnrolmentError::BadId(_) => Failure::new(ExitCode::Usage, error.to_string()),
        EnrolmentError::Exists(_) => Failure::new(ExitCode::Usage, error.to_string())
            .hint("`hq store rotate` gives it another one"),
        EnrolmentError::Unknown(store) => unknown(store),
        EnrolmentError::Keeping(error) => not_written(out, error),
        EnrolmentError::Store(error) => failed(error),
        EnrolmentError::Certificate(_) => {
            Failure::because(ExitCode::Software, "making the link file", error)
        }
    }
}

fn unknown(store: &str) -> Failure {
    Failure::new(ExitCode::NoInput, format!("there is no store {store} with a link file"))
        .hint("`hq store list` names them all")
}

fn failed(error: &StoreError) -> Failure {
    Failure::because(ExitCode::InputOutput, "headquarters' database", error)
}
