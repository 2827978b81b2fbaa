//! `hq policy`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Subcommand;
use jiff::{Timestamp, Zoned};
use ring::signature::Ed25519KeyPair;
use store_core::Currency;

use super::push::{Order, PushError, Pushed, push};
use crate::store::HqStore;
use crate::view::PolicyView;

/// What is to be done with policy.
#[derive(Clone, Debug, Subcommand)]
pub enum PolicyCommand {
    /// Check a directory, sign it as the next version and publish it: `catalogue.csv`,
    /// `people.toml`, `reasons.toml`, `favourites.toml`, `safety_stock.csv`, `settings.toml`,
    /// `promotions.toml`, each of which may be missing.
    Push {
        /// The directory.
        directory: PathBuf,
        /// From when it holds: `2026-12-01T06:00+08:00`, or `2026-12-01T06:00[Asia/Taipei]`; at
        /// once if nothing is said.
        #[arg(long, value_name = "WHEN", value_parser = moment)]
        effective: Option<Timestamp>,
        /// For this store; all of the chain if none is named.
        #[arg(long, value_name = "ID")]
        store: Vec<String>,
        /// The currency of its prices; that of its stores if nothing is said.
        #[arg(long, value_name = "CODE", value_parser = currency)]
        currency: Option<Currency>,
    },
    /// Say which bundles there are and who has which.
    List,
    /// Take a bundle back before its moment.
    Withdraw {
        /// Its version.
        version: u64,
    },
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let instant = text.parse::<Timestamp>().ok();
    let instant = instant.or_else(|| text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp()));
    instant.ok_or_else(|| {
        "a moment has its offset or its time zone, as in 2026-12-01T06:00+08:00".to_owned()
    })
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::new(text).map_err(|error| error.to_string())
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It was refused, or the database does not do it.
    #[error(transparent)]
    Push(#[from] PushError),
    /// What it has to say could not be written.
    #[error("writing the answer")]
    Output(#[from] io::Error),
}

/// Carries a command out and writes what came of it.
///
/// # Errors
/// [`CommandError`]; then nothing has changed.
pub fn run(
    command: PolicyCommand,
    store: &mut HqStore,
    key: &Ed25519KeyPair,
    (chain, now): (&str, Timestamp),
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let now_ms = now.as_millisecond();
    match command {
        PolicyCommand::Push { directory, effective, store: stores, currency } => {
            let effective_ms = effective.map(Timestamp::as_millisecond);
            let chain = chain.to_owned();
            let order = Order { directory, chain, currency, effective_ms, stores, now_ms };
            let Pushed { version, effective_ms, parts, .. } = push(store, key, &order)?;
            writeln!(out, "version {version}, in force from {}", shown(effective_ms))?;
            for (part, size) in parts {
                writeln!(out, "  {part}, {size} bytes")?;
            }
        }
        PolicyCommand::List => {
            for view in store.policy_views().map_err(PushError::from)? {
                write_view(&view, out)?;
            }
        }
        PolicyCommand::Withdraw { version } => {
            store.withdraw_policy(version, now_ms)?;
            writeln!(out, "version {version} is withdrawn")?;
        }
    }
    Ok(())
}

fn write_view(view: &PolicyView, out: &mut dyn Write) -> io::Result<()> {
    let stores = if view.stores.is_empty() { "all stores".into() } else { view.stores.join(", ") };
    let withdrawn = if view.withdrawn_ms.is_some() { ", withdrawn" } else { "" };
    let (version, from) = (view.version, shown(view.effective_ms));
    writeln!(out, "version {version} for {stores}, in force from {from}{withdrawn}")?;
    let parts: Vec<&str> = view.parts.iter().map(|(part, _)| part.as_str()).collect();
    writeln!(out, "  {}", parts.join(", "))?;
    for (store, standing, reason) in &view.standings {
        let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        writeln!(out, "  {store} {standing}{reason}")?;
    }
    Ok(())
}

fn shown(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |moment| moment.to_string())
}
