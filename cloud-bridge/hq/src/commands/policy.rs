use std::io;

use jiff::Timestamp;
use service_kit::exit::{ExitCode, Failure};

use super::run::not_started;
use crate::keys::PolicyKey;
use crate::policy::command::{self, CommandError};
use crate::policy::{PolicyCommand, PushError};
use crate::settings::Settings;
use crate::wiring::{self, StartError};

pub(super) fn policy(settings: &Settings, command: PolicyCommand) -> Result<(), Failure> {
    let opened = wiring::open_store(settings).map_err(|error| not_started(&error))?;
    let mut store = opened;
    let key = PolicyKey::open(&settings.data_dir)
        .map_err(|error| not_started(&StartError::Keys(error)))?;
    let when = (settings.chain.id.as_str(), Timestamp::now());
    let done = command::run(command, &mut store, key.pair(), when, &mut io::stdout().lock());
    done.map_err(|error| failure(&error))
}

fn failure(error: &CommandError) -> Failure {
    let code = match error {
        // Whoever stopped reading has seen enough, and the work is done.
        CommandError::Output(_) => ExitCode::InputOutput,
        CommandError::Push(error) => match error {
            PushError::Faults(_) => ExitCode::BadInput,
            PushError::UnknownStore(_) | PushError::NotWithdrawn { .. } => ExitCode::NoInput,
            PushError::Overtaken { .. } => ExitCode::Usage,
            PushError::Store(_) => ExitCode::InputOutput,
        },
    };
    Failure::new(code, error.to_string())
}
