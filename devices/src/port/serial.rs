use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_serial::{DataBits, SerialStream, StopBits};

use super::{Line, Parity, Port, WRITE_TIMEOUT, gone, stuck};

/// A serial line. It belongs to one thread and has a small runtime of its own, so that whoever
/// talks to a device simply waits.
pub(super) struct SerialPort {
    // Before the runtime, which it is registered with.
    stream: SerialStream,
    runtime: Runtime,
    line: Line,
}

impl SerialPort {
    pub(super) fn open(path: &Path, line: Line) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let builder = tokio_serial::new(path.to_string_lossy(), line.baud)
            .data_bits(if line.data_bits == 7 { DataBits::Seven } else { DataBits::Eight })
            .stop_bits(if line.stop_bits == 2 { StopBits::Two } else { StopBits::One })
            .parity(match line.parity {
                Parity::None => tokio_serial::Parity::None,
                Parity::Even => tokio_serial::Parity::Even,
                Parity::Odd => tokio_serial::Parity::Odd,
            });
        let stream = {
            let _inside = runtime.enter();
            SerialStream::open(&builder)?
        };
        Ok(Self { stream, runtime, line })
    }
}

/// The shortest wait: the system is asked what has come only while something is waited for.
const WAIT_MIN: Duration = Duration::from_millis(1);

// The stream's own `try_read` and `try_write` never let go of a readiness once seen: whoever waits
// with them spins. Its reader and writer do.
impl Port for SerialPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Self { stream, runtime, .. } = self;
        let mut left = bytes;
        runtime.block_on(async {
            while !left.is_empty() {
                let written = timeout(WRITE_TIMEOUT, stream.write(left)).await;
                match written.map_err(|_| stuck())?? {
                    0 => return Err(gone()),
                    count => left = left.get(count..).unwrap_or_default(),
                }
            }
            Ok(())
        })
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let Self { stream, runtime, .. } = self;
        let read =
            runtime.block_on(async { timeout(wait.max(WAIT_MIN), stream.read(buffer)).await });
        match read {
            Err(_) => Ok(0),
            Ok(Ok(0)) => Err(gone()),
            Ok(read) => read,
        }
    }

    fn bytes_per_s(&self) -> u32 {
        self.line.bytes_per_s()
    }
}
