//! Real lines, through the kernel's GPIO character devices, by their names.
//!
//! Three functions here end in an `ioctl`: [`request_output`], [`set`] and [`request_input`]. A
//! machine without such lines cannot run them, and ours could not; all that comes before and after
//! them is run by tests.

use std::io;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use gpiocdev::Request;
use gpiocdev::line::{Bias, EdgeDetection, Value};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Edge, GpioLine, LineEvent, Lines, OutputCommand, RECORD_BYTES};
use crate::port::{Connect, Port};

/// Who holds a line, as the system's own tools show it.
const CONSUMER: &str = "store-hub";

/// Asks for a line that is switched, at a level: off, so that nothing flashes.
///
/// # Errors
/// Where no line has this name, or another program holds it.
pub fn request_output(name: &str, is_high: bool) -> io::Result<(Request, u32)> {
    let found = found(name)?;
    let level = if is_high { Value::Active } else { Value::Inactive };
    let mut request = Request::builder();
    request.with_consumer(CONSUMER).with_found_line(&found).as_output(level);
    Ok((request.request().map_err(io::Error::other)?, found.info.offset))
}

/// Switches a line.
///
/// # Errors
/// Where its chip is gone.
pub fn set((request, offset): &(Request, u32), is_high: bool) -> io::Result<()> {
    let level = if is_high { Value::Active } else { Value::Inactive };
    request.set_value(*offset, level).map_err(io::Error::other)
}

/// Asks for a line that is felt, pulled up, and for a record of each change; answers whether it
/// is high now.
///
/// # Errors
/// As [`request_output`].
pub fn request_input(name: &str) -> io::Result<(Request, bool)> {
    let found = found(name)?;
    let mut request = Request::builder();
    let asked = request.with_consumer(CONSUMER).with_found_line(&found).as_input();
    asked.with_bias(Bias::PullUp).with_edge_detection(EdgeDetection::BothEdges);
    let request = request.request().map_err(io::Error::other)?;
    let level = request.value(found.info.offset).map_err(io::Error::other)?;
    Ok((request, level == Value::Active))
}

fn found(name: &str) -> io::Result<gpiocdev::FoundLine> {
    gpiocdev::find_named_line(name).ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, format!("no line is named {name:?}"))
    })
}

/// Opens the lines that settings name.
pub struct GpioConnect {
    lines: Lines,
}

impl GpioConnect {
    /// For these lines.
    #[must_use]
    pub const fn new(lines: Lines) -> Self {
        Self { lines }
    }
}

impl Connect for GpioConnect {
    fn connect(&mut self) -> io::Result<Box<dyn Port>> {
        let output = |(place, line): (u8, &GpioLine)| {
            Ok((place, request_output(&line.name, line.turned(false))?))
        };
        let outputs = self.lines.outputs().map(output).collect::<io::Result<Vec<_>>>()?;
        let mut inputs = Vec::new();
        let mut first = Vec::new();
        for (place, line) in self.lines.inputs() {
            let (request, is_high) = request_input(&line.name)?;
            first.extend_from_slice(&initial(place, is_high));
            inputs.push((place, request));
        }
        Ok(Box::new(GpioPort { outputs, inputs, first }))
    }
}

/// How a line is when it is taken up, as its first change.
pub(super) fn initial(place: u32, is_high: bool) -> [u8; RECORD_BYTES] {
    let edge = if is_high { Edge::Rising } else { Edge::Falling };
    LineEvent { timestamp_ns: 0, edge, offset: place, sequence: 0, line_sequence: 0 }.record()
}

/// A record with the line's place in the settings: its place on its chip means nothing to whoever
/// reads it.
pub(super) fn placed(record: &[u8; RECORD_BYTES], place: u32) -> Option<[u8; RECORD_BYTES]> {
    let event = LineEvent::read(record)?;
    Some(LineEvent { offset: place, ..event }.record())
}

struct GpioPort {
    outputs: Vec<(u8, (Request, u32))>,
    inputs: Vec<(u32, Request)>,
    /// How the inputs were when they were taken up.
    first: Vec<u8>,
}

impl GpioPort {
    /// The place of an input that has something to say.
    fn ready(&self, wait: Duration) -> io::Result<Option<usize>> {
        let until = Instant::now() + wait;
        let files = self.inputs.iter().map(|(_, request)| request.as_fd());
        let files: Vec<_> = files.collect();
        let mut polled: Vec<_> =
            files.iter().map(|file| PollFd::new(file, PollFlags::IN)).collect();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).map_err(|_| io::ErrorKind::InvalidInput)?;
            match poll(&mut polled, Some(&left)) {
                Ok(0) => return Ok(None),
                Ok(_) => return Ok(polled.iter().position(|file| !file.revents().is_empty())),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Port for GpioPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        for OutputCommand { place, is_high } in OutputCommand::read_all(bytes) {
            if let Some((_, line)) = self.outputs.iter().find(|(at, _)| *at == place) {
                set(line, is_high)?;
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let mut records = std::mem::take(&mut self.first);
        if records.is_empty() {
            let Some((place, request)) = self.ready(wait)?.and_then(|at| self.inputs.get(at))
            else {
                return Ok(0);
            };
            let room = (buffer.len() / RECORD_BYTES).min(16) * RECORD_BYTES;
            let mut bytes = vec![0; room];
            let count = rustix::io::read(request.as_fd(), &mut bytes)?;
            let (whole, _) = bytes.get(..count).unwrap_or_default().as_chunks::<RECORD_BYTES>();
            records.extend(whole.iter().filter_map(|record| placed(record, *place)).flatten());
        }
        let given = records.len().min(buffer.len());
        for (byte, record) in buffer.iter_mut().zip(&records) {
            *byte = *record;
        }
        Ok(given)
    }
}
