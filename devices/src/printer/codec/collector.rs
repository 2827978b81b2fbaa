use std::sync::{Arc, Mutex, PoisonError};

use escpos::driver::Driver;
use escpos::errors::Result;

/// Where the crate `escpos` writes its commands to, so that they can be part of a job.
///
/// It makes QR codes here, and its bar codes are held against ours in a test. Its pulse for a
/// drawer lacks the two times, and its partial cut is a whole one: those commands are our own.
#[derive(Clone, Default)]
pub(in crate::printer) struct Collector(Arc<Mutex<Vec<u8>>>);

impl Collector {
    /// What was written.
    pub(in crate::printer) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Driver for Collector {
    fn name(&self) -> String {
        "collector".to_owned()
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}
