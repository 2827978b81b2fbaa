//! The command line: what may be asked of the program, and which words it uses.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use devices::port::PortAddress;
use service_kit::words::Shell;

/// The store hub: registers, stock and the journal of one store.
#[derive(Debug, Parser)]
#[command(name = "hub", bin_name = "hub", version, about, propagate_version = true)]
pub struct Cli {
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// Which store is meant.
#[derive(Clone, Debug, Default, Args)]
pub struct Place {
    /// The settings file; fragments in FILE.d are read after it.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where the store keeps its journal and catalogue.
    #[arg(long, value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one store.
    Run {
        /// Which store.
        #[command(flatten)]
        place: Place,
        /// The port of plain HTTP; 0 takes any that is free.
        #[arg(long, value_name = "PORT")]
        port: Option<u16>,
        /// The link file that headquarters wrote for this store.
        #[arg(long, value_name = "FILE")]
        link: Option<PathBuf>,
    },
    /// Put a catalogue in force, from a CSV file.
    Import {
        /// Which store.
        #[command(flatten)]
        place: Place,
        /// The file.
        catalogue: PathBuf,
    },
    /// Look after the journal.
    Journal {
        /// Which store.
        #[command(flatten)]
        place: Place,
        /// What is to be done with it.
        #[command(subcommand)]
        command: JournalCommand,
    },
    /// Write a copy of the journal, while the store may go on selling.
    Backup {
        /// Which store.
        #[command(flatten)]
        place: Place,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Start a store anew from a backup.
    Restore {
        /// Which store.
        #[command(flatten)]
        place: Place,
        /// The backup.
        backup: PathBuf,
        /// Replace a journal that is there and holds rows which the backup lacks.
        #[arg(long)]
        force: bool,
    },
    /// Start a chain to look at: headquarters and three stores, on this machine alone.
    Demo(DemoArgs),
    /// Headquarters or the broker of `hub demo --separate`, which starts them.
    #[command(hide = true)]
    DemoHq(DemoHqArgs),
    /// Sell a recorded day again, line by line, and compare every total.
    Replay(ReplayArgs),
    /// Price a basket by a catalogue and promotions, as a till does.
    Price {
        /// Whose settings: taxes, labels, regions and time zone.
        #[command(flatten)]
        place: Place,
        /// What is priced.
        #[command(flatten)]
        args: PriceArgs,
    },
    /// Look at promotions before they are in force.
    Promo {
        /// Whose settings: taxes, currency, regions and time zone.
        #[command(flatten)]
        place: Place,
        /// What is to be done with them.
        #[command(subcommand)]
        command: PromoCommand,
    },
    /// Find the store's peripherals, try them and set them up.
    Devices {
        /// Whose settings.
        #[command(flatten)]
        place: Place,
        /// What is to be done with them.
        #[command(subcommand)]
        command: DevicesCommand,
    },
    /// Print what makes a shell complete this program's words.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Look at the settings.
    Config {
        /// Which store.
        #[command(flatten)]
        place: Place,
        /// What is to be done with them.
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

/// What can be done with a journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Check every row, digest and projection.
    Verify,
    /// Make the projections again from the rows.
    Rebuild,
    /// Write every row as a line of JSON.
    Export {
        /// The file to write; standard output if none.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say whether they hold.
    Check,
    /// Print every value and where it comes from.
    Show,
}

/// What can be done with peripherals.
#[derive(Debug, Subcommand)]
pub enum DevicesCommand {
    /// Look what is plugged in, say what it seems to be and why, and ask and try it where told.
    Scan(ScanArgs),
    /// List the devices of the settings, and whether they are plugged in.
    List {
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// How peripherals are looked for.
#[derive(Clone, Debug, Default, Args)]
pub struct ScanArgs {
    /// Look at this port alone: serial:/dev/ttyUSB0, tcp:192.168.1.50:9100; more than once for
    /// more than one. What hangs on the network is found only so.
    #[arg(long, value_name = "PORT")]
    pub at: Vec<PortAddress>,
    /// Ask each line what hangs on it, with questions that do nothing; --try and --write do too.
    #[arg(long, overrides_with = "no_probe")]
    pub probe: bool,
    /// Ask nothing, only look.
    #[arg(long, overrides_with = "probe")]
    pub no_probe: bool,
    /// Try each with the one who sits here: nothing prints, opens or lights unasked.
    #[arg(long = "try", conflicts_with = "json")]
    pub try_out: bool,
    /// Write what answered or, with --try, what was confirmed, as settings.
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Replace the file if it is there.
    #[arg(long, requires = "write")]
    pub force: bool,
    /// Print what was found as JSON.
    #[arg(long)]
    pub json: bool,
}

/// How a recorded day is replayed.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The catalogue of the recorded stores, as CSV.
    #[arg(long, value_name = "FILE")]
    pub catalogue: PathBuf,
    /// The recorded baskets, one JSON a line, plain or gzip.
    #[arg(long, value_name = "FILE")]
    pub baskets: PathBuf,
    /// Where the totals are written.
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
    /// Where the stores keep their journals; a temporary directory if none.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Registers of each store.
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=64))]
    pub registers: u16,
    /// Where the id of each answered completion is written.
    #[arg(long, value_name = "FILE")]
    pub answered: Option<PathBuf>,
    /// Promotions, or recorded facts (`….jsonl.gz`): every basket is also priced by them, at its
    /// recorded shelf amounts, and compared with what was booked.
    #[arg(long, value_name = "FILE")]
    pub promotions: Option<PathBuf>,
    /// The settings whose taxes and regions hold for --promotions.
    #[arg(long, value_name = "FILE", requires = "promotions")]
    pub config: Option<PathBuf>,
    /// Keep what the stores' printers print, each beside its journal.
    #[arg(long)]
    pub keep_paper: bool,
}

/// How a basket is priced.
#[derive(Debug, Args)]
pub struct PriceArgs {
    /// What is sold, as CSV.
    #[arg(long, value_name = "FILE")]
    pub catalogue: PathBuf,
    /// Promotions in TOML or JSON, or recorded facts (`….jsonl.gz`).
    #[arg(long, value_name = "FILE")]
    pub promotions: Option<PathBuf>,
    /// The basket, as JSON.
    #[arg(long, value_name = "FILE")]
    pub basket: PathBuf,
    /// When it is bought, in the place of what it says itself.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// The store that sells it; without one promotions hold wherever they are for.
    #[arg(long, value_name = "ID")]
    pub store: Option<String>,
    /// Say why it costs that: every unit, every runner-up, every promotion that did not apply.
    #[arg(long)]
    pub explain: bool,
    /// Print it as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What can be done with promotions.
#[derive(Debug, Subcommand)]
pub enum PromoCommand {
    /// Say what is wrong with files of promotions, and what they would do that is hardly meant.
    Check {
        /// What is sold, as CSV; with costs and floor prices nothing may go below them unseen.
        #[arg(long, value_name = "FILE")]
        catalogue: PathBuf,
        /// What amounts are in; the store's currency if none.
        #[arg(long, value_name = "CODE")]
        currency: Option<String>,
        /// The day from which on they are looked at; today if none.
        #[arg(long, value_name = "DAY")]
        at: Option<String>,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
        /// The promotions: all of them together are one set.
        #[arg(required = true, value_name = "FILES")]
        files: Vec<PathBuf>,
    },
    /// Price recorded baskets under promotions, in the settings' regions and by their taxes, and
    /// say what would change.
    Rehearse {
        /// What is sold, as CSV; with costs margins are told.
        #[arg(long, value_name = "FILE")]
        catalogue: PathBuf,
        /// The recorded baskets, one JSON a line, plain or gzip.
        #[arg(long, value_name = "BASKETS")]
        replay: PathBuf,
        /// The promotions of before; without any, shelf prices.
        #[arg(long, value_name = "FILE")]
        before: Option<PathBuf>,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
        /// The promotions: all of them together are one set.
        #[arg(required = true, value_name = "FILES")]
        files: Vec<PathBuf>,
    },
    /// Print the JSON Schema of a file of promotions.
    Schema {
        /// That of a basket for `hub price` instead.
        #[arg(long)]
        basket: bool,
    },
}

/// How the chain to look at is started; with a recorded day it is headless and compares.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The port of headquarters' page; the stores have the three behind it.
    #[arg(long, value_name = "PORT", default_value_t = 8080, conflicts_with = "replay")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=65_532))]
    pub port: u16,
    /// Where everything is kept and gone on with; `hub-demo-data` here, or a temporary directory
    /// with --replay.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Throw away what an earlier demonstration left in the directory.
    #[arg(long)]
    pub fresh: bool,
    /// Run headquarters and its broker each as a process of its own.
    #[arg(long)]
    pub separate: bool,
    /// The catalogue of the recorded stores, as CSV.
    #[arg(long, value_name = "FILE", requires = "replay")]
    pub catalogue: Option<PathBuf>,
    /// Sell these recorded baskets through the chain, one JSON a line, plain or gzip.
    #[arg(long, value_name = "FILE", requires_all = ["catalogue", "exit", "report"])]
    pub replay: Option<PathBuf>,
    /// End when headquarters has everything: 0 only where the file, the stores and headquarters
    /// agree.
    #[arg(long, requires = "replay")]
    pub exit: bool,
    /// Where the totals are written.
    #[arg(long, value_name = "FILE", requires = "replay")]
    pub report: Option<PathBuf>,
    /// Promotions, or recorded facts (`….jsonl.gz`): every replayed basket is also priced by them,
    /// at its recorded shelf amounts, and compared with what was booked.
    #[arg(long, value_name = "FILE", requires = "replay")]
    pub promotions: Option<PathBuf>,
    /// The settings whose taxes and regions hold for --promotions.
    #[arg(long, value_name = "FILE", requires = "promotions")]
    pub config: Option<PathBuf>,
    /// Registers of each replayed store; 1 if nothing is said.
    #[arg(long, value_name = "N", requires = "replay")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=64))]
    pub registers: Option<u16>,
}

/// A process of `hub demo --separate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DemoPart {
    /// Headquarters.
    Headquarters,
    /// Its broker.
    Broker,
}

impl DemoPart {
    /// The word that names it on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Headquarters => "headquarters",
            Self::Broker => "broker",
        }
    }
}

/// What a process of headquarters is told by the one that starts it.
#[derive(Debug, Args)]
pub struct DemoHqArgs {
    /// What it runs.
    #[arg(value_enum)]
    pub part: DemoPart,
    /// Where it keeps what it must not lose.
    #[arg(long, value_name = "DIR")]
    pub data_dir: PathBuf,
    /// The port of its page.
    #[arg(long, value_name = "PORT")]
    pub port: u16,
    /// The port of its broker.
    #[arg(long, value_name = "PORT")]
    pub broker_port: u16,
}
