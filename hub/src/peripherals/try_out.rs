//! Tries a device: prints a page, opens the drawer, beeps, weighs, shows, lights its lamps.

use std::time::Duration;

use devices::customer_display::{DisplayLine, DisplayTask};
use devices::printer::{DrawerPin, PrintError, PrintJob, PrintJobId, PrinterTask};
use devices::signal::{SignalState, SignalTask};
use devices::worker::Tasks;
use serde::Deserialize;
use store_core::device::{Device, DeviceKind};
use store_core::receipt::{Align, Element, ReceiptDocument, TextSize};
use store_core::{DeviceId, Quantity, WorkstationId};
use tokio::sync::oneshot;
use utoipa::ToSchema;
use uuid::Uuid;

use super::start::Handle;
use super::{Peripherals, drawers};

/// How long a trial may take: a page of a slow serial printer takes some seconds.
const TRIAL_MAX: Duration = Duration::from_secs(20);
/// How long each state of the lamps is shown: long enough to look up.
const LAMP_STEP: Duration = Duration::from_secs(1);
/// What the codes of a test page say besides the device's name: as long as on a receipt.
const CODE_DIGITS: &str = "11512AB123456781234";
/// Dots that the bar code of a test page is high: 8 mm.
const BAR_HEIGHT_DOTS: u8 = 64;
/// Dots of a module of its QR code.
const MODULE_DOTS: u8 = 4;

/// What a device is to do to show that it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "action", deny_unknown_fields)]
pub enum Trial {
    /// Prints a page with letters, codes and every column.
    TestPage,
    /// Opens the drawer.
    OpenDrawer,
    /// Beeps.
    Beep,
    /// Says what lies on it.
    Weigh,
    /// Shows two lines, until its register has something else to show.
    Show,
    /// Lights one lamp after the other, then shows how the store is.
    Lamps,
}

/// A device was not tried, or did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialError {
    /// There is no such device.
    NoDevice,
    /// It does nothing of the kind.
    NoAction,
    /// It did not do it, for this reason.
    Failed(&'static str),
}

impl Peripherals {
    /// Whose money a trial lays open: of the registers whose drawer it is, the one where somebody
    /// is who tries it, or else the first. None where it opens no drawer.
    #[must_use]
    pub fn opens_drawer_of(
        &self,
        id: &DeviceId,
        trial: Trial,
        here: Option<&WorkstationId>,
    ) -> Option<WorkstationId> {
        let devices = self.devices();
        let device = devices.all().iter().find(|device| device.id == *id)?;
        let opened = match (trial, device.kind) {
            (Trial::OpenDrawer, DeviceKind::ReceiptPrinter) => (id.clone(), DrawerPin::Pin2),
            (Trial::OpenDrawer, DeviceKind::CashDrawer) => drawers::at(&devices, device)?,
            _ => return None,
        };
        let hangs_there = |at: &&WorkstationId| {
            drawers::of_register(&devices, at).is_some_and(|place| place == opened)
        };
        let registers = &self.0.ground.workstations;
        let whose = here.filter(hangs_there).or_else(|| registers.iter().find(hangs_there));
        // Nobody's drawer opens all the same: whoever is there answers for it.
        whose.or(here).or_else(|| registers.first()).cloned()
    }

    /// Has a device do something; answers the weight, where it was weighed.
    ///
    /// # Errors
    /// [`TrialError`].
    pub async fn try_out(
        &self,
        id: &DeviceId,
        trial: Trial,
    ) -> Result<Option<Quantity>, TrialError> {
        match trial {
            Trial::Weigh => self.weigh(id).map(Some),
            Trial::Show => self.show(id).map(|()| None),
            Trial::Lamps => self.light(id).await.map(|()| None),
            Trial::TestPage | Trial::OpenDrawer | Trial::Beep => {
                self.print(id, trial).await.map(|()| None)
            }
        }
    }

    fn weigh(&self, id: &DeviceId) -> Result<Quantity, TrialError> {
        let running = self.running();
        let started = running.started.get(id).ok_or(TrialError::NoDevice)?;
        let Handle::Scale(scale) = &started.handle else { return Err(TrialError::NoAction) };
        let view = scale.view.borrow();
        view.weight.ok_or(TrialError::Failed(view.state))
    }

    fn show(&self, id: &DeviceId) -> Result<(), TrialError> {
        let running = self.running();
        let started = running.started.get(id).ok_or(TrialError::NoDevice)?;
        let Handle::Display(display) = &started.handle else { return Err(TrialError::NoAction) };
        let line = |text: &str, latin: &str| DisplayLine {
            text: text.to_owned(),
            latin: latin.to_owned(),
        };
        let lines =
            [line("測試 Test", "TEST"), line("12345678901234567890", "12345678901234567890")];
        let handed = display.hand_in(DisplayTask::Show { lines });
        handed.map_err(|_| TrialError::Failed("silent"))
    }

    async fn light(&self, id: &DeviceId) -> Result<(), TrialError> {
        let signal = self.signal_of(id)?;
        let rest = SignalState { sells: true, ..SignalState::default() };
        for state in [
            rest,
            SignalState { needs_care: true, ..rest },
            SignalState { broken: true, ..rest },
            SignalState { stock_alert: true, ..rest },
        ] {
            let handed = signal.hand_in(SignalTask::Set(state));
            handed.map_err(|_| TrialError::Failed("silent"))?;
            tokio::time::sleep(LAMP_STEP).await;
        }
        // Whoever follows how the store is shows it anew.
        self.0.changes.send_modify(|generation| *generation += 1);
        Ok(())
    }

    fn signal_of(&self, id: &DeviceId) -> Result<Tasks<SignalTask>, TrialError> {
        let running = self.running();
        let started = running.started.get(id).ok_or(TrialError::NoDevice)?;
        match &started.handle {
            Handle::Signal(signal) => Ok(signal.clone()),
            _ => Err(TrialError::NoAction),
        }
    }

    async fn print(&self, id: &DeviceId, trial: Trial) -> Result<(), TrialError> {
        let (reply, done) = oneshot::channel();
        let is_heard = self.hand_in(id, trial, reply)?;
        if !is_heard {
            return Ok(());
        }
        match tokio::time::timeout(TRIAL_MAX, done).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(error))) => Err(TrialError::Failed(error.code())),
            Ok(Err(_)) | Err(_) => Err(TrialError::Failed("printer_offline")),
        }
    }

    /// Gives a device's thread the task; answers whether it says when it is done.
    fn hand_in(
        &self,
        id: &DeviceId,
        trial: Trial,
        reply: oneshot::Sender<Result<(), PrintError>>,
    ) -> Result<bool, TrialError> {
        let running = self.running();
        let device = running.devices.all().iter().find(|device| device.id == *id);
        let device = device.ok_or(TrialError::NoDevice)?;
        // Whoever asked may be gone; the paper says enough.
        let reply = Box::new(move |result| drop(reply.send(result)));
        let (at, task) = match (device.kind, trial) {
            (DeviceKind::ReceiptPrinter, Trial::TestPage) => {
                let (_, random) = Uuid::now_v7().as_u64_pair();
                let job = PrintJob { id: PrintJobId(random), document: test_page(device) };
                (id.clone(), PrinterTask::Print { job, reply })
            }
            (DeviceKind::ReceiptPrinter, Trial::Beep) => (id.clone(), PrinterTask::Beep),
            (DeviceKind::ReceiptPrinter, Trial::OpenDrawer) => {
                (id.clone(), PrinterTask::OpenDrawer { drawer: DrawerPin::Pin2, reply })
            }
            (DeviceKind::CashDrawer, Trial::OpenDrawer) => {
                let (printer, drawer) =
                    drawers::at(&running.devices, device).ok_or(TrialError::NoAction)?;
                (printer, PrinterTask::OpenDrawer { drawer, reply })
            }
            _ => return Err(TrialError::NoAction),
        };
        let is_heard = !matches!(task, PrinterTask::Beep);
        let Some(Handle::Printer(printer)) = running.started.get(&at).map(|it| &it.handle) else {
            return Err(TrialError::Failed("printer_offline"));
        };
        let handed = printer.printer.tasks.hand_in(task);
        handed.map_err(|_| TrialError::Failed("printer_failed"))?;
        Ok(is_heard)
    }
}

/// A page that shows whether letters, columns, codes and the knife are as they should be.
fn test_page(device: &Device) -> ReceiptDocument {
    let text = |text: &str, size, is_bold| Element::Text {
        text: text.to_owned(),
        align: Align::Centre,
        is_bold,
        size,
    };
    let ruler: String = (1..=96).map(|at| char::from(b'0' + at % 10)).collect();
    let rule =
        Element::Text { text: ruler, align: Align::Left, is_bold: false, size: TextSize::Normal };
    let amounts = |left: &str, right: &str| Element::Columns {
        left: left.to_owned(),
        right: right.to_owned(),
        indent: 0,
        is_bold: false,
        size: TextSize::Normal,
    };
    ReceiptDocument::new(vec![
        text(device.id.as_str(), TextSize::Double, true),
        text("測試列印 Test page", TextSize::Normal, true),
        Element::Rule,
        rule,
        Element::Rule,
        amounts("鮮乳 936ml 堃記茶葉蛋", "$1,234"),
        amounts("Crème brûlée ×2", "-$56.78"),
        Element::Feed { rows: 1 },
        Element::Barcode { text: CODE_DIGITS.to_owned(), height_dots: BAR_HEIGHT_DOTS },
        Element::Qr { text: format!("{CODE_DIGITS} {}", device.id), module_dots: MODULE_DOTS },
        Element::Feed { rows: 2 },
        Element::Cut,
    ])
}
