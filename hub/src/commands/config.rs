use service_kit::exit::{self, Failure};

use super::bad_settings;
use crate::cli::ConfigCommand;
use crate::price::bad_promotions;
use crate::promotions;
use crate::settings::{self, Flags};

pub(super) fn config(flags: &Flags, command: &ConfigCommand) -> Result<(), Failure> {
    match command {
        ConfigCommand::Check => {
            let settings = settings::load(flags).map_err(|error| bad_settings(&error))?;
            if let Some(file) = &settings.promotions.file {
                let read = promotions::read(file, settings.store.currency);
                read.map_err(|error| bad_promotions(&error))?;
            }
            exit::say("the settings hold")
        }
        ConfigCommand::Show => {
            let shown = settings::show(flags).map_err(|error| bad_settings(&error))?;
            exit::say(shown.trim_end())
        }
    }
}
