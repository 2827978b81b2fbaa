//! From where somebody tries to get in, and what is locked when they fail.
//!
//! Failures lock a person *at a place*, never the person: whoever guesses PINs from a telephone
//! on the shop's Wi-Fi must not be able to lock a cashier out of the cashier's own register.
//!
//! * A browser that is a workstation was let in by a manager. Failures there count for that person
//!   at that workstation, and for nobody else anywhere.
//! * The hub itself (loopback) is a place of its own: with everything else locked, its owner gets
//!   in by its own screen, or through a tunnel to it.
//! * All other browsers are one place together, because addresses cost nothing on a LAN: a person
//!   is locked for all of them. Besides, each address is locked for itself, whoever is tried, which
//!   slows down one who tries many people; it does not touch the workstations behind that address.

use std::net::IpAddr;

use service_kit::http::address::network_of;
use store_core::{OperatorId, WorkstationId};

/// Who asks to be let in.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The secret of the browser, where it says that it is a workstation.
    pub browser: Option<String>,
    /// The address that it asks from.
    pub address: Option<IpAddr>,
}

/// Where somebody tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Workstation(WorkstationId),
    Here,
    Elsewhere(Option<IpAddr>),
}

impl Place {
    pub fn of(workstation: Option<WorkstationId>, address: Option<IpAddr>) -> Self {
        let address = address.map(|address| address.to_canonical());
        match (workstation, address) {
            (Some(workstation), _) => Self::Workstation(workstation),
            (None, Some(address)) if address.is_loopback() => Self::Here,
            (None, address) => Self::Elsewhere(address.map(network_of)),
        }
    }

    /// What fails when somebody's PIN is wrong here: first the key that a right PIN clears.
    pub fn keys_of(&self, operator: &OperatorId) -> Vec<String> {
        match self {
            Self::Workstation(workstation) => {
                vec![format!("operator {operator} at workstation {workstation}")]
            }
            Self::Here => vec![format!("operator {operator} at the hub")],
            Self::Elsewhere(address) => {
                let mut keys = vec![format!("operator {operator} elsewhere")];
                keys.extend(address.map(|address| format!("address {address}")));
                keys
            }
        }
    }

    /// What fails when a badge is nobody's here; nothing where badges are not read.
    pub fn badge_keys(&self) -> Option<Vec<String>> {
        match self {
            Self::Workstation(workstation) => {
                Some(vec![format!("badges at workstation {workstation}")])
            }
            Self::Here | Self::Elsewhere(_) => None,
        }
    }

    /// What fails when the set-up code is wrong. There is no key for the code itself: 40 bits
    /// cannot be guessed, and nobody must be able to keep the owner from setting up.
    pub fn setup_keys(&self) -> Vec<String> {
        match self {
            Self::Workstation(_) | Self::Here => vec!["setting up at the hub".to_owned()],
            Self::Elsewhere(address) => {
                address.map(|address| format!("address {address}")).into_iter().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(workstation: Option<&str>, address: &str) -> Place {
        let workstation = workstation.map(|id| WorkstationId::new(id).unwrap());
        Place::of(workstation, Some(address.parse().unwrap()))
    }

    #[test]
    fn what_fails_elsewhere_is_not_what_fails_at_a_register_or_at_the_hub() {
        let m1 = OperatorId::new("m1").unwrap();
        let elsewhere = place(None, "192.168.1.7").keys_of(&m1);
        assert_eq!(elsewhere, ["operator m1 elsewhere", "address 192.168.1.7"]);
        let same_address = place(Some("1"), "192.168.1.7").keys_of(&m1);
        assert_eq!(same_address, ["operator m1 at workstation 1"]);
        assert_eq!(place(None, "127.0.0.1").keys_of(&m1), ["operator m1 at the hub"]);
        assert_eq!(place(None, "::ffff:127.0.0.1"), Place::Here);
    }

    #[test]
    fn another_address_of_the_same_machine_is_the_same_place() {
        let m1 = OperatorId::new("m1").unwrap();
        let keys = |address| place(None, address).keys_of(&m1);
        assert_eq!(keys("fd00::1"), keys("fd00::ffff:1"));
        assert_ne!(keys("fd00::1"), keys("fd00:0:0:1::1"));
        assert_eq!(keys("::ffff:192.168.1.7"), keys("192.168.1.7"));
    }
}
