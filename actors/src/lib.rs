//! actix shells around the store's machines: they translate and perform, nothing is decided here.
//!
//! Every actor gets what it may talk to as constructor arguments, each as narrow as one message;
//! there is no registry and no bus. Handlers are synchronous: what takes time comes back as a
//! further input of the machine.

mod advice;
mod advice_thread;
mod clock;
mod day;
mod drawers;
mod inventory;
mod journal;
pub mod messages;
mod papers;
mod print_queue;
mod promotion;
mod register;
mod safety_stock;
mod status;
mod terminals;
pub mod translate;

pub use advice::Adviser;
pub use advice_thread::{AdviceCounts, AdviceThread};
pub use clock::{ByHandRefused, Clock};
pub use day::{DayActor, DayPorts, MeetRegisters};
pub use drawers::{DrawerWay, DrawersActor, DrawersPorts, OpenDrawer, OpensDrawer, SetDrawers};
pub use inventory::{InventoryActor, InventoryPorts};
pub use journal::{Connect, JournalActor, JournalPorts, ReceiptMaker, SalePaper, paper_of};
pub use print_queue::{
    LeftPapers, PrintCounts, PrintQueueActor, PrintQueuePorts, PrinterHandle, PrinterPauses,
    SetPrinters,
};
pub use promotion::PromotionActor;
pub use register::{RegisterActor, RegisterPorts};
pub use safety_stock::{AlertBoard, AlertEntry, SafetyStockActor, SafetyStockPorts};
pub use status::ActorStatus;
pub use terminals::{SetTerminals, TerminalThread, TerminalsActor};
