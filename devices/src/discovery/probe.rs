use std::io;
use std::time::{Duration, Instant};

use super::{Kind, QUESTIONS, Question};
use crate::port::{Connect as _, Line, Port, PortAddress};

/// How long an answer may take to begin: devices answer within a tenth of a second.
const ANSWER_WAIT: Duration = Duration::from_millis(250);
/// How long a device that speaks by itself is listened to: the slowest send twice a second.
const LISTEN_WAIT: Duration = Duration::from_millis(700);
/// Silence that ends an answer. A byte takes a millisecond.
const ANSWER_GAP: Duration = Duration::from_millis(50);
/// Most bytes of an answer that are kept.
const ANSWER_BYTES_MAX: usize = 256;
/// The port that network printers listen at.
const PRINTER_PORT: u16 = 9_100;

/// Somebody answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Which question, by its name.
    pub question: &'static str,
    /// What it is.
    pub kind: Kind,
    /// How settings name it, with the speed at which it answered.
    pub address: PortAddress,
    /// What it said.
    pub answer: Vec<u8>,
}

/// What questions brought to light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Who answered, if anybody did.
    pub answered: Option<Answered>,
    /// How many questions were asked.
    pub asked: usize,
    /// What came that answers none of them: something is there, and talks otherwise.
    pub strange: Vec<u8>,
}

/// Asks everything that can be asked at an address. Nobody else may use the port meanwhile: its
/// answers would be taken from them.
///
/// # Errors
/// Where the port cannot be opened, or goes away.
pub fn probe(address: &PortAddress) -> io::Result<Probe> {
    probe_with(address, QUESTIONS)
}

/// Asks whether a printer listens at a host's usual port.
///
/// # Errors
/// Where nobody takes the call.
pub fn probe_tcp(host: &str) -> io::Result<Probe> {
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let at = if has_port { host.to_owned() } else { format!("{host}:{PRINTER_PORT}") };
    probe(&PortAddress::Tcp(at))
}

/// The same with questions of one's own. Keyboards and HID devices are asked nothing.
///
/// # Errors
/// As [`probe`].
pub fn probe_with(address: &PortAddress, questions: &[Question]) -> io::Result<Probe> {
    let mut probe = Probe { answered: None, asked: 0, strange: Vec::new() };
    let mut open: Option<(Option<Line>, Box<dyn Port>)> = None;
    for question in questions {
        let Some((line, mut at)) = asks(address, question) else { continue };
        let is_same = open.as_ref().is_some_and(|(before, _)| *before == line);
        if !is_same {
            // Closed first: a device file may belong to one at a time.
            drop(open.take());
        }
        let (_, port) = match &mut open {
            Some(open) => open,
            None => open.insert((line, at.connect()?)),
        };
        probe.asked += 1;
        let heard = ask(port.as_mut(), question)?;
        if (question.matches)(&heard) {
            let (question, kind) = (question.name, question.kind);
            probe.answered = Some(Answered { question, kind, address: at, answer: heard });
            return Ok(probe);
        }
        if probe.strange.is_empty() {
            probe.strange = heard;
        }
    }
    Ok(probe)
}

/// How a question is put at an address, if it can be: lines have their speed, printers of the USB
/// class and those on the network are asked what printers are asked, once.
fn asks(address: &PortAddress, question: &Question) -> Option<(Option<Line>, PortAddress)> {
    match address {
        PortAddress::Serial { at, .. } => {
            let line = question.line;
            Some((Some(line), PortAddress::Serial { at: at.clone(), line }))
        }
        PortAddress::Tcp(_) | PortAddress::UsbPrinter(_) => {
            let is_asked =
                question.kind == Kind::ReceiptPrinter && question.line == Line::default();
            is_asked.then(|| (None, address.clone()))
        }
        PortAddress::HidRaw(_) | PortAddress::Input(_) => None,
    }
}

fn ask(port: &mut dyn Port, question: &Question) -> io::Result<Vec<u8>> {
    port.discard_input()?;
    if !question.bytes.is_empty() {
        port.write(question.bytes)?;
    }
    let wait = if question.bytes.is_empty() { LISTEN_WAIT } else { ANSWER_WAIT };
    let until = Instant::now() + wait;
    let mut heard = Vec::new();
    let mut buffer = [0; ANSWER_BYTES_MAX];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let gap = if heard.is_empty() { left } else { ANSWER_GAP.min(left) };
        let count = port.read(&mut buffer, gap)?;
        let room = ANSWER_BYTES_MAX - heard.len();
        heard.extend(buffer.iter().take(count.min(room)));
        let is_over = count == 0 && (!heard.is_empty() || left.is_zero());
        if is_over || heard.len() >= ANSWER_BYTES_MAX || Instant::now() >= until {
            return Ok(heard);
        }
    }
}
