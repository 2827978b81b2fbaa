//! What goes wrong, and how often it mattered.
//!
//! A fault that was injected and changed nothing proves nothing. Each counts only when it took
//! effect, by the rule beside it; where that is seen stands the line `world.took_effect(…)`.

use super::counts::{self, faults};

faults! {
    /// Something that goes wrong around the store's machines.
    Fault;
    /// Something was under way and unanswered, or a draft was lost.
    PowerCut => "power cut",
    /// The draft on the disk was behind what a terminal had been told.
    DraftLost => "draft lost by a power cut",
    /// The second copy reached a register, and only its id kept it from being carried out.
    MessageDoubled => "doubled message",
    /// It arrived after a later one, or after its transaction had ended.
    MessageLate => "late message",
    /// A terminal waited for the answer in vain and had to ask again.
    MessageLost => "lost message",
    /// A row was written under the new time.
    ClockForward => "clock jump forwards",
    /// A row was written under the new time.
    ClockBack => "clock jump backwards",
    /// A row was written that says so.
    ClockUntrusted => "untrusted clock",
    /// A promise was refused.
    DiskFull => "full disk",
    /// A draft was refused.
    DiskFullForDrafts => "disk full to the last byte",
    /// A write was answered with a failure, or a group was written one by one.
    GroupFailed => "failed group",
    /// The inventory found the gap and read the rows.
    AnnouncementLost => "lost announcement",
    /// The second copy came when its row had been folded in.
    AnnouncementDoubled => "doubled announcement",
    /// A later row was announced before it.
    AnnouncementLate => "reordered announcement",
    /// The alerts were told later, with the next news.
    NewsNotTaken => "news not taken by the alerts",
    /// The receipt was printed after the next start only.
    ReceiptNotTold => "lost receipt message",
    /// The second copy came when the first had been taken.
    ReceiptDoubled => "doubled receipt message",
    /// A reply to a register came twice, and it was waiting for another one.
    ReplyStale => "stale reply",
    /// The hub stopped by protocol and resumed with a basket open.
    Restart => "restart",
    /// Rows were lost to an older backup.
    Restore => "backup and restore",
    /// Rows were written in the new stream while the hub ran.
    Diverged => "new stream while selling",
}

/// What every seed must have seen.
pub const IN_EVERY_SEED: &[&[Fault]] = &[
    &[Fault::PowerCut],
    &[Fault::MessageDoubled],
    &[Fault::MessageLate],
    &[Fault::MessageLost],
    &[Fault::ClockForward, Fault::ClockBack],
    &[Fault::DiskFull, Fault::DiskFullForDrafts],
];

pub type Counts = counts::Counts<Fault>;

/// Whether this run has seen what every run must.
pub fn is_complete(counts: &Counts) -> bool {
    IN_EVERY_SEED.iter().all(|any| any.iter().any(|fault| counts.has_seen(*fault)))
}
