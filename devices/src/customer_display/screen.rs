//! The glass of a display: what its bytes look like.

use super::dialect::{AT, BRIGHT, Brightness, CLEAR, CR, DisplayDialect, ESC, US};
use super::{COLUMNS, DisplayLetters, LINES};

const CELLS: usize = COLUMNS * LINES;
/// The longest command has four bytes.
const COMMAND_BYTES_MAX: usize = 4;
const CANCEL: u8 = 0x18;
const HOME: u8 = 0x0b;

/// Two lines of twenty characters, and what it takes to write on them. Bytes that are no command of
/// its dialect are ignored, as displays do.
#[derive(Clone, Debug)]
pub struct Screen {
    dialect: DisplayDialect,
    cells: [u8; CELLS],
    /// Where the next character goes.
    cursor: usize,
    brightness: Brightness,
    has_cursor: bool,
    /// A command that has begun.
    held: Vec<u8>,
    /// The line of a CD5220 that is being sent, up to its CR: where it goes, and how much came.
    line: Option<(usize, Vec<u8>)>,
    /// A CD5220 that was sent whole lines.
    is_in_line_mode: bool,
}

impl Screen {
    /// A display that was just switched on.
    #[must_use]
    pub const fn new(dialect: DisplayDialect) -> Self {
        Self {
            dialect,
            cells: [b' '; CELLS],
            cursor: 0,
            brightness: Brightness::Full,
            has_cursor: true,
            held: Vec::new(),
            line: None,
            is_in_line_mode: false,
        }
    }

    /// What both lines show, as a display with these letters draws it.
    #[must_use]
    pub fn lines(&self, letters: DisplayLetters) -> [String; LINES] {
        let (upper, lower) = self.cells.split_at(COLUMNS);
        [letters.decode(upper), letters.decode(lower)]
    }

    /// How bright it is.
    #[must_use]
    pub const fn brightness(&self) -> Brightness {
        self.brightness
    }

    /// Whether it shows where the next character goes.
    #[must_use]
    pub const fn has_cursor(&self) -> bool {
        self.has_cursor
    }

    /// Takes bytes as they come.
    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(*byte);
        }
    }

    fn take(&mut self, byte: u8) {
        if let Some((start, mut text)) = self.line.take() {
            match byte {
                CR => self.put_line(start, &text),
                CLEAR | CANCEL => self.clear(),
                _ => {
                    if text.len() < COLUMNS {
                        text.push(byte);
                    }
                    self.line = Some((start, text));
                }
            }
            return;
        }
        self.held.push(byte);
        let is_done = match self.dialect {
            DisplayDialect::Cd5220 => self.obey_cd5220(),
            DisplayDialect::Epson => self.obey_epson(),
            DisplayDialect::LogicControls => self.obey_logic_controls(),
        };
        if is_done || self.held.len() >= COMMAND_BYTES_MAX {
            self.held.clear();
        }
    }

    /// Obeys the command that is held. Whether it was a whole one, or none.
    fn obey_cd5220(&mut self) -> bool {
        match *self.held.as_slice() {
            [CLEAR | CANCEL] => {
                self.is_in_line_mode = false;
                self.clear();
            }
            [ESC] | [ESC, b'Q' | b'*' | b'_' | b'=' | b'l'] | [ESC, b'l', _] => return false,
            [ESC, b'Q', line @ (b'A' | b'B')] => {
                self.is_in_line_mode = true;
                let start = if line == b'A' { 0 } else { COLUMNS };
                self.line = Some((start, Vec::new()));
            }
            _ if self.is_in_line_mode => {}
            [ESC, b'@'] => self.reset(),
            [ESC, b'*', step] => self.set_brightness(step),
            [ESC, b'_', on @ (0 | 1)] => self.has_cursor = on == 1,
            [ESC, b'l', column, line] => self.go(column, line),
            [HOME] => self.cursor = 0,
            [byte] if byte >= b' ' => self.put(byte),
            _ => {}
        }
        true
    }

    fn obey_epson(&mut self) -> bool {
        match *self.held.as_slice() {
            [ESC | US] | [US, b'$' | b'X' | b'C'] | [US, b'$', _] => return false,
            [CLEAR] => self.clear(),
            [HOME] => self.cursor = 0,
            [ESC, b'@'] => self.reset(),
            [US, b'$', column, line] => self.go(column, line),
            [US, b'X', step] => self.set_brightness(step),
            [US, b'C', on @ (0 | 1)] => self.has_cursor = on == 1,
            [byte] if byte >= b' ' => self.put(byte),
            _ => {}
        }
        true
    }

    fn obey_logic_controls(&mut self) -> bool {
        match *self.held.as_slice() {
            [AT | BRIGHT] => return false,
            [US] => self.reset(),
            [AT, cell] if usize::from(cell) < CELLS => self.cursor = usize::from(cell),
            [BRIGHT, level] => {
                let known = Brightness::ALL.into_iter();
                let mut known = known.filter(|brightness| brightness.logic_controls() == level);
                self.brightness = known.next().unwrap_or(self.brightness);
            }
            [0x13] => self.has_cursor = true,
            [0x14] => self.has_cursor = false,
            [byte] if byte >= b' ' => self.put(byte),
            _ => {}
        }
        true
    }

    fn clear(&mut self) {
        self.cells = [b' '; CELLS];
        self.cursor = 0;
    }

    fn reset(&mut self) {
        self.clear();
        self.has_cursor = true;
    }

    fn set_brightness(&mut self, step: u8) {
        let known = Brightness::ALL.into_iter().find(|brightness| brightness.step() == step);
        self.brightness = known.unwrap_or(self.brightness);
    }

    /// Both count from 1.
    fn go(&mut self, column: u8, line: u8) {
        if (1..=COLUMNS).contains(&usize::from(column)) && (1..=LINES).contains(&usize::from(line))
        {
            self.cursor = (usize::from(line) - 1) * COLUMNS + usize::from(column) - 1;
        }
    }

    fn put(&mut self, byte: u8) {
        if let Some(cell) = self.cells.get_mut(self.cursor) {
            *cell = byte;
        }
        self.cursor = (self.cursor + 1) % CELLS;
    }

    fn put_line(&mut self, start: usize, text: &[u8]) {
        let letters = text.iter().copied().chain(std::iter::repeat(b' '));
        for (cell, byte) in self.cells.iter_mut().skip(start).take(COLUMNS).zip(letters) {
            *cell = byte;
        }
    }
}
