//! The printer that the settings name.

use devices::printer::{Encoder, FontStack, Mode, SimulatedPrinter, SimulatedSettings};
use store_actors::PrinterThread;

use crate::places;
use crate::settings::{PaperMode, Settings};
use crate::start_error::StartError;

/// Starts the printer and its thread.
///
/// # Errors
/// Where the paper's file or a thread cannot be had.
pub fn start(settings: &Settings) -> Result<(SimulatedPrinter, PrinterThread), StartError> {
    let failed = |error| StartError::Part("the receipt printer", error);
    let columns = settings.printer.columns;
    let (mode, fonts) = match settings.printer.mode {
        PaperMode::Text => (Mode::Text, None),
        PaperMode::Raster => (Mode::Raster, FontStack::system().map(std::sync::Arc::new)),
    };
    let bytes_per_s = settings.printer.bytes_per_s;
    let paper_file = settings.printer.keeps_paper.then(|| places::paper(&settings.data.dir));
    let simulated = SimulatedSettings { columns, paper_file, fonts: fonts.clone(), bytes_per_s };
    let printer = SimulatedPrinter::new(simulated).map_err(failed)?;
    let driver = printer.driver(Encoder::new(columns, mode, fonts));
    let thread = PrinterThread::start(Box::new(driver)).map_err(failed)?;
    Ok((printer, thread))
}
