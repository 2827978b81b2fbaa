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
use store_core::device::Device;
use store_core::transaction::Weighing;
use store_core::{CommandId, Quantity, RefusalCode};
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
/// By how much a load that nobody touches may seem to change, in thousandths of a kilogram: two
/// divisions of a counter's scale.
const FLICKER_THOUSANDTHS: u64 = 10;
/// Most readings that are remembered: loads that were put on within the time that they live.
const READINGS_MAX: usize = 128;

/// What a scale shows now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScaleView {
    /// Names the reading, for whoever sells by it; another load is another reading.
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
    /// When it was said last.
    said: Instant,
    weighing: Weighing,
    /// The command that sold by it.
    sold_by: Option<CommandId>,
}

/// What a scale has said of late. A reading is one load: it keeps its number for as long as the
/// scale says the same weight and was not seen without a load in between, so that what lies there
/// is sold once.
#[derive(Default)]
struct Readings {
    last: u64,
    /// What lies there, as far as it was at rest.
    load: Option<Quantity>,
    remembered: VecDeque<Remembered>,
}

impl Readings {
    /// Takes in what the scale says now; answers the number of the reading.
    fn hear(&mut self, now: Instant, state: ReadingState, weighing: Option<Weighing>) -> u64 {
        let Some(weighing) = weighing else {
            // A hand that touches it, or a disturbed line, takes nothing off.
            use ReadingState::{OverCapacity, TooLight, UnderZero, Zero};
            if matches!(state, Zero | TooLight | UnderZero | OverCapacity) {
                self.load = None;
            }
            return self.last;
        };
        if let (Some(load), Some(same)) = (self.load, self.remembered.back_mut()) {
            let apart = load.thousandths().abs_diff(weighing.gross.thousandths());
            if same.sold_by.is_some() && apart <= FLICKER_THOUSANDTHS {
                // What it was sold by stays as it was said.
                same.said = now;
                return same.reading;
            }
            if apart == 0 {
                (same.said, same.weighing) = (now, weighing);
                return same.reading;
            }
        }
        self.last += 1;
        self.load = Some(weighing.gross);
        let (reading, said, sold_by) = (self.last, now, None);
        self.remembered.push_back(Remembered { reading, said, weighing, sold_by });
        if self.remembered.len() > READINGS_MAX {
            self.remembered.pop_front();
        }
        reading
    }

    /// See [`Scale::claim`].
    fn claim(
        &mut self,
        now: Instant,
        reading: u64,
        command: CommandId,
    ) -> Result<Option<Claimed>, RefusalCode> {
        let Some(found) = self.remembered.iter_mut().find(|it| it.reading == reading) else {
            return Ok(None);
        };
        if now.duration_since(found.said) >= READING_LIFE {
            return Ok(None);
        }
        let is_first = found.sold_by.is_none();
        if *found.sold_by.get_or_insert(command) != command {
            return Err(RefusalCode::ScaleReadingSold);
        }
        Ok(Some(Claimed { weighing: found.weighing.clone(), is_first }))
    }

    /// See [`Scale::give_back`].
    fn give_back(&mut self, reading: u64, command: CommandId) {
        let claimed = |it: &&mut Remembered| it.reading == reading && it.sold_by == Some(command);
        if let Some(found) = self.remembered.iter_mut().find(claimed) {
            found.sold_by = None;
        }
    }
}

/// A reading that a command may sell by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// What the scale said.
    pub weighing: Weighing,
    /// Whether the command comes for the first time: if it is refused, it gives the reading back.
    pub is_first: bool,
}

/// A scale as the hub reaches it.
#[derive(Clone)]
pub struct Scale {
    /// Sets it to zero, or takes a tare off.
    pub tasks: Tasks<ScaleTask>,
    /// What it shows.
    pub view: watch::Receiver<ScaleView>,
    readings: Arc<Mutex<Readings>>,
}

impl Scale {
    /// The weight that a reading said, while it may be sold by: by one command, however often that
    /// comes. None where it is not remembered any more.
    ///
    /// # Errors
    /// `scale_reading_sold` where another command has sold by it.
    pub fn claim(&self, reading: u64, command: CommandId) -> Result<Option<Claimed>, RefusalCode> {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        readings.claim(Instant::now(), reading, command)
    }

    /// A command that was refused has sold nothing: another may sell by the reading.
    pub fn give_back(&self, reading: u64, command: CommandId) {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        readings.give_back(reading, command);
    }

    /// Whether it can say a weight, as soon as one lies on it.
    #[must_use]
    pub fn works(&self) -> bool {
        let state = self.view.borrow().state;
        WORKING.contains(&state)
    }
}

/// What a scale that works says, whatever lies on it; a tare of its own is a key away from none.
const WORKING: [&str; 7] =
    ["stable", "zero", "moving", "too_light", "over_capacity", "under_zero", "own_tare"];

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
    let readings: Arc<Mutex<Readings>> = Arc::default();
    let (heard, showing) = (readings.clone(), show.clone());
    let on_reading = Box::new(move |said: Reading| {
        let weight = match said.state {
            // A fraction of a gram is never rounded away: it is no weight to sell by.
            // Where the scale has taken a tare off itself nobody knows how much it was.
            ReadingState::Stable { weight, is_net: false } => weight.quantity().ok(),
            _ => None,
        };
        let weighing = weight.map(|gross| {
            let raw: String = said.raw.iter().map(|byte| format!("{byte:02x}")).collect();
            Weighing { scale: scale.clone(), raw: raw.into(), gross, tare: None }
        });
        let reading = {
            let mut readings = heard.lock().unwrap_or_else(PoisonError::into_inner);
            readings.hear(Instant::now(), said.state, weighing)
        };
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
    Ok(Scale { tasks, view, readings })
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

#[cfg(test)]
mod tests {
    use devices::scale::Trouble;
    use store_core::{DeviceId, Unit};
    use uuid::Uuid;

    use super::*;

    fn weighing(grams: i64) -> Option<Weighing> {
        let gross = Quantity::from_thousandths(grams, Unit::Kilogram).unwrap();
        Some(Weighing { scale: DeviceId::from_static("s"), raw: "00".into(), gross, tare: None })
    }

    fn stable(readings: &mut Readings, now: Instant, grams: i64) -> u64 {
        readings.hear(now, ReadingState::Zero, weighing(grams))
    }

    fn command(number: u128) -> CommandId {
        CommandId::new(Uuid::from_u128(number))
    }

    const SOLD: Result<Option<Claimed>, RefusalCode> = Err(RefusalCode::ScaleReadingSold);

    fn claimed(grams: i64, is_first: bool) -> Result<Option<Claimed>, RefusalCode> {
        Ok(weighing(grams).map(|weighing| Claimed { weighing, is_first }))
    }

    #[test]
    fn what_lies_on_the_scale_is_sold_once_until_it_was_lifted_off() {
        let (mut readings, now) = (Readings::default(), Instant::now());
        let first = stable(&mut readings, now, 500);
        assert_eq!(readings.claim(now, first, command(1)), claimed(500, true));
        // It says so again and again, and a hand touches it.
        assert_eq!(stable(&mut readings, now, 500), first);
        for state in [ReadingState::Moving, ReadingState::Fault(Trouble::Nonsense)] {
            readings.hear(now, state, None);
            assert_eq!(stable(&mut readings, now, 500), first);
        }
        assert_eq!(readings.claim(now, first, command(2)), SOLD);
        readings.hear(now, ReadingState::Zero, None);
        let next = stable(&mut readings, now, 500);
        assert_ne!(next, first);
        assert_eq!(readings.claim(now, next, command(2)), claimed(500, true));
        assert_eq!(readings.claim(now, first, command(3)), SOLD, "nor by the one before");
        assert_ne!(stable(&mut readings, now, 700), next, "another weight is another load");
    }

    #[test]
    fn a_weight_that_flickers_after_it_was_sold_is_the_same_load() {
        let (mut readings, now) = (Readings::default(), Instant::now());
        let first = stable(&mut readings, now, 500);
        assert_ne!(stable(&mut readings, now, 505), first, "nothing is sold yet");
        let sold = stable(&mut readings, now, 500);
        assert_eq!(readings.claim(now, sold, command(1)), claimed(500, true));
        for grams in [505, 510, 495, 490, 500] {
            assert_eq!(stable(&mut readings, now, grams), sold, "{grams}");
            assert_eq!(readings.claim(now, sold, command(2)), SOLD);
        }
        assert_eq!(readings.claim(now, sold, command(1)), claimed(500, false));
        let more = stable(&mut readings, now, 511);
        assert_eq!(readings.claim(now, more, command(2)), claimed(511, true));
    }

    #[test]
    fn the_same_command_sells_by_its_reading_again_and_a_refused_one_leaves_it_to_others() {
        let (mut readings, now) = (Readings::default(), Instant::now());
        let reading = stable(&mut readings, now, 500);
        for is_first in [true, false] {
            assert_eq!(readings.claim(now, reading, command(1)), claimed(500, is_first));
        }
        readings.give_back(reading, command(2));
        assert_eq!(readings.claim(now, reading, command(2)), SOLD, "it was not theirs to give");
        readings.give_back(reading, command(1));
        assert_eq!(readings.claim(now, reading, command(2)), claimed(500, true));
    }

    #[test]
    fn a_reading_is_forgotten_that_the_scale_has_not_said_for_a_while() {
        let (mut readings, now) = (Readings::default(), Instant::now());
        let reading = stable(&mut readings, now, 500);
        assert_eq!(readings.claim(now + READING_LIFE, reading, command(1)), Ok(None));
        assert_eq!(stable(&mut readings, now + READING_LIFE, 500), reading);
        let now = now + READING_LIFE;
        assert_eq!(readings.claim(now, reading, command(1)), claimed(500, true));
        assert_eq!(readings.claim(now, reading + 1, command(1)), Ok(None));
    }
}
