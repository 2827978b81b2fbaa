use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use devices::customer_display::{DisplayDialect, DisplayLetters, SimulatedDisplay};
use devices::printer::{Charset, SimulatedPrinter, SimulatedSettings};
use devices::scale::{ScaleProtocol, SimulatedScale};
use devices::scanner::{SimulatedScanner, Speaks, Trigger};
use devices::simulated::{Plug, Socket, plug_in};
use devices::terminal::{Dialect, SimulatedTerminal};
use store_core::receipt::COLUMNS_MAX;

/// A receipt printer that keeps all of its paper.
pub struct Printer {
    pub simulated: SimulatedPrinter,
    pub plug: Plug,
    pub paper: PathBuf,
}

impl Printer {
    fn new(dir: &Path, name: &str, socket: &Socket, bytes_per_s: Option<NonZeroU32>) -> Self {
        let paper = dir.join(format!("{name}.escpos"));
        let simulated = SimulatedPrinter::new(SimulatedSettings {
            charset: Charset::Big5,
            columns: COLUMNS_MAX,
            paper_file: Some(paper.clone()),
            bytes_per_s,
            ..SimulatedSettings::default()
        });
        let simulated = simulated.unwrap();
        let plug = plug_in(socket, simulated.clone()).unwrap();
        Self { simulated, plug, paper }
    }
}

/// One device of each kind, and a second printer; a drawer hangs on the first. Register 1 has all
/// but the second printer; register 2 prints at the back.
pub struct Simulators {
    /// At a serial line.
    pub front: Printer,
    /// At the network.
    pub back: Printer,
    pub scale: SimulatedScale,
    pub scale_plug: Plug,
    pub trigger: Trigger,
    pub scanner_plug: Plug,
    pub display: SimulatedDisplay,
    pub display_plug: Plug,
    pub terminal: SimulatedTerminal,
}

impl Simulators {
    /// Plugs all of them in; lines and paper are in a directory.
    pub fn new(dir: &Path, bytes_per_s: Option<NonZeroU32>) -> Self {
        let serial = |name: &str, baud| Socket::Serial { link: dir.join(name), baud };
        let protocol = ScaleProtocol::Toledo8217;
        let scale = SimulatedScale::new(protocol);
        let scale_line = serial("scale", Some(protocol.usual_line().baud));
        let scanner = SimulatedScanner::new(Speaks::default());
        let display = SimulatedDisplay::new(DisplayDialect::Cd5220, DisplayLetters::default());
        let dialect = Dialect::named("taiwan_400").unwrap();
        Self {
            front: Printer::new(dir, "front", &serial("front", None), bytes_per_s),
            back: Printer::new(dir, "back", &Socket::Tcp, bytes_per_s),
            scale_plug: plug_in(&scale_line, scale.clone()).unwrap(),
            scale,
            trigger: scanner.trigger(),
            scanner_plug: plug_in(&serial("scanner", None), scanner).unwrap(),
            display_plug: plug_in(&serial("display", Some(9_600)), display.clone()).unwrap(),
            display,
            terminal: SimulatedTerminal::plugged_in(&Socket::Tcp, dialect).unwrap(),
        }
    }

    /// The hub's settings for them, with the registers that print in front.
    pub fn settings(&self, front: &str, back: &str) -> String {
        let text = r#"mode="big5""#;
        let devices = [
            (
                "front",
                "receipt_printer",
                &self.front.plug,
                front,
                "fallback=\"back\",mode=\"big5\"",
            ),
            ("back", "receipt_printer", &self.back.plug, back, text),
            ("scale", "scale", &self.scale_plug, "[1]", ""),
            ("scanner", "scanner", &self.scanner_plug, "[1]", r#"framing="suffix""#),
            ("display", "customer_display", &self.display_plug, "[1]", ""),
            ("terminal", "card_terminal", self.terminal.plug(), "[1]", "answer_s=3"),
        ];
        let all = devices.map(|(id, kind, plug, registers, options)| {
            let port = plug.address();
            let more = if options.is_empty() { String::new() } else { format!(",{options}") };
            format!("{{id=\"{id}\",kind=\"{kind}\",port=\"{port}\",registers={registers}{more}}}")
        });
        let drawer = r#"{id="till",kind="cash_drawer",registers=[1],printer="front"}"#;
        format!("[{},{drawer}]", all.join(","))
    }

    /// Both rolls.
    pub fn papers(&self) -> [&Path; 2] {
        [&self.front.paper, &self.back.paper]
    }
}
