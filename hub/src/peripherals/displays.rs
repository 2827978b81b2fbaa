//! Customer displays: two lines that follow a register.

use std::io;
use std::sync::Arc;

use devices::customer_display::{
    DisplayDialect, DisplayDriver, DisplayLine, DisplaySettings, DisplayTask, SimulatedDisplay, fit,
};
use devices::port::PortAddress;
use devices::simulated::{Plug, Socket, plug_in};
use devices::worker::{self, Tasks};
use store_core::device::Device;
use store_core::receipt::{money_text, text_columns};
use store_core::register::RegisterView;
use store_core::{Money, WorkstationId};
use tokio::sync::watch;

use super::board::DeviceBoard;
use super::options::{self, DisplayOptions, OptionFault};
use super::start::teller;
use super::{Ground, Peripherals};

/// Columns of a display.
const COLUMNS: usize = 20;

/// What a display is set to.
///
/// # Errors
/// An option that does not hold.
pub(super) fn settings(device: &Device) -> Result<DisplaySettings, OptionFault> {
    let options: DisplayOptions = options::read(device)?;
    Ok(DisplaySettings {
        dialect: options.dialect.unwrap_or(DisplayDialect::Cd5220),
        letters: options.letters.unwrap_or_default(),
        brightness: options.brightness.unwrap_or_default(),
    })
}

/// Starts it.
///
/// # Errors
/// Where the system has no thread to give.
pub(super) fn start(
    device: &Device,
    port: PortAddress,
    ground: &Ground,
    board: &DeviceBoard,
) -> io::Result<Tasks<DisplayTask>> {
    let settings = settings(device).map_err(io::Error::other)?;
    let (tell, _) = teller(&device.id, ground, board);
    worker::start("display", port, DisplayDriver::new(settings), tell)
}

/// Starts a simulated one.
///
/// # Errors
/// Where there is no line to be had.
pub(super) fn simulated(device: &Device, ground: &Ground) -> io::Result<(SimulatedDisplay, Plug)> {
    let settings = settings(device).map_err(io::Error::other)?;
    let display = SimulatedDisplay::new(settings.dialect, settings.letters);
    let link = super::simulators::link(device, ground)?;
    let plug = plug_in(&Socket::Serial { link, baud: Some(9_600) }, display.clone())?;
    Ok((display, plug))
}

/// Shows a register's view at its display for as long as there are views. A display that was
/// started anew has forgotten what it showed; one that was only plugged in again has not.
pub(super) async fn follow(
    peripherals: Peripherals,
    workstation: WorkstationId,
    mut view: watch::Receiver<Arc<RegisterView>>,
) {
    let mut changes = peripherals.changes();
    let mut shown = None;
    loop {
        let now = (*changes.borrow_and_update(), lines(&view.borrow_and_update()));
        if shown.as_ref() != Some(&now)
            && let Some(display) = peripherals.display_of(&workstation)
        {
            // One that takes no more is shown the next view.
            if display.hand_in(DisplayTask::Show { lines: now.1.clone() }).is_ok() {
                shown = Some(now);
            }
        }
        let changed = tokio::select! {
            changed = view.changed() => changed,
            changed = changes.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// What the customer reads: the line that came last and what all comes to, then what is still to
/// pay, then the change.
fn lines(view: &RegisterView) -> [DisplayLine; 2] {
    if let Some(basket) = &view.basket {
        let total = ("合計", "TOTAL", basket.totals.total);
        if basket.tenders.iter().any(|tender| !tender.voided) {
            return [both(total), both(("應付", "DUE", basket.totals.due))];
        }
        let last = basket.lines.iter().rev().find(|line| !line.voided);
        let sold = last.map(|line| {
            let amount = money_text(line.net);
            DisplayLine {
                text: spread(&line.description, &amount),
                latin: spread(line.item.as_str(), &amount),
            }
        });
        return [sold.unwrap_or_default(), both(total)];
    }
    match &view.last_sale {
        Some(sale) if view.operator.is_some() => {
            [both(("合計", "TOTAL", sale.total)), both(("找零", "CHANGE", sale.change))]
        }
        _ => [DisplayLine::default(), DisplayLine::default()],
    }
}

fn both((text, latin, amount): (&str, &str, Money)) -> DisplayLine {
    let amount = money_text(amount);
    DisplayLine { text: spread(text, &amount), latin: spread(latin, &amount) }
}

/// A word at the left and an amount at the right, the word cut where both have no room.
fn spread(word: &str, amount: &str) -> String {
    let room = COLUMNS.saturating_sub(text_columns(amount) + 1);
    format!("{} {amount}", fit(word, room))
}
