//! What goes wrong, and how often it mattered.
//!
//! A fault that was injected and changed nothing proves nothing. Each counts only when it took
//! effect, by the rule beside it; where that is seen stands the line `world.took_effect(…)`.

use std::fmt::Write as _;

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $name:ident => $text:literal,)*) => {
        /// Something that goes wrong around the store's machines.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $doc])* $name,)*
        }

        impl Fault {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

faults! {
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

/// How often each fault was injected and took effect.
#[derive(Clone, Debug)]
pub struct Counts {
    injected: Vec<u64>,
    effective: Vec<u64>,
    /// In how many runs it took effect.
    runs: Vec<u64>,
}

impl Default for Counts {
    fn default() -> Self {
        let none = vec![0; Fault::ALL.len()];
        Self { injected: none.clone(), effective: none.clone(), runs: none }
    }
}

impl Counts {
    pub fn injected(&mut self, fault: Fault) {
        self.injected[fault as usize] += 1;
    }

    pub fn took_effect(&mut self, fault: Fault) {
        self.effective[fault as usize] += 1;
    }

    pub fn has_seen(&self, fault: Fault) -> bool {
        self.effective[fault as usize] > 0
    }

    /// Whether this run has seen what every run must.
    pub fn is_complete(&self) -> bool {
        IN_EVERY_SEED.iter().all(|any| any.iter().any(|fault| self.has_seen(*fault)))
    }

    /// Adds one run.
    pub fn add_run(&mut self, run: &Self) {
        for index in 0..Fault::ALL.len() {
            self.injected[index] += run.injected[index];
            self.effective[index] += run.effective[index];
            self.runs[index] += u64::from(run.effective[index] > 0);
        }
    }

    /// The faults that took effect in fewer than one in a hundred of the runs.
    pub fn too_rare(&self, runs: u64) -> Vec<&'static str> {
        let is_rare = |fault: &&Fault| self.runs[**fault as usize] * 100 < runs;
        Fault::ALL.iter().filter(is_rare).map(|fault| fault.name()).collect()
    }

    /// A table for people.
    pub fn table(&self, runs: u64) -> String {
        let mut table = format!(
            "{:<32}{:>10}{:>13}{:>15}\n",
            "fault", "injected", "took effect", "in % of seeds"
        );
        for fault in Fault::ALL {
            let at = *fault as usize;
            let (injected, effective) = (self.injected[at], self.effective[at]);
            let per_mille = self.runs[at] * 1000 / runs.max(1);
            let _ = writeln!(
                table,
                "{:<32}{injected:>10}{effective:>13}{:>13}.{}",
                fault.name(),
                per_mille / 10,
                per_mille % 10
            );
        }
        table
    }
}
