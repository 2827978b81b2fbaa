//! What the program does: one file for each command.

mod broker;
mod config;
mod policy;
mod rebuild;
mod run;
mod store;

use service_kit::exit::{self, ExitCode, Failure};
use service_kit::settings::SettingsError;
use service_kit::words;

use crate::cli::{Cli, Command, Seat};
use crate::settings::{self, Flags, Settings};

/// Does what the command line says.
///
/// # Errors
/// [`Failure`]: one line that says what went wrong and what to do.
pub fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Run { seat, broker, port } => {
            broker.as_deref().map_or(Ok(()), without_secret)?;
            run::run(loaded(&Flags { broker, port, ..flags(&seat) })?)
        }
        Command::Broker { seat, port } => {
            broker::broker(loaded(&Flags { broker_port: port, ..flags(&seat) })?)
        }
        Command::Store { seat, command } => store::store(&loaded(&flags(&seat))?, &command),
        Command::Policy { seat, command } => policy::policy(&loaded(&flags(&seat))?, command),
        Command::Rebuild { seat } => rebuild::rebuild(&loaded(&flags(&seat))?),
        Command::Completions { shell } => words::complete::<Cli>("hq", shell),
        Command::Config { seat, command } => config::config(&flags(&seat), &command),
    }
}

/// Refuses a broker that is named together with its secret: whoever is on this machine reads every
/// process's arguments.
fn without_secret(broker: &str) -> Result<(), Failure> {
    let place = broker.split_once("://").map_or(broker, |(_, place)| place);
    let login = place.rsplit_once('@').map(|(login, _)| login);
    if login.is_none_or(|login| !login.contains(':')) {
        return Ok(());
    }
    let text = "--broker has a secret in it, which everybody on this machine could read in the \
                list of processes";
    Err(Failure::new(ExitCode::Usage, text).hint(
        "name the broker as mqtts://user@host:port, and give its secret as broker.secret or \
         broker.secret_file in the settings file, or as HQ_BROKER__SECRET",
    ))
}

fn flags(seat: &Seat) -> Flags {
    Flags { config: seat.config.clone(), data_dir: seat.data_dir.clone(), ..Flags::default() }
}

fn loaded(flags: &Flags) -> Result<Settings, Failure> {
    settings::load(flags).map_err(|error| bad_settings(&error))
}

fn bad_settings(error: &SettingsError) -> Failure {
    let code = match error {
        SettingsError::Unreadable(_, source) => exit::code_of(source, ExitCode::NoInput),
        _ => ExitCode::Settings,
    };
    Failure::because(code, "the settings do not hold", error)
        .hint("`hq config show` without that value prints every key there is")
}
