use std::time::{Duration, Instant};

use super::*;
use crate::port::{Connect as _, Port, PortAddress};

/// Says every byte back.
struct Echo;

impl SimulatedDevice for Echo {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
    }
}

const LIMIT: Duration = Duration::from_secs(10);

fn connected(plug: &Plug) -> Box<dyn Port> {
    let mut address: PortAddress = plug.address().parse().unwrap();
    let until = Instant::now() + LIMIT;
    loop {
        match address.connect() {
            Ok(port) => return port,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        thread::yield_now();
    }
}

/// What comes back of five bytes within the time.
fn echoed(port: &mut dyn Port, wait: Duration) -> io::Result<Vec<u8>> {
    port.write(b"12345")?;
    let (mut heard, mut buffer) = (Vec::new(), [0; 16]);
    while heard.len() < 5 {
        match port.read(&mut buffer, wait)? {
            0 => break,
            count => heard.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(heard)
}

#[test]
fn every_fault_is_what_it_says_on_a_serial_line_and_on_the_network() {
    let directory = tempfile::tempdir().unwrap();
    let serial = Socket::Serial { link: directory.path().join("echo"), baud: Some(9600) };
    let short = Duration::from_millis(200);
    for socket in [serial, Socket::Tcp] {
        let plug = plug_in(&socket, Echo).unwrap();
        let mut port = connected(&plug);
        assert_eq!(echoed(&mut port, LIMIT).unwrap(), b"12345");
        plug.set_fault(Fault::HalfFrames);
        assert!(echoed(&mut port, short).unwrap().len() < 5);
        plug.set_fault(Fault::Garbage);
        assert_ne!(echoed(&mut port, LIMIT).unwrap(), b"12345");
        plug.set_fault(Fault::WrongSettings);
        assert_ne!(echoed(&mut port, LIMIT).unwrap(), b"12345");
        plug.set_fault(Fault::Slow);
        assert_eq!(echoed(&mut port, LIMIT).unwrap(), b"12345");
        plug.set_fault(Fault::Hangs);
        assert_eq!(echoed(&mut port, short).unwrap(), b"");
        plug.set_fault(Fault::None);
        port.write(b"6").unwrap();
        let (mut heard, mut buffer) = (Vec::new(), [0; 16]);
        while !heard.ends_with(b"6") {
            let count = port.read(&mut buffer, LIMIT).unwrap();
            heard.extend_from_slice(&buffer[..count]);
        }
        assert_eq!(heard, b"123456", "what it was sent while it hung");
        plug.replug();
        let until = Instant::now() + LIMIT;
        while echoed(&mut port, Duration::from_millis(1)).is_ok() {
            assert!(Instant::now() < until, "the old line is gone");
        }
        // The first line that is taken up may be one that ends with the old plug.
        while echoed(&mut connected(&plug), LIMIT).is_err() {
            assert!(Instant::now() < until, "it is plugged in again");
        }
    }
}

#[test]
fn another_speed_is_garbage() {
    let directory = tempfile::tempdir().unwrap();
    let socket = Socket::Serial { link: directory.path().join("echo"), baud: Some(19_200) };
    let plug = plug_in(&socket, Echo).unwrap();
    let other = plug.address().replace("19200", "9600");
    let mut port = other.parse::<PortAddress>().unwrap().connect().unwrap();
    assert_ne!(echoed(&mut port, LIMIT).unwrap(), b"12345");
    drop(port);
    assert_eq!(echoed(&mut connected(&plug), LIMIT).unwrap(), b"12345");
}
