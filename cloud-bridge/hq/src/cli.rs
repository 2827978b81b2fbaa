//! The command line: what may be asked of the program, and which words it uses.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use service_kit::words::Shell;

use crate::policy::PolicyCommand;

/// Headquarters: takes in what the stores of a chain send, and shows it.
#[derive(Debug, Parser)]
#[command(name = "hq", bin_name = "hq", version, about, propagate_version = true)]
pub struct Cli {
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// Which headquarters is meant.
#[derive(Clone, Debug, Default, Args)]
pub struct Seat {
    /// The settings file; fragments in FILE.d are read after it.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where headquarters keeps its database and its keys.
    #[arg(long, value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run headquarters.
    Run {
        /// Which headquarters.
        #[command(flatten)]
        seat: Seat,
        /// Another broker instead of our own: mqtts://user@host:port; its secret is broker.secret.
        #[arg(long, value_name = "URL")]
        broker: Option<String>,
        /// The port of plain HTTP on this machine; 0 takes any that is free.
        #[arg(long, value_name = "PORT")]
        port: Option<u16>,
    },
    /// Run the broker alone, for a headquarters on the same directory with broker.separate.
    Broker {
        /// Which headquarters.
        #[command(flatten)]
        seat: Seat,
        /// The port that stores connect to.
        #[arg(long, value_name = "PORT")]
        port: Option<u16>,
    },
    /// Look after the stores of the chain.
    Store {
        /// Which headquarters.
        #[command(flatten)]
        seat: Seat,
        /// What is to be done with them.
        #[command(subcommand)]
        command: StoreCommand,
    },
    /// Decide what the stores sell, and how.
    Policy {
        /// Which headquarters.
        #[command(flatten)]
        seat: Seat,
        /// What is to be done with policy.
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// Make the sums, the stock and the list of sales again from the rows that the stores sent.
    Rebuild {
        /// Which headquarters.
        #[command(flatten)]
        seat: Seat,
    },
    /// Print what makes a shell complete this program's words.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Look at the settings.
    Config {
        /// Which headquarters.
        #[command(flatten)]
        seat: Seat,
        /// What is to be done with them.
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

/// What can be done with the stores.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Add a store, and write the link file that it is given.
    Add {
        /// Its id.
        id: String,
        /// Its name; what the store calls itself if none.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Its region.
        #[arg(long, value_name = "REGION")]
        region: Option<String>,
        /// The link file to write; whoever has it can speak as the store.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print every store.
    List,
    /// Let a store in no more; what was heard of it stays.
    Remove {
        /// Its id.
        id: String,
    },
    /// Give a store another link file; the one before lets nobody in any more.
    Rotate {
        /// Its id.
        id: String,
        /// The link file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
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
