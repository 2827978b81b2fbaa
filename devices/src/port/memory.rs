use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Port, gone};

#[derive(Default)]
struct Ends {
    /// What waits to be read at either end.
    waiting: [VecDeque<u8>; 2],
    is_cut: bool,
}

#[derive(Default)]
struct Cable {
    ends: Mutex<Ends>,
    changed: Condvar,
}

impl Cable {
    fn lock(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One end of a cable within the process: for the tests of drivers, where no system is to have a
/// say. Dropping an end pulls the plug at the other, which still reads what had come.
pub struct MemoryPort {
    cable: Arc<Cable>,
    end: usize,
}

/// Both ends of a cable.
#[must_use]
pub fn memory_pair() -> (MemoryPort, MemoryPort) {
    let cable = Arc::new(Cable::default());
    (MemoryPort { cable: cable.clone(), end: 0 }, MemoryPort { cable, end: 1 })
}

impl Port for MemoryPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut ends = self.cable.lock();
        if ends.is_cut {
            return Err(gone());
        }
        if let Some(waiting) = ends.waiting.get_mut(1 - self.end) {
            waiting.extend(bytes);
        }
        self.cable.changed.notify_all();
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let until = Instant::now() + wait;
        let mut ends = self.cable.lock();
        loop {
            let waiting = ends.waiting.get_mut(self.end);
            if let Some(waiting) = waiting.filter(|waiting| !waiting.is_empty()) {
                let count = buffer.len().min(waiting.len());
                for (place, byte) in buffer.iter_mut().zip(waiting.drain(..count)) {
                    *place = byte;
                }
                return Ok(count);
            }
            if ends.is_cut {
                return Err(gone());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(0);
            }
            let waited = self.cable.changed.wait_timeout(ends, left);
            ends = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for MemoryPort {
    fn drop(&mut self) {
        self.cable.lock().is_cut = true;
        self.cable.changed.notify_all();
    }
}
