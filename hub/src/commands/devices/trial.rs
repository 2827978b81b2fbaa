//! Trying what was found, with somebody who looks on: the same trials as on the screen, by the
//! same drivers. Nothing prints, opens, lights or keeps a keyboard to itself unless they agree.

use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::System;
use devices::discovery::Kind;
use devices::port::PortAddress;
use devices::scale::ScaleProtocol;
use serde_json::Value;
use service_kit::exit::{self, ExitCode, Failure};
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind, Devices};
use tokio::time::timeout;

use super::fragment::Fragment;
use super::person::Person;
use super::say::kind_word;
use crate::clock::SystemClock;
use crate::peripherals::{Asked, DeviceView, GPIO, Peripherals, Seen, Spared, Trial, TrialError};
use crate::settings::Settings;

/// How long a device may take to begin: its driver looks twice in that time.
const START_MAX: Duration = Duration::from_secs(6);
/// How long somebody may take to put something on a scale, or to scan something.
const HAND_MAX: Duration = Duration::from_secs(30);
/// How often a scale is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(200);

/// Kinds that a line may have behind it, as somebody types them.
const KINDS: [(&str, DeviceKind); 5] = [
    ("printer", DeviceKind::ReceiptPrinter),
    ("scanner", DeviceKind::Scanner),
    ("scale", DeviceKind::Scale),
    ("display", DeviceKind::CustomerDisplay),
    ("terminal", DeviceKind::CardTerminal),
];

/// Goes from one thing to the next with a person, and adds what they confirm.
///
/// # Errors
/// [`Failure`]: the store's clock does not start, without which nothing does.
pub(super) fn try_all<R: BufRead>(
    settings: &Settings,
    seen: &[Seen],
    person: &mut Person<R>,
    fragment: &mut Fragment,
) -> Result<(), Failure> {
    let clock = SystemClock::start(&settings.store.time_zone, None)
        .map_err(|error| Failure::because(ExitCode::Settings, "starting the clock", &error))?;
    let clock = Arc::new(clock);
    for seen in seen {
        let Some(device) = candidate(seen, person, fragment) else { continue };
        let devices = Devices::of(vec![device.clone()], settings.registers);
        match devices {
            Ok(devices) => {
                let mut alone = settings.clone();
                alone.printer.is_simulated = false;
                let peripherals = Peripherals::start(&alone, devices, clock.clone());
                let tried = Attempt { peripherals, device, registers: settings.registers };
                System::new().block_on(tried.with(person, fragment));
            }
            Err(fault) => exit::note(&format!("It cannot be started: {fault}")),
        }
    }
    Ok(())
}

/// What something may be set up as; nothing where it is, or where nobody wants it.
fn candidate<R: BufRead>(
    seen: &Seen,
    person: &mut Person<R>,
    fragment: &Fragment,
) -> Option<Device> {
    let place = seen.place();
    if let Some(id) = &seen.used_by {
        exit::note(&format!("{place} is {id} of the settings: not tried"));
        return None;
    }
    if matches!(seen.asked, Asked::Not(Spared::Console | Spared::InUse)) {
        return None;
    }
    if let Some(device) = fragment.answered(seen) {
        let question = format!("{place} answered as a {}. Try it?", kind_word(seen.kind()));
        return person.agrees(&question).then_some(device);
    }
    if seen.kind() == Kind::Gpio {
        let question = format!("{place}: are a stack light and contacts at its lines? Try them?");
        let light = fragment.device(DeviceKind::Signal, GPIO.to_owned());
        return light.filter(|_| person.agrees(&question));
    }
    let address = seen.address()?;
    let kind = match seen.kind() {
        Kind::Keyboard => {
            let question = format!(
                "{place} is a keyboard. Is it a scanner? Then its keys go nowhere else meanwhile."
            );
            person.agrees(&question).then_some(DeviceKind::Scanner)
        }
        Kind::ReceiptPrinter => wanted(&place, seen, person, DeviceKind::ReceiptPrinter),
        Kind::Scanner => wanted(&place, seen, person, DeviceKind::Scanner),
        Kind::Scale => wanted(&place, seen, person, DeviceKind::Scale),
        Kind::CustomerDisplay => wanted(&place, seen, person, DeviceKind::CustomerDisplay),
        Kind::CardTerminal => wanted(&place, seen, person, DeviceKind::CardTerminal),
        _ => {
            let words = KINDS.map(|(word, _)| word);
            let word = person.choose(&format!("What is at {place}?"), &words)?;
            KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
        }
    };
    set_up(fragment, kind?, address, person)
}

fn wanted<R: BufRead>(
    place: &str,
    seen: &Seen,
    person: &mut Person<R>,
    kind: DeviceKind,
) -> Option<DeviceKind> {
    let question = format!("{place} seems to be a {}. Try it?", kind_word(seen.kind()));
    person.agrees(&question).then_some(kind)
}

/// A device at an address, with what has to be known of its kind.
fn set_up<R: BufRead>(
    fragment: &Fragment,
    kind: DeviceKind,
    address: &PortAddress,
    person: &mut Person<R>,
) -> Option<Device> {
    let mut address = address.clone();
    let mut option = None;
    match (kind, &mut address) {
        (DeviceKind::Scale, PortAddress::HidRaw(_)) => option = Some(("protocol", "usb_hid")),
        (DeviceKind::Scale, at) => {
            let words = ["toledo_8217", "sma", "cas_stream", "cas_ecr", "dibal", "dialog_06"];
            let word = person.choose("What does the scale speak?", &words)?;
            let protocol: ScaleProtocol = serde_json::from_value(Value::from(word)).ok()?;
            if let PortAddress::Serial { line, .. } = at {
                *line = protocol.usual_line();
            }
            option = Some(("protocol", word));
        }
        (DeviceKind::CustomerDisplay, _) => {
            let words = ["cd5220", "epson", "logic_controls"];
            option = Some(("dialect", person.choose("What does the display obey?", &words)?));
        }
        _ => {}
    }
    let mut device = fragment.device(kind, address.to_string())?;
    if let Some((name, value)) = option {
        device.options.insert(name.to_owned(), Value::from(value));
    }
    Some(device)
}

/// A device at work, to be tried.
struct Attempt {
    peripherals: Peripherals,
    device: Device,
    registers: u16,
}

impl Attempt {
    /// Tries it, and adds it where the person says that it works.
    async fn with<R: BufRead>(mut self, person: &mut Person<R>, fragment: &mut Fragment) {
        let worked = self.try_out(person).await;
        if !worked {
            exit::note("It is not taken up.");
            return;
        }
        self.device.registers = person.registers(self.registers);
        let printer = self.device.clone();
        fragment.add(self.device.clone());
        if printer.kind == DeviceKind::ReceiptPrinter && self.drawer(person).await {
            let drawer = fragment.device(DeviceKind::CashDrawer, String::new());
            if let Some(mut drawer) = drawer {
                drawer.registers.clone_from(&printer.registers);
                let at = Value::from(printer.id.as_str());
                drawer.options.insert("printer".to_owned(), at);
                fragment.add(drawer);
            }
        }
    }

    async fn try_out<R: BufRead>(&self, person: &mut Person<R>) -> bool {
        let condition = self.begun(&self.device.id).await;
        exit::note(&format!("It is {condition}."));
        if self.device.kind == DeviceKind::CardTerminal {
            return person.agrees(
                "A card terminal is tried by a payment alone, which is for the till. Take it up?",
            );
        }
        match self.device.kind {
            DeviceKind::ReceiptPrinter => {
                person.agrees("Print a test page?")
                    && self.does(Trial::TestPage).await
                    && person.agrees("Did the page come out, with both codes and cut?")
            }
            DeviceKind::Scale => self.weigh(person).await,
            DeviceKind::Scanner => self.scan(person).await,
            DeviceKind::CustomerDisplay => {
                self.does(Trial::Show).await && person.agrees("Does it show two lines?")
            }
            DeviceKind::Signal => {
                person.agrees("Light each lamp for a second?")
                    && self.does(Trial::Lamps).await
                    && person.agrees("Did each lamp light?")
            }
            DeviceKind::CashDrawer | DeviceKind::CardTerminal => false,
        }
    }

    async fn drawer<R: BufRead>(&self, person: &mut Person<R>) -> bool {
        person.agrees("Is a cash drawer plugged into the printer? It opens now.")
            && self.does(Trial::OpenDrawer).await
            && person.agrees("Did it open?")
    }

    /// How it is once it has begun.
    async fn begun(&self, id: &DeviceId) -> &'static str {
        let mut board = self.peripherals.board().watch();
        let is_there = |condition: &str| !["starting", "silent"].contains(&condition);
        let condition = move |board: &[DeviceView]| {
            let view = board.iter().find(|view| view.id == *id);
            view.map_or("absent", |view| view.condition)
        };
        let begun = board.wait_for(|board| is_there(condition(board)));
        // One that does not answer is silent, and may come to itself while it is waited for.
        let _ = timeout(START_MAX, begun).await;
        condition(&self.peripherals.board().now())
    }

    async fn does(&self, trial: Trial) -> bool {
        match self.peripherals.try_out(&self.device.id, trial).await {
            Ok(_) => true,
            Err(TrialError::Failed(code)) => {
                exit::note(&format!("It did not: {code}"));
                false
            }
            Err(TrialError::NoDevice | TrialError::NoAction) => false,
        }
    }

    async fn weigh<R: BufRead>(&self, person: &mut Person<R>) -> bool {
        exit::note("Put something on it.");
        let weighed = timeout(HAND_MAX, async {
            loop {
                let weight = self.peripherals.try_out(&self.device.id, Trial::Weigh).await;
                if let Ok(Some(weight)) = weight {
                    return weight;
                }
                tokio::time::sleep(LOOK).await;
            }
        });
        match weighed.await {
            Ok(weight) => person.agrees(&format!("It says {weight}. Is that so?")),
            Err(_) => {
                exit::note("It said no weight.");
                false
            }
        }
    }

    async fn scan<R: BufRead>(&self, person: &mut Person<R>) -> bool {
        let mut scans = self.peripherals.scans();
        exit::note("Scan something.");
        let heard = timeout(HAND_MAX, scans.recv()).await;
        // Whoever took their own keyboard for a scanner must be able to answer.
        self.peripherals.apply(Devices::default());
        match heard {
            Ok(Ok(heard)) => person.agrees(&format!("It read {:?}. Is that so?", heard.code)),
            _ => {
                exit::note("It read nothing.");
                false
            }
        }
    }
}
