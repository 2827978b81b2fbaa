//! Devices on the network, over real sockets.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketType, sockopt};

use crate::port::tcp::{TcpPort, reach, watch, within};
use crate::port::{Connect as _, Port as _, PortAddress};
use crate::worker::Condition;

const LIMIT: Duration = Duration::from_secs(20);

fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (near, listener.accept().unwrap().0)
}

#[test]
fn a_device_that_takes_nothing_more_is_silent_and_not_absent() {
    let (near, far) = pair();
    let mut port = TcpPort::with_patience(near, Duration::from_millis(200)).unwrap();
    let began = Instant::now();
    let error = loop {
        if let Err(error) = port.write(&[0; 65_536]) {
            break error;
        }
        assert!(began.elapsed() < LIMIT, "it takes everything");
    };
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(Condition::after(&error), Condition::Silent);
    drop(far);
    let error = loop {
        if let Err(error) = port.read(&mut [0; 16], Duration::from_millis(10)) {
            break error;
        }
        assert!(began.elapsed() < LIMIT, "it hangs up");
    };
    assert_eq!(Condition::after(&error), Condition::Absent);
}

#[test]
fn a_device_that_vanishes_without_a_word_is_noticed_within_a_quarter_of_a_minute() {
    let (near, _far) = pair();
    watch(&near).unwrap();
    assert!(sockopt::socket_keepalive(&near).unwrap());
    let (idle, every) =
        (sockopt::tcp_keepidle(&near).unwrap(), sockopt::tcp_keepintvl(&near).unwrap());
    let probes = sockopt::tcp_keepcnt(&near).unwrap();
    let unconfirmed = Duration::from_millis(sockopt::tcp_user_timeout(&near).unwrap().into());
    let longest = (idle + every * probes).max(unconfirmed);
    assert!(longest <= Duration::from_secs(15), "{longest:?}");
    assert!(unconfirmed > Duration::from_secs(10), "a busy printer may take nothing for so long");
}

#[test]
fn a_device_is_reached_by_its_name_and_one_that_is_off_is_absent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut named: PortAddress = format!("tcp:localhost:{port}").parse().unwrap();
    let mut near = named.connect().unwrap();
    near.write(b"?").unwrap();
    let mut far = TcpPort::of(listener.accept().unwrap().0).unwrap();
    assert_eq!(far.read(&mut [0; 8], LIMIT).unwrap(), 1);
    assert!(named.is_there());
    drop(listener);
    let error = named.connect().err().expect("nobody is there");
    assert_eq!(Condition::after(&error), Condition::Absent);
}

#[test]
fn a_device_that_takes_no_more_connections_is_absent_and_not_silent() {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    rustix::net::bind(&socket, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    let listener = TcpListener::from(socket);
    let address = listener.local_addr().unwrap().to_string();
    let brief = Duration::from_millis(100);
    let mut taken = Vec::new();
    let error = loop {
        match reach(&address, brief, brief) {
            Ok(stream) => taken.push(stream),
            Err(error) => break error,
        }
        assert!(taken.len() < 8, "it takes them all");
    };
    assert_eq!(Condition::after(&error), Condition::Absent, "{error}");
}

#[test]
fn a_name_server_that_does_not_answer_holds_nobody_up_and_is_asked_by_few() {
    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
    let (mut releases, mut begun) = (Vec::new(), 0);
    let started = Instant::now();
    for _ in 0..16 {
        let (release, held) = mpsc::channel::<()>();
        let (begins, has_begun) = mpsc::channel();
        let never = move || {
            begins.send(()).unwrap();
            let _ = held.recv();
            Ok(Vec::new())
        };
        let error = within(&LOOKUPS, Duration::from_millis(1), never).unwrap_err();
        assert_eq!(Condition::after(&error), Condition::Absent);
        // One that is not begun is dropped.
        begun += usize::from(has_begun.recv_timeout(LIMIT).is_ok());
        releases.push(release);
    }
    assert!(started.elapsed() < LIMIT);
    assert_eq!(begun, 8);
    drop(releases);
    while LOOKUPS.load(Ordering::SeqCst) > 0 {
        assert!(started.elapsed() < LIMIT, "they end");
        std::thread::yield_now();
    }
    assert!(within(&LOOKUPS, LIMIT, || Ok(Vec::new())).is_ok());
}
