//! Peripherals at the command line: what is plugged in, what it seems to be, whether it works, and
//! the settings that it makes.

mod fragment;
mod list;
mod look;
mod person;
mod say;
mod trial;

use devices::port::SystemRoot;
use service_kit::exit::{self, Failure};

use store_core::device::Devices;
use store_core::policy::Bundle;

use self::fragment::Fragment;
use self::person::Person;
use crate::cli::{DevicesCommand, ScanArgs};
use crate::peripherals::{ChosenDevices, Seen};
use crate::settings::Settings;

pub(super) fn devices(settings: &Settings, command: &DevicesCommand) -> Result<(), Failure> {
    match command {
        DevicesCommand::Scan(args) => scan(settings, args),
        DevicesCommand::List { json } => list::list(&chosen(settings), *json),
    }
}

/// The devices that a hub of these settings starts with, where headquarters decides none: those
/// that were set on a screen, or else those of the settings.
fn chosen(settings: &Settings) -> Devices {
    ChosenDevices::open(settings).under(&Bundle::default())
}

fn scan(settings: &Settings, args: &ScanArgs) -> Result<(), Failure> {
    // What cannot be done at the end is said before anybody goes from device to device.
    let target = args.write.as_deref().map(|path| fragment::target(path, args.force));
    let target = target.transpose()?;
    let mut person = args.try_out.then(Person::here).transpose()?;
    let devices = chosen(settings);
    let seen = look::look(&SystemRoot::default(), args, &devices);
    exit::say(&if args.json { say::json(&seen) } else { say::text(&seen) })?;
    let mut fragment = Fragment::new(&devices);
    match &mut person {
        Some(person) => trial::try_all(settings, &seen, person, &mut fragment)?,
        None => {
            let is_new = |seen: &&Seen| seen.used_by.is_none();
            seen.iter().filter(is_new).for_each(|seen| fragment.add_answered(seen));
        }
    }
    match target {
        Some(target) => fragment.write(&target, settings.registers),
        None => Ok(()),
    }
}
