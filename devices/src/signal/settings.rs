use serde::{Deserialize, Serialize};

use super::{Lamp, Rules};

/// A contact that shakes for longer is broken; one that is waited for longer feels slow.
const DEBOUNCE_MS: std::ops::RangeInclusive<u64> = 20..=50;
/// The longest name that the kernel gives a line.
const NAME_BYTES_MAX: usize = 31;

/// What is felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The contact of the door.
    Door,
    /// The switch in the drawer.
    Drawer,
    /// The button.
    Button,
}

impl Input {
    /// Every one, in the order in which they are counted.
    pub const ALL: [Self; 3] = [Self::Door, Self::Drawer, Self::Button];
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GpioLine {
    /// As the kernel names it: `GPIO17`. Empty where there is no such line.
    pub name: String,
    /// Whether it is low where a lamp is on, a button pressed, a door or a drawer open.
    #[serde(default)]
    pub is_active_low: bool,
}

impl GpioLine {
    fn numbered(number: u8, is_active_low: bool) -> Self {
        Self { name: format!("GPIO{number}"), is_active_low }
    }

    /// Whether there is one.
    #[must_use]
    pub const fn is_wired(&self) -> bool {
        !self.name.is_empty()
    }

    /// The level of the line for what it means, and the other way round.
    #[must_use]
    pub const fn turned(&self, level: bool) -> bool {
        level != self.is_active_low
    }
}

/// Which line is what. One that is not there has an empty name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lines {
    /// The red lamp.
    pub red: GpioLine,
    /// The amber lamp.
    pub amber: GpioLine,
    /// The green lamp.
    pub green: GpioLine,
    /// The buzzer.
    pub buzzer: GpioLine,
    /// The contact of the door: pulled up, it is high where the contact is open.
    pub door: GpioLine,
    /// The switch in the drawer, likewise.
    pub drawer: GpioLine,
    /// The button: pulled up, and low where it is pressed.
    pub button: GpioLine,
}

impl Default for Lines {
    fn default() -> Self {
        let line = GpioLine::numbered;
        Self {
            red: line(17, false),
            amber: line(27, false),
            green: line(22, false),
            buzzer: line(18, false),
            door: line(23, false),
            drawer: line(24, false),
            button: line(25, true),
        }
    }
}

impl Lines {
    /// The line of a lamp, where there is one.
    #[must_use]
    pub fn output(&self, lamp: Lamp) -> Option<&GpioLine> {
        let line = match lamp {
            Lamp::Red => &self.red,
            Lamp::Amber => &self.amber,
            Lamp::Green => &self.green,
            Lamp::Buzzer => &self.buzzer,
        };
        line.is_wired().then_some(line)
    }

    /// The line of what is felt, where there is one.
    #[must_use]
    pub fn input(&self, input: Input) -> Option<&GpioLine> {
        let line = match input {
            Input::Door => &self.door,
            Input::Drawer => &self.drawer,
            Input::Button => &self.button,
        };
        line.is_wired().then_some(line)
    }

    /// The lines of all lamps that there are, with their places.
    pub fn outputs(&self) -> impl Iterator<Item = (u8, &GpioLine)> {
        let lines = Lamp::ALL.map(|lamp| self.output(lamp));
        (0..).zip(lines).filter_map(|(place, line)| line.map(|line| (place, line)))
    }

    /// The lines of all that is felt, with their places.
    pub fn inputs(&self) -> impl Iterator<Item = (u32, &GpioLine)> {
        let lines = Input::ALL.map(|input| self.input(input));
        (0..).zip(lines).filter_map(|(place, line)| line.map(|line| (place, line)))
    }
}

/// What settings say of signals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalSettings {
    /// Which line is what.
    pub lines: Lines,
    /// What is shown when.
    pub rules: Rules,
    /// How long a contact has to stay as it is before that counts, in milliseconds.
    pub debounce_ms: u64,
}

impl Default for SignalSettings {
    fn default() -> Self {
        Self { lines: Lines::default(), rules: Rules::default(), debounce_ms: 30 }
    }
}

/// Settings that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Too short or too long.
    #[error("a contact settles in {min} to {max} milliseconds, not in {0}",
        min = DEBOUNCE_MS.start(), max = DEBOUNCE_MS.end())]
    Debounce(u64),
    /// A name that no line has.
    #[error("{0:?} names no line")]
    Name(String),
    /// A line that is two things.
    #[error("the line {0:?} is two things at once")]
    Twice(String),
}

impl SignalSettings {
    /// Finds out whether they can be.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn check(&self) -> Result<(), SettingsError> {
        if !DEBOUNCE_MS.contains(&self.debounce_ms) {
            return Err(SettingsError::Debounce(self.debounce_ms));
        }
        let outputs = self.lines.outputs().map(|(_, line)| &line.name);
        let inputs = self.lines.inputs().map(|(_, line)| &line.name);
        let mut names: Vec<_> = outputs.chain(inputs).collect();
        let wrong = |name: &&&String| name.len() > NAME_BYTES_MAX;
        if let Some(name) = names.iter().find(wrong) {
            return Err(SettingsError::Name((**name).clone()));
        }
        names.sort_unstable();
        match names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other) {
            Some((name, _)) => Err(SettingsError::Twice((**name).clone())),
            None => Ok(()),
        }
    }
}
