//! Peripherals at the command line: what is plugged in, what it seems to be, whether it works, and
//! the settings that it makes.

mod fragment;
mod list;
mod look;
mod say;

use devices::port::SystemRoot;
use service_kit::exit::{self, Failure};

use self::fragment::Fragment;
use crate::cli::{DevicesCommand, ScanArgs};
use crate::settings::Settings;

pub(super) fn devices(settings: &Settings, command: &DevicesCommand) -> Result<(), Failure> {
    match command {
        DevicesCommand::Scan(args) => scan(settings, args),
        DevicesCommand::List { json } => list::list(settings, *json),
    }
}

fn scan(settings: &Settings, args: &ScanArgs) -> Result<(), Failure> {
    // What cannot be written is said before anybody goes from device to device.
    let target = args.write.as_deref().map(|path| fragment::target(path, args.force));
    let target = target.transpose()?;
    let seen = look::look(&SystemRoot::default(), args, &settings.devices);
    exit::say(&if args.json { say::json(&seen) } else { say::text(&seen) })?;
    let mut fragment = Fragment::new(&settings.devices);
    seen.iter().filter(|seen| seen.used_by.is_none()).for_each(|seen| fragment.add_answered(seen));
    match target {
        Some(target) => fragment.write(&target, settings.registers),
        None => Ok(()),
    }
}
