use std::io;

use super::codec::{Encoder, command};
use super::contract::{Paper, PrintError, PrintFault, PrintJob, PrinterStatus, ReceiptPrinter};
use super::reply::{Reply, ReplyReader};
use crate::CashDrawer;

/// A port that bytes go through, both ways.
pub trait Transport: Send {
    /// Sends all of it; blocks while the printer is busy.
    ///
    /// # Errors
    /// Where the port is gone. Some of the bytes may have been sent.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for at least one byte, as long as this port thinks fit: 0 says that nothing came and
    /// that the caller may want to look how the printer is.
    ///
    /// # Errors
    /// Where the port is gone.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Forgets what has come and was not read.
    ///
    /// # Errors
    /// Where the port is gone.
    fn discard_input(&mut self) -> io::Result<()>;
}

/// Times that a healthy printer may leave a job unconfirmed for one read of the port. With a port
/// that reads for a second this is half a minute, three times the longest receipt.
const IDLE_READS_MAX: u32 = 30;

/// What the drawer's contact says; it depends on how the drawer is wired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerSense {
    /// The contact is high while the drawer is open.
    #[default]
    HighIsOpen,
    /// The contact is low while the drawer is open.
    LowIsOpen,
}

/// A printer of the ESC/POS family, and the drawer that hangs on it.
pub struct EscPosPrinter<T> {
    transport: T,
    encoder: Encoder,
    sense: DrawerSense,
    replies: ReplyReader,
    mark_seen: Option<[u8; 4]>,
}

impl<T: Transport> EscPosPrinter<T> {
    /// A printer at this port.
    #[must_use]
    pub fn new(transport: T, encoder: Encoder, sense: DrawerSense) -> Self {
        Self { transport, encoder, sense, replies: ReplyReader::default(), mark_seen: None }
    }

    /// Asks one status byte; nothing where the printer does not answer.
    fn ask(&mut self, n: u8) -> io::Result<Option<u8>> {
        self.transport.write(&command::status_request(n))?;
        let mut buffer = [0; 1];
        for _ in 0..IDLE_READS_MAX {
            if self.transport.read(&mut buffer)? == 0 {
                return Ok(None);
            }
            match self.take(buffer) {
                Some(Reply::Status(status)) => return Ok(Some(status)),
                Some(Reply::Mark(mark)) => self.mark_seen = Some(mark),
                None => {}
            }
        }
        Ok(None)
    }

    fn take(&mut self, [byte]: [u8; 1]) -> Option<Reply> {
        self.replies.push(byte)
    }

    fn ask_all(&mut self) -> io::Result<PrinterStatus> {
        let (Some(printer), Some(cause), Some(roll)) = (self.ask(1)?, self.ask(2)?, self.ask(4)?)
        else {
            return Ok(PrinterStatus::Offline);
        };
        Ok(status_of(printer, cause, roll))
    }

    fn await_mark(&mut self, mark: [u8; 4]) -> Result<(), PrintError> {
        let lost = |error| PrintError::unknown(PrintFault::Offline).because(error);
        let mut buffer = [0; 1];
        let mut idle_reads = 0;
        while self.mark_seen != Some(mark) {
            if self.transport.read(&mut buffer).map_err(lost)? > 0 {
                if let Some(Reply::Mark(seen)) = self.take(buffer) {
                    self.mark_seen = Some(seen);
                }
                continue;
            }
            idle_reads += 1;
            let status = self.ask_all().map_err(lost)?;
            if self.mark_seen == Some(mark) {
                break;
            }
            if let Some(fault) = status.fault() {
                return Err(PrintError::unknown(fault));
            }
            if idle_reads >= IDLE_READS_MAX {
                return Err(PrintError::unknown(PrintFault::Failed));
            }
        }
        Ok(())
    }
}

/// What three status bytes say together.
const fn status_of(printer: u8, cause: u8, roll: u8) -> PrinterStatus {
    if cause & 0x04 != 0 {
        PrinterStatus::CoverOpen
    } else if cause & 0x20 != 0 || roll & 0x60 != 0 {
        PrinterStatus::PaperOut
    } else if printer & 0x08 != 0 || cause & 0x40 != 0 {
        PrinterStatus::Offline
    } else if roll & 0x0c != 0 {
        PrinterStatus::PaperLow
    } else {
        PrinterStatus::Online
    }
}

impl<T: Transport> ReceiptPrinter for EscPosPrinter<T> {
    fn status(&mut self) -> PrinterStatus {
        // What is left of a job that failed would be taken for the answer.
        self.replies.clear();
        let status = self.transport.discard_input().and_then(|()| self.ask_all());
        status.unwrap_or(PrinterStatus::Offline)
    }

    fn print(&mut self, job: &PrintJob) -> Result<(), PrintError> {
        if let Some(fault) = self.status().fault() {
            return Err(PrintError::untouched(fault));
        }
        self.mark_seen = None;
        let bytes = self.encoder.encode(&job.document, job.id);
        self.transport.write(&bytes).map_err(|error| {
            let fault = PrintFault::Offline;
            PrintError { fault, paper: Paper::Unknown, source: Some(error) }
        })?;
        self.await_mark(command::mark_of(job.id))
    }
}

impl<T: Transport> CashDrawer for EscPosPrinter<T> {
    fn open(&mut self) -> Result<(), PrintError> {
        let offline = |error| PrintError::untouched(PrintFault::Offline).because(error);
        self.transport.write(&command::DRAWER_PULSE).map_err(offline)
    }

    fn is_open(&mut self) -> Result<bool, PrintError> {
        let offline = |error| PrintError::untouched(PrintFault::Offline).because(error);
        self.replies.clear();
        self.transport.discard_input().map_err(offline)?;
        let Some(status) = self.ask(1).map_err(offline)? else {
            return Err(PrintError::untouched(PrintFault::Offline));
        };
        let is_high = status & 0x04 != 0;
        Ok(is_high == (self.sense == DrawerSense::HighIsOpen))
    }
}
