use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use store_journal::{OpenError, OpenOptions, VerifyReport};

use crate::cli::JournalCommand;
use crate::clock::{Clock as _, SystemClock};
use crate::exit::{ExitCode, Failure};
use crate::security::token::hex;
use crate::settings::Settings;

/// The exit code that fits an error of the journal.
fn failure(doing: &str, error: &OpenError) -> Failure {
    let code = match error {
        OpenError::BadRow { .. } | OpenError::Damaged { .. } | OpenError::OtherStore { .. } => {
            ExitCode::BadInput
        }
        OpenError::InUse(_) => ExitCode::TryAgain,
        OpenError::WouldLose(_) => ExitCode::CannotCreate,
        OpenError::Io { .. } => ExitCode::NoInput,
        _ => ExitCode::InputOutput,
    };
    Failure::because(code, doing, error)
}

pub(super) fn journal(settings: &Settings, command: &JournalCommand) -> Result<(), Failure> {
    let data_dir = &settings.data.dir;
    match command {
        JournalCommand::Verify => {
            let report = store_journal::verify(data_dir, true)
                .map_err(|error| failure("verifying the journal", &error))?;
            print_report(&report);
        }
        JournalCommand::Rebuild => {
            let rows = store_journal::rebuild(data_dir)
                .map_err(|error| failure("rebuilding the projections", &error))?;
            println!("projections made again from {rows} rows");
        }
        JournalCommand::Export { to } => {
            let exported = match to {
                Some(path) => {
                    let file = File::create(path).map_err(|error| {
                        let doing = format!("writing {}", path.display());
                        Failure::because(ExitCode::CannotCreate, &doing, &error)
                    })?;
                    let mut out = BufWriter::new(file);
                    let rows = store_journal::export(data_dir, &mut out);
                    out.flush().map_err(|error| {
                        Failure::because(ExitCode::InputOutput, "writing the export", &error)
                    })?;
                    rows
                }
                None => store_journal::export(data_dir, BufWriter::new(io::stdout().lock())),
            };
            let rows = exported.map_err(|error| failure("exporting the journal", &error))?;
            eprintln!("{rows} rows");
        }
    }
    Ok(())
}

fn print_report(report: &VerifyReport) {
    for stream in &report.streams {
        println!(
            "stream {} sequence {} digest {}",
            stream.stream,
            stream.sequence,
            hex(&stream.digest)
        );
    }
}

pub(super) fn backup(settings: &Settings, to: &Path) -> Result<(), Failure> {
    store_journal::backup_to(&settings.data.dir, to)
        .map_err(|error| failure("backing the journal up", &error))?;
    println!("backup written to {}", to.display());
    Ok(())
}

pub(super) fn restore(settings: &Settings, backup: &Path, force: bool) -> Result<(), Failure> {
    let clock = SystemClock::start(&settings.store.time_zone, None)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the clock", &error))?;
    let software = concat!("hub ", env!("CARGO_PKG_VERSION"));
    let options = OpenOptions::new(settings.store.id.clone(), software, clock.now(None));
    store_journal::restore(backup, &settings.data.dir, &options, force)
        .map_err(|error| failure("restoring the journal", &error))?;
    println!("journal restored; it goes on in a new stream");
    Ok(())
}
