//! The store's link to headquarters, put together from the parts of this hub. A hub without a link
//! file has none of it.

mod commands;
mod file;
mod inbound;
mod nudge;
mod outbox;
mod states;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use actix::Recipient;
use cloud_bridge::pump::{Divergence, Pacing};
use cloud_bridge::{Bridge, BridgeOptions, Commands, Description, Peers};
use store_actors::Clock;
use store_actors::messages::SetNotice;
use store_journal::{Reader, WriterHandle};

use crate::policy::Clerk;
use crate::settings::Settings;
use crate::start_error::StartError;

pub use file::{Enrolment, LinkError};
pub use nudge::Nudge;
pub use states::keep_telling;

/// What registers show when the journal had to go on in a new stream.
const NOTICE: &str = "journal_diverged";
/// How long they show it again after a restart: long enough that whoever looks after the hub has
/// been in the store; headquarters and the figures say it as long as it is so.
const NOTICE_MS: i64 = 7 * 24 * 3_600_000;

/// What the link needs before the store's shells are there.
pub struct LinkBase {
    /// What the link file gives.
    pub enrolment: Enrolment,
    /// What headquarters can ask of this store besides what every store answers.
    pub commands: Commands,
    /// Takes what headquarters decided.
    pub clerk: Option<Arc<Clerk>>,
}

/// What the link is put together from.
pub struct LinkParts<'a> {
    /// What the store was told.
    pub settings: &'a Settings,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// The journal's writer.
    pub writer: WriterHandle,
    /// The registers, to be shown what concerns their cashiers.
    pub notices: Vec<Recipient<SetNotice>>,
}

/// Whether a store is part of a chain.
#[derive(Debug)]
pub enum Membership {
    /// It works alone: the settings name no link file.
    Alone,
    /// It is, and the link file says how headquarters is reached.
    Linked(Enrolment),
    /// It is, and the link file does not hold: the store sells, and headquarters hears nothing.
    Cut(LinkError),
}

/// Reads the link file, where the settings name one.
///
/// # Errors
/// Where the file does not hold and has to, because somebody has just named it. What a store opens
/// with every morning does not have to: a spoilt file must not keep its customers out.
pub fn enrol(settings: &Settings) -> Result<Membership, LinkError> {
    let Some(path) = &settings.link.file else { return Ok(Membership::Alone) };
    match file::read(path, &settings.store.id) {
        Ok(enrolment) => Ok(Membership::Linked(enrolment)),
        Err(error) if settings.link.must_hold => Err(error),
        Err(error) => {
            tracing::error!(
                code = error.code(),
                error = %whole(&error),
                "the store sells without its link to headquarters: put the file that headquarters \
                 wrote in its place and start the hub again"
            );
            Ok(Membership::Cut(error))
        }
    }
}

/// An error with its sources in one line.
fn whole(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(error.source(), |error| error.source());
    sources.fold(error.to_string(), |text, source| format!("{text}: {source}"))
}

/// Starts the link.
///
/// # Errors
/// Where the journal cannot be read, or there is no thread left.
pub fn start(base: &LinkBase, parts: LinkParts<'_>) -> Result<Bridge, StartError> {
    let LinkParts { settings, clock, writer, notices } = parts;
    let account = base.enrolment.account.clone();
    tracing::info!(broker = %account.broker(), chain = account.place().chain, "linking");
    let reader = Reader::open(&settings.data.dir)?;
    let diverged = outbox::diverged(&reader)?;
    let now_ms = clock.now(None).wall.as_millisecond();
    if diverged.is_some_and(|since_ms| now_ms.saturating_sub(since_ms) < NOTICE_MS) {
        tell_cashiers(&notices);
    }
    let mut commands = base.commands.clone();
    commands::add(&mut commands, settings.data.dir.clone());
    let wall = clock.clone();
    let options = BridgeOptions {
        account,
        description: Description {
            software: concat!("hub ", env!("CARGO_PKG_VERSION")).to_owned(),
            name: settings.store.name.clone(),
            currency: settings.store.currency.to_string(),
            time_zone: settings.store.time_zone.clone(),
        },
        pacing: Pacing { retry_max_ms: settings.link.retry_max_ms, ..Pacing::default() },
        wall_ms: Arc::new(move || wall.now(None).wall.as_millisecond()),
        diverged: diverged.map(|_| "diverged".to_owned()),
    };
    let no_thread = |error| StartError::Part("the link to headquarters", error);
    let peers = Peers {
        commands,
        inbound: inbound::hand_on(base.clerk.clone()).map_err(no_thread)?,
        diverged: Box::new(move |reason| raise(&notices, reason)),
    };
    let outbox = outbox::JournalOutbox::new(reader, writer, clock);
    Bridge::start(options, outbox, peers).map_err(no_thread)
}

fn raise(registers: &[Recipient<SetNotice>], reason: Divergence) {
    tracing::error!(reason = reason.code(), "this journal is a copy or an old state of itself");
    tell_cashiers(registers);
}

/// Shows at the registers that the journal had to go on in a new stream, until the hub ends.
pub fn tell_cashiers(registers: &[Recipient<SetNotice>]) {
    for register in registers {
        // A register whose mailbox is full cannot be told; headquarters and the log say it too.
        let _ = register.try_send(SetNotice { notice: NOTICE, is_raised: true });
    }
}
