use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store_core::{TerminalId, WorkstationId};

/// The address of a terminal that the hub simulates itself.
const SIMULATED: &str = "simulated";
/// Longest wait for a terminal's answer: a customer who has not found the PIN by then will not.
const ANSWER_SECONDS_MAX: u64 = 600;

/// `[[terminals]]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTerminal {
    /// What it is called.
    pub id: TerminalId,
    /// `host:port`, or `simulated`.
    pub address: String,
    /// The registers whose cards go through it.
    pub registers: Vec<u16>,
    /// How long it is waited for, in seconds.
    #[serde(default = "usual_answer_s")]
    pub answer_s: u64,
}

const fn usual_answer_s() -> u64 {
    75
}

/// `[[terminals]]`, checked.
#[derive(Clone, Debug, Default)]
pub struct TerminalSettings {
    /// Every terminal.
    pub all: Vec<RawTerminal>,
}

impl RawTerminal {
    /// Whether the hub simulates it.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.address == SIMULATED
    }
}

impl TerminalSettings {
    /// Checks what was written.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn of(all: Vec<RawTerminal>, registers: u16) -> Result<Self, String> {
        let mut used = BTreeMap::new();
        for (at, terminal) in all.iter().enumerate() {
            let id = &terminal.id;
            if all.iter().take(at).any(|other| other.id == *id) {
                return Err(format!("the id {id} stands twice"));
            }
            if !terminal.is_simulated() && !terminal.address.contains(':') {
                return Err(format!("{id}: an address is host:port or {SIMULATED}"));
            }
            if !(1..=ANSWER_SECONDS_MAX).contains(&terminal.answer_s) {
                return Err(format!("{id}: answer_s is 1 to {ANSWER_SECONDS_MAX}"));
            }
            for register in &terminal.registers {
                if !(1..=registers).contains(register) {
                    return Err(format!("{id}: there is no register {register}"));
                }
                if used.insert(register, id).is_some() {
                    return Err(format!("{id}: register {register} has another terminal already"));
                }
            }
        }
        Ok(Self { all })
    }

    /// The terminal of each workstation that has one.
    #[must_use]
    pub fn of_workstations(&self) -> BTreeMap<WorkstationId, TerminalId> {
        let pairs = self.all.iter().flat_map(|terminal| {
            let names = terminal.registers.iter().map(ToString::to_string);
            names.map(|name| (WorkstationId::new(&name), terminal.id.clone()))
        });
        pairs.filter_map(|(name, id)| Some((name.ok()?, id))).collect()
    }
}
