use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::Path;

use service_kit::exit::{self, ExitCode, Failure};
use service_kit::security::token::hex;
use store_journal::{OpenError, OpenOptions, VerifyReport};

use crate::cli::JournalCommand;
use crate::clock::{Clock as _, SystemClock};
use crate::places;
use crate::settings::Settings;

/// How every file of the database that a journal is begins.
const DATABASE_BEGINS: &[u8] = b"SQLite format 3\0";

/// The exit code that fits an error of the journal.
pub(super) fn code_of(error: &OpenError) -> ExitCode {
    match error {
        OpenError::BadRow { .. } | OpenError::Damaged { .. } | OpenError::OtherStore { .. } => {
            ExitCode::BadInput
        }
        OpenError::InUse(_) => ExitCode::TryAgain,
        OpenError::WouldLose(_) => ExitCode::CannotCreate,
        OpenError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            ExitCode::NoInput
        }
        OpenError::Io { source, .. } => exit::code_of(source, ExitCode::CannotCreate),
        _ => ExitCode::InputOutput,
    }
}

fn failure(doing: &str, error: &OpenError) -> Failure {
    let failure = Failure::because(code_of(error), doing, error);
    match error {
        OpenError::InUse(_) => failure
            .hint("stop the hub that runs on it; verify, export and backup work beside a hub"),
        OpenError::OtherStore { .. } => failure.hint("set store.id, or name another --data-dir"),
        _ => failure,
    }
}

pub(super) fn journal(settings: &Settings, command: &JournalCommand) -> Result<(), Failure> {
    let data_dir = &settings.data.dir;
    is_there(data_dir)?;
    match command {
        JournalCommand::Verify => {
            let report = store_journal::verify(data_dir, true)
                .map_err(|error| failure("verifying the journal", &error))?;
            exit::say(&lines(&report))
        }
        JournalCommand::Rebuild => {
            let rows = store_journal::rebuild(data_dir)
                .map_err(|error| failure("rebuilding the projections", &error))?;
            exit::say(&format!("projections made again from {rows} rows"))
        }
        JournalCommand::Export { to } => export(data_dir, to.as_deref()),
    }
}

/// A journal that is looked into must be there: opening one to write would make it.
fn is_there(data_dir: &Path) -> Result<(), Failure> {
    let path = places::journal(data_dir);
    match fs::metadata(&path) {
        Ok(found) if found.is_file() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(Failure::because(
            ExitCode::NoPermission,
            &format!("reading {}", path.display()),
            &error,
        )),
        _ => Err(Failure::new(
            ExitCode::NoInput,
            format!("there is no journal in {}", data_dir.display()),
        )
        .hint("name the store's directory with --data-dir")),
    }
}

/// Refuses to write over a file of the store's own.
fn spares_the_store(data_dir: &Path, to: &Path) -> Result<(), Failure> {
    let (Ok(target), Ok(own)) = (fs::canonicalize(to), fs::canonicalize(data_dir)) else {
        // What is not there yet is nobody's.
        return Ok(());
    };
    if target.is_file() && target.parent() == Some(own.as_path()) {
        let text = format!("{} is a file of the store itself", to.display());
        return Err(Failure::new(ExitCode::CannotCreate, text).hint("name another file"));
    }
    Ok(())
}

fn export(data_dir: &Path, to: Option<&Path>) -> Result<(), Failure> {
    let exported = match to {
        Some(path) => {
            spares_the_store(data_dir, path)?;
            let file = File::create(path).map_err(|error| {
                let code = exit::code_of(&error, ExitCode::CannotCreate);
                Failure::because(code, &format!("writing {}", path.display()), &error)
            })?;
            let mut out = BufWriter::new(file);
            let rows = store_journal::export(data_dir, &mut out);
            out.flush().map_err(|error| {
                let doing = format!("writing {}", path.display());
                Failure::because(ExitCode::InputOutput, &doing, &error)
            })?;
            rows
        }
        None => store_journal::export(data_dir, BufWriter::new(io::stdout().lock())),
    };
    match exported {
        Ok(rows) => exit::note(&format!("{rows} rows")),
        // Whoever reads the rows has seen enough.
        Err(OpenError::Io { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(failure("exporting the journal", &error)),
    }
    Ok(())
}

fn lines(report: &VerifyReport) -> String {
    let line = |stream: &store_journal::Head| {
        let digest = hex(&stream.digest);
        format!("stream {} sequence {} digest {digest}", stream.stream, stream.sequence)
    };
    report.streams.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn backup(settings: &Settings, to: &Path) -> Result<(), Failure> {
    let data_dir = &settings.data.dir;
    is_there(data_dir)?;
    spares_the_store(data_dir, to)?;
    if to.is_dir() {
        let text = format!("{} is a directory", to.display());
        return Err(Failure::new(ExitCode::CannotCreate, text).hint("name a file in it"));
    }
    let doing = "backing the journal up";
    store_journal::backup_to(data_dir, to).map_err(|error| match &error {
        OpenError::Io { source, .. } => {
            Failure::because(exit::code_of(source, ExitCode::CannotCreate), doing, &error)
        }
        error => failure(doing, error),
    })?;
    exit::say(&format!("backup written to {}", to.display()))
}

/// Whether a file can be a backup at all.
fn is_backup(path: &Path) -> Result<(), Failure> {
    let mut begins = Vec::new();
    let read = File::open(path)
        .and_then(|file| file.take(DATABASE_BEGINS.len() as u64).read_to_end(&mut begins));
    read.map_err(|error| {
        let code = exit::code_of(&error, ExitCode::NoInput);
        Failure::because(code, &format!("reading {}", path.display()), &error)
    })?;
    if begins == DATABASE_BEGINS {
        return Ok(());
    }
    let text = format!("{} is not a backup of a hub", path.display());
    Err(Failure::new(ExitCode::BadInput, text).hint("`hub backup --to FILE` writes one"))
}

pub(super) fn restore(settings: &Settings, backup: &Path, force: bool) -> Result<(), Failure> {
    is_backup(backup)?;
    let clock = SystemClock::start(&settings.store.time_zone, None)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the clock", &error))?;
    let software = concat!("hub ", env!("CARGO_PKG_VERSION"));
    let options = OpenOptions::new(settings.store.id.clone(), software, clock.now(None));
    store_journal::restore(backup, &settings.data.dir, &options, force)
        .map_err(|error| failure("restoring the journal", &error))?;
    exit::say("journal restored; it goes on in a new stream")
}
