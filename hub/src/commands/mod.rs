//! What the program does: one file for each command.

mod config;
mod demo;
mod devices;
mod import;
mod journal;
mod replay;
pub(crate) mod run;

use std::sync::Arc;

use crate::cli::{Cli, Command, Place};
use crate::price;
use crate::promotions;
use crate::settings::{self, Flags, Settings, SettingsError};
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::words;

/// Does what the command line says.
///
/// # Errors
/// [`Failure`]: one line that says what went wrong and what to do.
pub fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Run { place, port, link } => {
            let flags = Flags { port, link, ..flags(&place) };
            run::run(&settings(&flags)?)
        }
        Command::Import { place, catalogue } => {
            import::import(settings(&flags(&place))?.as_ref(), &catalogue)
        }
        Command::Journal { place, command } => {
            journal::journal(settings(&flags(&place))?.as_ref(), &command)
        }
        Command::Backup { place, to } => journal::backup(settings(&flags(&place))?.as_ref(), &to),
        Command::Restore { place, backup, force } => {
            journal::restore(settings(&flags(&place))?.as_ref(), &backup, force)
        }
        Command::Demo(args) => demo::demo(&args),
        Command::DemoHq(args) => demo::headquarters(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Price { place, args } => price::price(&args, settings(&flags(&place))?.as_ref()),
        Command::Promo { place, command } => {
            promotions::command(&command, settings(&flags(&place))?.as_ref())
        }
        Command::Devices { place, command } => {
            devices::devices(settings(&flags(&place))?.as_ref(), &command)
        }
        Command::Completions { shell } => words::complete::<Cli>("hub", shell),
        Command::Config { place, command } => config::config(&flags(&place), &command),
    }
}

fn flags(place: &Place) -> Flags {
    let Place { config, data_dir } = place.clone();
    Flags { config, data_dir, ..Flags::default() }
}

/// The settings that hold under some flags.
pub(crate) fn settings(flags: &Flags) -> Result<Arc<Settings>, Failure> {
    settings::load(flags).map(Arc::new).map_err(|error| bad_settings(&error))
}

fn bad_settings(error: &SettingsError) -> Failure {
    let code = match error {
        SettingsError::Unreadable(_, source) => exit::code_of(source, ExitCode::NoInput),
        _ => ExitCode::Settings,
    };
    Failure::because(code, "the settings do not hold", error)
        .hint("`hub config show` without that value prints every key there is")
}
