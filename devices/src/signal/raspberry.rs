//! The same lines through the registers of a Raspberry Pi, for systems whose kernel gives no GPIO
//! character devices. Nothing of this file was run: there is no such machine here.

use std::io;
use std::time::Duration;

use rppal::gpio::{Gpio, InputPin, Level, OutputPin, Trigger};

use super::gpio::initial;
use super::{Edge, GpioLine, LineEvent, Lines, OutputCommand};
use crate::port::{Connect, Port};

/// Opens lines by the numbers at the end of their names: `GPIO17` is pin 17 of the processor.
pub struct RaspberryConnect {
    lines: Lines,
}

impl RaspberryConnect {
    /// For these lines.
    #[must_use]
    pub const fn new(lines: Lines) -> Self {
        Self { lines }
    }
}

fn pin(gpio: &Gpio, line: &GpioLine) -> io::Result<rppal::gpio::Pin> {
    let number = line.name.strip_prefix("GPIO").and_then(|number| number.parse().ok());
    let number = number.ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("{:?} is no pin", line.name))
    })?;
    gpio.get(number).map_err(io::Error::other)
}

impl Connect for RaspberryConnect {
    fn connect(&mut self) -> io::Result<Box<dyn Port>> {
        let gpio = Gpio::new().map_err(io::Error::other)?;
        let mut outputs = Vec::new();
        for (place, line) in self.lines.outputs() {
            let pin = pin(&gpio, line)?;
            let is_high = line.turned(false);
            outputs.push((
                place,
                if is_high { pin.into_output_high() } else { pin.into_output_low() },
            ));
        }
        let (mut inputs, mut first) = (Vec::new(), Vec::new());
        for (place, line) in self.lines.inputs() {
            let mut pin = pin(&gpio, line)?.into_input_pullup();
            pin.set_interrupt(Trigger::Both, None).map_err(io::Error::other)?;
            first.extend_from_slice(&initial(place, pin.is_high()));
            inputs.push((place, pin));
        }
        Ok(Box::new(RaspberryPort { gpio, outputs, inputs, first }))
    }
}

struct RaspberryPort {
    gpio: Gpio,
    outputs: Vec<(u8, OutputPin)>,
    inputs: Vec<(u32, InputPin)>,
    first: Vec<u8>,
}

impl RaspberryPort {
    /// The record of the next change.
    fn changed(&self, wait: Duration) -> io::Result<Vec<u8>> {
        let pins: Vec<_> = self.inputs.iter().map(|(_, pin)| pin).collect();
        let polled = self.gpio.poll_interrupts(&pins, false, Some(wait));
        let Some((pin, event)) = polled.map_err(io::Error::other)? else {
            return Ok(Vec::new());
        };
        let found = self.inputs.iter().find(|(_, input)| input.pin() == pin.pin());
        let Some((place, _)) = found else { return Ok(Vec::new()) };
        let edge = if event.trigger == Trigger::RisingEdge { Edge::Rising } else { Edge::Falling };
        let event = LineEvent {
            timestamp_ns: u64::try_from(event.timestamp.as_nanos()).unwrap_or_default(),
            edge,
            offset: *place,
            sequence: event.seqno,
            line_sequence: event.seqno,
        };
        Ok(event.record().to_vec())
    }
}

impl Port for RaspberryPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        for OutputCommand { place, is_high } in OutputCommand::read_all(bytes) {
            if let Some((_, pin)) = self.outputs.iter_mut().find(|(at, _)| *at == place) {
                pin.write(if is_high { Level::High } else { Level::Low });
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let mut records = std::mem::take(&mut self.first);
        if records.is_empty() {
            records = self.changed(wait)?;
        }
        let given = records.len().min(buffer.len());
        for (byte, record) in buffer.iter_mut().zip(&records) {
            *byte = *record;
        }
        Ok(given)
    }
}
