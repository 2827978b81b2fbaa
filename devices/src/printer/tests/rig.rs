//! A printer at its driver's thread, by a cable that can be pulled.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::receipt::{COLUMNS, fonts, job};
use crate::port::{Connect, MemoryPort, Port, PortAddress, memory_pair};
use crate::printer::{
    DrawerPin, Paper, PrintError, PrintJob, PrinterDriver, PrinterSettings, PrinterTask,
    SimulatedPrinter, SimulatedSettings,
};
use crate::simulated::{Plug, SimulatedDevice, Socket, plug_in};
use crate::worker::{self, Condition, Tasks};

/// Far longer than anything takes here.
pub const LIMIT: Duration = Duration::from_secs(20);

type Outcome = Receiver<Result<(), PrintError>>;

pub struct Rig {
    pub printer: SimulatedPrinter,
    pub tasks: Tasks<PrinterTask>,
    pub is_plugged: Arc<AtomicBool>,
    pub conditions: Arc<Mutex<Vec<Condition>>>,
    pub drawer: Arc<Mutex<Vec<bool>>>,
    /// The cable, where it is a real one.
    pub plug: Option<Plug>,
}

pub fn simulated(settings: &PrinterSettings) -> SimulatedPrinter {
    SimulatedPrinter::new(SimulatedSettings {
        family: settings.family,
        charset: settings.mode.charset(&settings.profile).unwrap_or_default(),
        columns: COLUMNS,
        fonts: Some(fonts()),
        ..SimulatedSettings::default()
    })
    .unwrap()
}

/// A cable within the process. Pulled, it takes the printer's power with it.
fn serve(mut printer: SimulatedPrinter, mut far: MemoryPort, is_plugged: &AtomicBool) {
    let mut buffer = [0; 4096];
    while is_plugged.load(Ordering::SeqCst) {
        let Ok(count) = far.read(&mut buffer, Duration::from_millis(2)) else { return };
        let mut out = Vec::new();
        printer.hear(&buffer[..count], &mut out);
        printer.tick(&mut out);
        if far.write(&out).is_err() {
            return;
        }
    }
    printer.power_cut();
}

impl Rig {
    pub fn new(settings: PrinterSettings) -> Self {
        let printer = simulated(&settings);
        Self::with(settings, printer)
    }

    pub fn with(settings: PrinterSettings, printer: SimulatedPrinter) -> Self {
        let is_plugged = Arc::new(AtomicBool::new(true));
        let (at_cable, plugged) = (printer.clone(), is_plugged.clone());
        let cables = Arc::new(AtomicUsize::new(0));
        let connect = move || -> io::Result<Box<dyn Port>> {
            // The last cable is out before another is put in.
            let is_free = cables.load(Ordering::SeqCst) == 0;
            if !plugged.load(Ordering::SeqCst) || !is_free {
                return Err(io::ErrorKind::NotFound.into());
            }
            let (near, far) = memory_pair();
            let (printer, plugged, cables) = (at_cable.clone(), plugged.clone(), cables.clone());
            cables.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || {
                serve(printer, far, &plugged);
                cables.fetch_sub(1, Ordering::SeqCst);
            });
            Ok(Box::new(near))
        };
        Self::start(settings, printer, is_plugged, connect, None)
    }

    /// The same at a real line.
    pub fn at(socket: &Socket, settings: PrinterSettings, printer: SimulatedPrinter) -> Self {
        let plug = plug_in(socket, printer.clone()).unwrap();
        let address: PortAddress = plug.address().parse().unwrap();
        Self::start(settings, printer, Arc::default(), address, Some(plug))
    }

    fn start(
        settings: PrinterSettings,
        printer: SimulatedPrinter,
        is_plugged: Arc<AtomicBool>,
        connect: impl Connect,
        plug: Option<Plug>,
    ) -> Self {
        let conditions: Arc<Mutex<Vec<Condition>>> = Arc::default();
        let drawer: Arc<Mutex<Vec<bool>>> = Arc::default();
        let (told, heard) = (conditions.clone(), drawer.clone());
        let on_drawer = Box::new(move |is_open| heard.lock().unwrap().push(is_open));
        let driver = PrinterDriver::new(settings, Some(fonts()), on_drawer);
        let tell = move |condition, _: Option<&io::Error>| told.lock().unwrap().push(condition);
        let tasks = worker::start("printer", connect, driver, tell).unwrap();
        Self { printer, tasks, is_plugged, conditions, drawer, plug }
    }

    pub fn condition(&self) -> Condition {
        *self.conditions.lock().unwrap().last().unwrap_or(&Condition::Starting)
    }

    pub fn until_condition(&self, wanted: Condition) {
        until(|| self.condition() == wanted, || format!("{wanted:?}, not {:?}", self.condition()));
    }

    pub fn send(&self, id: u64) -> Outcome {
        self.send_job(job(id))
    }

    pub fn send_job(&self, job: PrintJob) -> Outcome {
        let (told, outcome) = mpsc::channel();
        let reply = Box::new(move |printed| drop(told.send(printed)));
        assert!(self.tasks.hand_in(PrinterTask::Print { job, reply }).is_ok());
        outcome
    }

    pub fn print(&self, id: u64) -> Result<(), PrintError> {
        self.send(id).recv_timeout(LIMIT).unwrap()
    }

    /// Prints a job as the store does: again as long as nothing of it can have come out.
    pub fn print_in_the_end(&self, id: u64) -> Result<(), PrintError> {
        let limit = Instant::now() + LIMIT;
        loop {
            match self.print(id) {
                Err(error) if error.paper == Paper::Untouched && Instant::now() < limit => {
                    thread::yield_now();
                }
                outcome => return outcome,
            }
        }
    }

    pub fn open_drawer(&self, drawer: DrawerPin) -> Result<(), PrintError> {
        let (told, outcome) = mpsc::channel();
        let reply = Box::new(move |opened| drop(told.send(opened)));
        assert!(self.tasks.hand_in(PrinterTask::OpenDrawer { drawer, reply }).is_ok());
        outcome.recv_timeout(LIMIT).unwrap()
    }
}

pub fn until(is_so: impl Fn() -> bool, what: impl Fn() -> String) {
    let limit = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < limit, "{}", what());
        thread::yield_now();
    }
}
