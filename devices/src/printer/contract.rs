use std::io;

use serde::{Deserialize, Serialize};
use store_core::receipt::ReceiptDocument;

use crate::worker::Condition;

/// How a printer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterStatus {
    /// Ready.
    Online,
    /// Ready, but the roll ends soon.
    PaperLow,
    /// The roll has ended.
    PaperOut,
    /// Somebody has its cover open.
    CoverOpen,
    /// Its knife is stuck.
    Cutter,
    /// It stopped for another fault of its own.
    Error,
    /// It does not answer, or is off line for a reason that it does not give.
    Offline,
}

impl PrinterStatus {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::PaperLow => "paper_low",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Cutter => "cutter",
            Self::Error => "printer_error",
            Self::Offline => "offline",
        }
    }

    /// What keeps it from printing, if anything does.
    #[must_use]
    pub const fn fault(self) -> Option<PrintFault> {
        match self {
            Self::Online | Self::PaperLow => None,
            Self::PaperOut => Some(PrintFault::PaperOut),
            Self::CoverOpen => Some(PrintFault::CoverOpen),
            Self::Cutter => Some(PrintFault::Cutter),
            Self::Error => Some(PrintFault::Error),
            Self::Offline => Some(PrintFault::Offline),
        }
    }

    /// The same as the worker tells it.
    #[must_use]
    pub const fn condition(self) -> Condition {
        match self {
            Self::Online => Condition::Ready,
            Self::PaperLow => Condition::Needs(self.code()),
            _ => Condition::Faulty(self.code()),
        }
    }
}

/// The number of a print job: its row in the journal's table. It never comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PrintJobId(pub u64);

/// A document to be printed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Which job.
    pub id: PrintJobId,
    /// What is on the paper.
    pub document: ReceiptDocument,
}

/// What kept a printer from printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintFault {
    /// It does not answer.
    Offline,
    /// The roll has ended.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The knife is stuck.
    Cutter,
    /// It stopped for another fault of its own.
    Error,
    /// It answers and is well, but the job was never confirmed.
    Failed,
}

impl PrintFault {
    /// The stable code, which a text in the cashier's language belongs to.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offline => "printer_offline",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Cutter => "cutter",
            Self::Error => "printer_error",
            Self::Failed => "printer_failed",
        }
    }
}

/// How much of a job that failed may be in the customer's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// Nothing was sent: the job may be tried again.
    Untouched,
    /// Some or all of it may be printed, or may still be once the fault is mended: somebody has to
    /// look, and a second print is a copy.
    Unknown,
}

/// A job was not confirmed.
#[derive(Debug, thiserror::Error)]
#[error("printing a job: {}", .fault.code())]
pub struct PrintError {
    /// Why.
    pub fault: PrintFault,
    /// What may have come out.
    pub paper: Paper,
    /// What the port said.
    #[source]
    pub source: Option<io::Error>,
}

impl PrintError {
    /// A fault that was seen before anything was sent.
    #[must_use]
    pub const fn untouched(fault: PrintFault) -> Self {
        Self { fault, paper: Paper::Untouched, source: None }
    }

    /// A fault that was seen after something was sent.
    #[must_use]
    pub const fn unknown(fault: PrintFault) -> Self {
        Self { fault, paper: Paper::Unknown, source: None }
    }

    /// The same fault with what the port said.
    #[must_use]
    pub fn because(mut self, source: io::Error) -> Self {
        self.source = Some(source);
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }
}
