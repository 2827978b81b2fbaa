//! How often what went wrong mattered.
//!
//! A fault that was injected and changed nothing proves nothing: each counts only when it took
//! effect.

use std::fmt::Write as _;
use std::marker::PhantomData;

/// A fault that can be counted.
pub trait Countable: Copy + 'static {
    const ALL: &'static [Self];

    fn index(self) -> usize;
    fn name(self) -> &'static str;
}

macro_rules! faults {
    (
        $(#[doc = $what:literal])* $fault:ident;
        $($(#[doc = $doc:literal])* $name:ident => $text:literal,)*
    ) => {
        $(#[doc = $what])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $fault {
            $($(#[doc = $doc])* $name,)*
        }

        impl $crate::simulation::counts::Countable for $fault {
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn index(self) -> usize {
                self as usize
            }

            fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}
pub(crate) use faults;

/// How often each fault was injected and took effect.
#[derive(Clone, Debug)]
pub struct Counts<F> {
    injected: Vec<u64>,
    effective: Vec<u64>,
    /// In how many runs it took effect.
    runs: Vec<u64>,
    of: PhantomData<F>,
}

impl<F: Countable> Default for Counts<F> {
    fn default() -> Self {
        let none = vec![0; F::ALL.len()];
        Self { injected: none.clone(), effective: none.clone(), runs: none, of: PhantomData }
    }
}

impl<F: Countable> Counts<F> {
    pub fn injected(&mut self, fault: F) {
        self.injected[fault.index()] += 1;
    }

    pub fn took_effect(&mut self, fault: F) {
        self.effective[fault.index()] += 1;
    }

    pub fn has_seen(&self, fault: F) -> bool {
        self.effective[fault.index()] > 0
    }

    /// Adds one run.
    pub fn add_run(&mut self, run: &Self) {
        for index in 0..F::ALL.len() {
            self.injected[index] += run.injected[index];
            self.effective[index] += run.effective[index];
            self.runs[index] += u64::from(run.effective[index] > 0);
        }
    }

    /// The faults that took effect in fewer than one in a hundred of the runs.
    pub fn too_rare(&self, runs: u64) -> Vec<&'static str> {
        let is_rare = |fault: &&F| self.runs[fault.index()] * 100 < runs;
        F::ALL.iter().filter(is_rare).map(|fault| fault.name()).collect()
    }

    /// A table for people.
    pub fn table(&self, runs: u64) -> String {
        let mut table = format!(
            "{:<32}{:>10}{:>13}{:>15}\n",
            "fault", "injected", "took effect", "in % of seeds"
        );
        for fault in F::ALL {
            let at = fault.index();
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
