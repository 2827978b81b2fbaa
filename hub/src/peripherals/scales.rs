//! Scales: what they say, remembered for as long as a cashier may sell by it.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use devices::port::PortAddress;
use devices::scale::{
    Reading, ReadingState, ScaleDriver, ScaleProtocol, ScaleSettings, ScaleTask, SimulatedScale,
};
use devices::simulated::{Plug, Socket, plug_in};
use devices::worker::{self, Tasks};
use serde::Serialize;
use store_core::Quantity;
use store_core::device::Device;
use store_core::transaction::Weighing;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::Ground;
use super::board::DeviceBoard;
use super::options::{self, OptionFault, ScaleOptions};
use super::start::teller;

/// The least that is sold where nothing is said: what two divisions of a counter's scale are.
const MIN_G: u32 = 10;
/// The most that is sold where nothing is said: what a counter's scale can weigh.
const MAX_G: u32 = 15_000;
/// For how long a weight may be sold after it was said: a scale at rest says its weight again every
/// second, and a cashier's finger takes part of one.
const READING_LIFE: Duration = Duration::from_secs(3);
/// Most readings that are remembered: several a second, for as long as they live.
const READINGS_MAX: usize = 128;

/// What a scale shows now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScaleView {
    /// Names the reading, for whoever sells by it.
    pub reading: u64,
    /// `stable`, `zero`, `moving`, `too_light`, `over_capacity`, `under_zero`, `too_fine` (parts of
    /// a gram), `own_tare` (less a tare that the scale took off itself), or what the trouble is;
    /// `absent` where there is no scale that answers.
    pub state: &'static str,
    /// How much, where it is at rest.
    #[schema(value_type = Option<crate::http::openapi::Quantity>)]
    pub weight: Option<Quantity>,
}

struct Remembered {
    reading: u64,
    said: Instant,
    weighing: Weighing,
}

/// A scale as the hub reaches it.
#[derive(Clone)]
pub struct Scale {
    /// Sets it to zero, or takes a tare off.
    pub tasks: Tasks<ScaleTask>,
    /// What it shows.
    pub view: watch::Receiver<ScaleView>,
    memory: Arc<Mutex<VecDeque<Remembered>>>,
}

impl Scale {
    /// The weight that a reading said, while it may be sold by.
    #[must_use]
    pub fn said(&self, reading: u64) -> Option<Weighing> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let found = memory.iter().find(|it| it.reading == reading)?;
        (found.said.elapsed() < READING_LIFE).then(|| found.weighing.clone())
    }
}

/// Checks what the settings say of one.
///
/// # Errors
/// What does not hold.
pub(super) fn check(device: &Device) -> Result<(), OptionFault> {
    let settings = settings(device)?;
    if settings.min_g == 0 || settings.min_g >= settings.max_g {
        let text = "min_g is above 0 and below max_g".to_owned();
        return Err(OptionFault::Option(device.id.clone(), text));
    }
    Ok(())
}

fn settings(device: &Device) -> Result<ScaleSettings, OptionFault> {
    let options: ScaleOptions = options::read(device)?;
    Ok(ScaleSettings {
        protocol: options.protocol.unwrap_or(ScaleProtocol::Toledo8217),
        min_g: options.min_g.unwrap_or(MIN_G),
        max_g: options.max_g.unwrap_or(MAX_G),
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
) -> io::Result<Scale> {
    let settings = settings(device).map_err(io::Error::other)?;
    let scale = device.id.clone();
    let (show, view) = watch::channel(ScaleView { state: "absent", ..ScaleView::default() });
    let memory: Arc<Mutex<VecDeque<Remembered>>> = Arc::default();
    let (remember, showing) = (memory.clone(), show.clone());
    let mut reading = 0;
    let on_reading = Box::new(move |said: Reading| {
        reading += 1;
        let weight = match said.state {
            // A fraction of a gram is never rounded away: it is no weight to sell by.
            // Where the scale has taken a tare off itself nobody knows how much it was.
            ReadingState::Stable { weight, is_net: false } => weight.quantity().ok(),
            _ => None,
        };
        if let Some(weight) = weight {
            let raw: String = said.raw.iter().map(|byte| format!("{byte:02x}")).collect();
            let weighing =
                Weighing { scale: scale.clone(), raw: raw.into(), gross: weight, tare: None };
            let mut memory = remember.lock().unwrap_or_else(PoisonError::into_inner);
            memory.push_back(Remembered { reading, said: Instant::now(), weighing });
            if memory.len() > READINGS_MAX {
                memory.pop_front();
            }
        }
        let state = match said.state {
            ReadingState::Stable { is_net: true, .. } => "own_tare",
            ReadingState::Stable { .. } if weight.is_none() => "too_fine",
            state => state.code(),
        };
        showing.send_modify(|view| {
            (view.reading, view.state, view.weight) = (reading, state, weight);
        });
    });
    let driver = ScaleDriver::new(settings, on_reading);
    let (mut tell, _) = teller(&device.id, ground, board);
    let tell = move |now: worker::Condition, error: Option<&io::Error>| {
        if !now.works() {
            show.send_modify(|view| (view.state, view.weight) = ("absent", None));
        }
        tell(now, error);
    };
    let tasks = worker::start("scale", port, driver, tell)?;
    Ok(Scale { tasks, view, memory })
}

/// Starts a simulated one.
///
/// # Errors
/// Where there is no line to be had.
pub(super) fn simulated(device: &Device, ground: &Ground) -> io::Result<(SimulatedScale, Plug)> {
    let protocol = settings(device).map_err(io::Error::other)?.protocol;
    let scale = SimulatedScale::new(protocol);
    let link = super::simulators::link(device, ground)?;
    let baud = Some(protocol.usual_line().baud);
    let plug = plug_in(&Socket::Serial { link, baud }, scale.clone())?;
    Ok((scale, plug))
}
