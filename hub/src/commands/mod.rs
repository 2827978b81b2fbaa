//! What the program does: one file for each command.

mod config;
mod demo;
mod import;
mod journal;
mod replay;
mod run;

use std::sync::Arc;

use crate::cli::{self, Cli, Command, Place};
use crate::settings::{self, Flags, Settings, SettingsError};
use service_kit::exit::{self, ExitCode, Failure};

/// Does what the command line says.
///
/// # Errors
/// [`Failure`]: one line that says what went wrong and what to do.
pub fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Run { place, port } => run::run(&settings(&place, port)?),
        Command::Import { place, catalogue } => {
            import::import(settings(&place, None)?.as_ref(), &catalogue)
        }
        Command::Journal { place, command } => {
            journal::journal(settings(&place, None)?.as_ref(), &command)
        }
        Command::Backup { place, to } => journal::backup(settings(&place, None)?.as_ref(), &to),
        Command::Restore { place, backup, force } => {
            journal::restore(settings(&place, None)?.as_ref(), &backup, force)
        }
        Command::Demo(args) => demo::demo(&args),
        Command::DemoHq(args) => demo::headquarters(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Completions { shell } => exit::say(cli::completions(shell).trim_end()),
        Command::Config { place, command } => config::config(&flags(&place, None), &command),
    }
}

fn flags(place: &Place, port: Option<u16>) -> Flags {
    Flags { config: place.config.clone(), data_dir: place.data_dir.clone(), port }
}

fn settings(place: &Place, port: Option<u16>) -> Result<Arc<Settings>, Failure> {
    settings::load(&flags(place, port)).map(Arc::new).map_err(|error| bad_settings(&error))
}

fn bad_settings(error: &SettingsError) -> Failure {
    let code = match error {
        SettingsError::Unreadable(_, source) => exit::code_of(source, ExitCode::NoInput),
        _ => ExitCode::Settings,
    };
    Failure::because(code, "the settings do not hold", error)
        .hint("`hub config show` without that value prints every key there is")
}
