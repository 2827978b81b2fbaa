//! A display that is not there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Brightness, DisplayDialect, DisplayLetters, LINES, Screen};
use crate::simulated::SimulatedDevice;

#[derive(Debug)]
struct State {
    dialect: DisplayDialect,
    letters: DisplayLetters,
    screen: Screen,
}

/// A display that is not there. Its clones are handles of the same one: plug one in, and look at
/// another.
#[derive(Clone, Debug)]
pub struct SimulatedDisplay(Arc<Mutex<State>>);

impl SimulatedDisplay {
    /// A display that was just switched on.
    #[must_use]
    pub fn new(dialect: DisplayDialect, letters: DisplayLetters) -> Self {
        let screen = Screen::new(dialect);
        Self(Arc::new(Mutex::new(State { dialect, letters, screen })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Both lines as shown.
    #[must_use]
    pub fn lines(&self) -> [String; LINES] {
        let state = self.lock();
        state.screen.lines(state.letters)
    }

    /// How bright it is.
    #[must_use]
    pub fn brightness(&self) -> Brightness {
        self.lock().screen.brightness()
    }

    /// Takes its power away and gives it back, as somebody does who steps on its supply: the cable
    /// to the hub stays.
    pub fn restart(&self) {
        let mut state = self.lock();
        state.screen = Screen::new(state.dialect);
    }
}

impl SimulatedDevice for SimulatedDisplay {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>) {
        self.lock().screen.write(bytes);
    }

    fn power_cut(&mut self) {
        self.restart();
    }
}
