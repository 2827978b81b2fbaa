//! From a sale's answer to the paper and the drawer, and from a scanner's last byte to the line.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use devices::port::{Port as _, PseudoTerminal};
use devices::printer::{
    Encoder, FontStack, PrintJobId, PrinterProfile, PrinterSettings, SimulatedPrinter,
    SimulatedSettings,
};
use devices::simulated::{SimulatedDevice, Socket, plug_in};
use serde_json::Value;
use store_core::device::Devices;
use store_core::receipt::{Element, ReceiptDocument, TextSize};

use super::markdown::{self, Markdown};
use super::register::{Register, open_all};
use super::samples::{met, ms, percentile};
use super::{Scale, goods, store};
use crate::support;

/// From the answer to the first row of dots.
const RASTER_MAX: Duration = Duration::from_millis(40);
/// From the answer to the drawer's pulse.
const PULSE_MAX: Duration = Duration::from_millis(20);
/// From a scanner's last byte to the priced line.
const SCAN_MAX: Duration = Duration::from_millis(30);
/// To draw forty rows for 80 mm.
const DRAW_MAX: Duration = Duration::from_millis(20);
/// What a picture begins with.
const RASTER: [u8; 3] = [0x1d, 0x76, 0x30];
/// What opens a drawer: in turn, and past everything that waits.
const PULSES: [[u8; 2]; 2] = [[0x1b, 0x70], [0x10, 0x14]];

/// A printer that notes when what came.
struct Watched {
    printer: SimulatedPrinter,
    came: Sender<Came>,
}

enum Came {
    Raster(Instant),
    Pulse(Instant),
}

impl SimulatedDevice for Watched {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let now = Instant::now();
        // Nobody listens after the last sale.
        if bytes.windows(3).any(|it| it == RASTER) {
            let _ = self.came.send(Came::Raster(now));
        }
        if bytes.windows(2).any(|it| PULSES.iter().any(|pulse| it == pulse)) {
            let _ = self.came.send(Came::Pulse(now));
        }
        self.printer.hear(bytes, out);
    }

    fn tick(&mut self, out: &mut Vec<u8>) {
        self.printer.tick(out);
    }

    fn power_cut(&mut self) {
        self.printer.power_cut();
    }
}

/// The table.
pub fn table(scale: &Scale) -> String {
    let dir = support::temp_dir("counter");
    std::fs::write(dir.path().join("catalogue.csv"), goods::catalogue(scale.items)).unwrap();
    let link = dir.path().join("scanner");
    let scanner = PseudoTerminal::open_as(&link).unwrap();
    let (came, coming) = channel();
    let printer = SimulatedPrinter::new(SimulatedSettings { columns: 48, ..Default::default() });
    let watched = Watched { printer: printer.unwrap(), came };
    let plug = plug_in(&Socket::Tcp, watched).unwrap();
    let devices = format!(
        r#"[{{"id": "printer", "kind": "receipt_printer", "port": "{}"}},
            {{"id": "scanner", "kind": "scanner", "port": "serial:{}@9600,8N1",
              "registers": [1]}}]"#,
        plug.address(),
        link.display()
    );
    let devices = Devices::of(serde_json::from_str(&devices).unwrap(), 1).unwrap();
    let servers = store::start_with(dir.path(), 1, "x".repeat(4_000), devices);
    let mut register =
        open_all(&servers.hub, || servers.setup_code.clone(), 1, scale.items).remove(0);
    let scans = scanned(&mut register, scanner, scale);
    let (rasters, pulses) = printed(&mut register, &coming, scale);
    drop(register);
    servers.stop();
    shown(&scans, &rasters, &pulses, &drawn(scale))
}

/// Scans at the port: each is told to the page, which sends it, as the page does.
fn scanned(register: &mut Register, mut scanner: PseudoTerminal, scale: &Scale) -> Vec<Duration> {
    let mut events = register.events();
    // The stream says how the register is first: from then on nothing is missed.
    events.next().expect("a view");
    let mut heard = events.filter_map(|(_, said)| {
        let said: Value = serde_json::from_str(&said).ok()?;
        said["scanner"].is_string().then(|| said["code"].as_str().map(str::to_owned))?
    });
    let mut took = Vec::new();
    for number in 0..scale.scans.min(400) {
        let code = goods::barcode(number % scale.items);
        let began = Instant::now();
        scanner.write(format!("{code}\r").as_bytes()).unwrap();
        let code = heard.next().unwrap();
        register.scan_code(&code);
        took.push(began.elapsed());
        if number % 8 == 7 {
            register.sell();
        }
    }
    register.sell_what_is_there();
    took
}

/// Sales: from the answer to the first row of dots and to the drawer's pulse.
fn printed(
    register: &mut Register,
    coming: &Receiver<Came>,
    scale: &Scale,
) -> (Vec<Duration>, Vec<Duration>) {
    let limit = Duration::from_secs(10);
    let (mut rasters, mut pulses) = (Vec::new(), Vec::new());
    for _ in 0..scale.scans.min(300) {
        register.scan();
        // What is left of the sale before.
        while coming.recv_timeout(Duration::from_millis(60)).is_ok() {}
        register.sell();
        let sold = Instant::now();
        let (mut raster, mut pulse) = (None, None);
        while raster.is_none() || pulse.is_none() {
            match coming.recv_timeout(limit).expect("a sale has its paper and its drawer") {
                Came::Raster(at) => raster = raster.or(Some(at)),
                Came::Pulse(at) => pulse = pulse.or(Some(at)),
            }
        }
        let since = |at: Option<Instant>| at.map(|at| at.saturating_duration_since(sold));
        rasters.extend(since(raster));
        pulses.extend(since(pulse));
    }
    (rasters, pulses)
}

/// Forty rows for 80 mm, drawn with this machine's letters.
fn drawn(scale: &Scale) -> Vec<Duration> {
    let profile = PrinterProfile::of_columns(48);
    let settings = PrinterSettings { profile, ..PrinterSettings::default() };
    let encoder = Encoder::new(settings, Some(Arc::new(FontStack::system())));
    let row = |number: usize| Element::Columns {
        left: format!("{number:02} 有機黑糖桂圓紅棗燕麥飲 超值包"),
        right: format!("{number},299"),
        indent: 0,
        is_bold: false,
        size: TextSize::Normal,
    };
    let document = ReceiptDocument::new((1..=40).map(row).collect());
    (0..scale.scans.min(200))
        .map(|_| {
            let began = Instant::now();
            assert!(!encoder.encode(&document, PrintJobId(1)).is_empty());
            began.elapsed()
        })
        .collect()
}

fn shown(
    scans: &[Duration],
    rasters: &[Duration],
    pulses: &[Duration],
    drawn: &[Duration],
) -> String {
    let mut table = Markdown::new(
        "From the counter to the screen, and from a sale to the paper",
        &["from, to", "p50, ms", "p99, ms", "target"],
    );
    for (what, samples, most) in [
        ("a scanner's last byte → its priced line, over a serial line", scans, SCAN_MAX),
        ("a sale's answer → the first row of dots at the printer", rasters, RASTER_MAX),
        ("a sale's answer → the drawer's pulse at the printer", pulses, PULSE_MAX),
        ("forty rows drawn for 80 mm", drawn, DRAW_MAX),
    ] {
        let (median, late) = (percentile(samples, 50), percentile(samples, 99));
        let target = format!("p99 ≤ {} ms: {}", most.as_millis(), met(late <= most));
        table.row(&[&format!("{what} ({})", samples.len()), &ms(median), &ms(late), &target]);
    }
    table.note(&format!(
        "The printer is a simulated one on the network, the scanner a pseudo-terminal; a browser's \
         own drawing is not in it. What came before the answer counts as nought. {}",
        markdown::load()
    ))
}
