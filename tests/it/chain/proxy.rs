//! The network between a store and headquarters: TCP that can be cut, and made bad.
//!
//! It is also why stores find a broker that comes back at another port.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use super::until::pass;
use crate::support::draw;

/// Bytes that are carried at once: a message is many of these.
const CHUNK: usize = 1024;
/// Longest delay of a chunk.
const DELAY_MS_MAX: u64 = 30;
/// Of so many chunks one is disturbed, in each of the ways.
const DISTURBED: u64 = 200;

/// The kind of MQTT's packets that carry messages.
const PUBLISH: u8 = 3;
/// Of so many messages one comes twice.
const DOUBLED: u64 = 8;

/// What was done to chunks, how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disturbances {
    /// Held back for a while.
    pub delayed: u32,
    /// Lost, as nothing that TCP would do: the bytes after them arrive.
    pub dropped: u32,
    /// Carried twice.
    pub doubled: u32,
    /// Carried in part, and then the connection was cut.
    pub cut: u32,
    /// The connection was closed before them.
    pub closed: u32,
}

impl Disturbances {
    pub fn fewest(&self) -> u32 {
        [self.delayed, self.dropped, self.doubled, self.cut, self.closed].into_iter().min().unwrap()
    }
}

/// A line from an address of its own to one that may change.
pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

/// What becomes of what is carried, by a seed.
#[derive(Clone, Copy, Default)]
enum Weather {
    #[default]
    Clear,
    /// Bytes are delayed, dropped, doubled and cut.
    Rough(u64),
    /// Whole messages come twice, up and down.
    Doubling(u64),
}

#[derive(Default)]
struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    target: Option<SocketAddr>,
    is_cut: bool,
    is_over: bool,
    weather: Weather,
    /// What came down, where somebody listens.
    heard: Option<Vec<u8>>,
    did: Disturbances,
    connections: u64,
    open: Vec<TcpStream>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn cut(&mut self) {
        for stream in self.open.drain(..) {
            // It may be over.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Proxy {
    pub fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let known = shared.clone();
        let listening = std::thread::spawn(move || {
            for client in listener.incoming() {
                if known.state().is_over {
                    return;
                }
                if let Ok(client) = client {
                    connect(client, &known);
                }
            }
        });
        Self { address, shared, listening: Some(listening) }
    }

    /// Where it leads from now on.
    pub fn lead_to(&self, target: SocketAddr) {
        self.shared.state().target = Some(target);
    }

    /// Cuts every connection and lets none through.
    pub fn cut(&self) {
        let mut state = self.shared.state();
        state.is_cut = true;
        state.cut();
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.shared.state().is_cut = false;
    }

    /// From now on the weather is bad; connections that there are end.
    pub fn begin_rough(&self, seed: u64) {
        self.change(Weather::Rough(seed));
    }

    /// From now on messages in clear come twice now and then; connections that there are end.
    pub fn begin_doubling(&self, seed: u64) {
        self.change(Weather::Doubling(seed));
    }

    /// Ends the bad weather, with all that it had hold of.
    pub fn end_rough(&self) {
        self.change(Weather::Clear);
    }

    fn change(&self, weather: Weather) {
        let mut state = self.shared.state();
        state.weather = weather;
        state.cut();
    }

    /// Keeps what comes down from now on.
    pub fn listen(&self) {
        self.shared.state().heard = Some(Vec::new());
    }

    /// What came down since [`Self::listen`].
    pub fn heard(&self) -> Vec<u8> {
        self.shared.state().heard.clone().unwrap_or_default()
    }

    /// What the weather did so far.
    pub fn did(&self) -> Disturbances {
        self.shared.state().did
    }

    /// Connections so far.
    pub fn connections(&self) -> u64 {
        self.shared.state().connections
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.is_over = true;
        state.cut();
        drop(state);
        // Wakes whoever listens.
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

/// Joins a client with what the line leads to, in threads that end with the connection.
fn connect(client: TcpStream, shared: &Arc<Shared>) {
    let target = {
        let state = shared.state();
        state.target.filter(|_| !state.is_cut)
    };
    // A client that nobody answers is closed.
    let Some(server) = target.and_then(|target| TcpStream::connect(target).ok()) else { return };
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let mut state = shared.state();
    if state.is_cut {
        return;
    }
    state.connections += 1;
    let (both, again) = (state.connections, |it: &TcpStream| it.try_clone().unwrap());
    state.open.extend([again(&client), again(&server)]);
    drop(state);
    for (index, from, to) in [(0, again(&client), again(&server)), (1, server, client)] {
        let shared = shared.clone();
        std::thread::spawn(move || carry(from, to, &shared, index == 1, both * 2 + index));
    }
}

/// Carries what comes, as the weather lets it.
fn carry(mut from: TcpStream, mut to: TcpStream, shared: &Shared, is_down: bool, salt: u64) {
    let of = |seed: u64| seed.wrapping_add(salt.wrapping_mul(7919));
    let mut weather = match shared.state().weather {
        Weather::Clear => Weather::Clear,
        Weather::Rough(seed) => Weather::Rough(of(seed)),
        Weather::Doubling(seed) => Weather::Doubling(of(seed)),
    };
    let mut packets = Packets::default();
    let mut chunk = [0; CHUNK];
    loop {
        let length = match from.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let what = &chunk[..length];
        if let Some(heard) = shared.state().heard.as_mut().filter(|_| is_down) {
            heard.extend_from_slice(what);
        }
        let is_carried = match &mut weather {
            Weather::Clear => to.write_all(what).is_ok(),
            Weather::Rough(seed) => carry_roughly(what, &mut to, shared, seed),
            Weather::Doubling(seed) => {
                packets.0.extend_from_slice(what);
                packets.carry_doubled(&mut to, shared, seed)
            }
        };
        if !is_carried {
            break;
        }
    }
    for stream in [from, to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

/// What came of packets of MQTT: a byte whose upper half is the kind, the length of the rest in
/// groups of seven bits, the rest.
#[derive(Default)]
struct Packets(Vec<u8>);

impl Packets {
    /// The first whole packet.
    fn next(&mut self) -> Option<Vec<u8>> {
        let mut length = 0;
        for (index, byte) in self.0.iter().skip(1).take(4).enumerate() {
            length |= usize::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                let whole = 2 + index + length;
                return (self.0.len() >= whole).then(|| self.0.drain(..whole).collect());
            }
        }
        None
    }

    fn carry_doubled(&mut self, to: &mut TcpStream, shared: &Shared, seed: &mut u64) -> bool {
        while let Some(packet) = self.next() {
            let is_publish = packet[0] >> 4 == PUBLISH;
            let is_doubled = is_publish && draw(seed) % DOUBLED == 0;
            if is_doubled {
                shared.state().did.doubled += 1;
            }
            for _ in 0..=u8::from(is_doubled) {
                if to.write_all(&packet).is_err() {
                    return false;
                }
            }
        }
        true
    }
}

/// Carries a chunk, or not; false where the connection is over.
fn carry_roughly(what: &[u8], to: &mut TcpStream, shared: &Shared, seed: &mut u64) -> bool {
    let did = |count: fn(&mut Disturbances)| count(&mut shared.state().did);
    match draw(seed) % DISTURBED {
        0 => {
            did(|it| it.dropped += 1);
            true
        }
        1 => {
            did(|it| it.doubled += 1);
            to.write_all(what).is_ok() && to.write_all(what).is_ok()
        }
        2 => {
            did(|it| it.cut += 1);
            let _ = to.write_all(&what[..what.len() / 2]);
            false
        }
        3 => {
            did(|it| it.closed += 1);
            false
        }
        4..50 => {
            did(|it| it.delayed += 1);
            pass(Duration::from_millis(draw(seed) % DELAY_MS_MAX));
            to.write_all(what).is_ok()
        }
        _ => to.write_all(what).is_ok(),
    }
}
