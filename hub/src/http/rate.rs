//! How often somebody may ask what needs no session.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use service_kit::http::address::network_of;

const MINUTE_MS: u64 = 60_000;
/// Requests of one network in a minute: a family that opens its receipts on several telephones.
const PER_MINUTE_MAX: u32 = 60;
/// Networks that are counted in a minute; a shop's own network is one. More are turned away, so
/// that nobody fills the memory.
const NETWORKS_MAX: usize = 4096;

/// Counts who asked in this minute.
#[derive(Debug, Default)]
pub struct Rate(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    minute: u64,
    asked: BTreeMap<IpAddr, u32>,
}

impl Rate {
    /// Whether an address may ask once more; `now_ms` runs steadily.
    pub fn admits(&self, address: IpAddr, now_ms: u64) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now_ms / MINUTE_MS;
        if counted.minute != minute {
            *counted = Counted { minute, asked: BTreeMap::new() };
        }
        let network = network_of(address);
        if !counted.asked.contains_key(&network) && counted.asked.len() >= NETWORKS_MAX {
            return false;
        }
        let asked = counted.asked.entry(network).or_default();
        *asked = asked.saturating_add(1);
        *asked <= PER_MINUTE_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_its_requests_and_new_ones_a_minute_later() {
        let rate = Rate::default();
        let one: IpAddr = "192.168.1.7".parse().unwrap();
        let answers: Vec<bool> = (0..62).map(|_| rate.admits(one, 1)).collect();
        assert_eq!(answers.iter().filter(|admitted| **admitted).count(), 60);
        assert!(!answers[60] && !answers[61]);
        assert!(rate.admits("192.168.1.8".parse().unwrap(), 1));
        assert!(rate.admits(one, MINUTE_MS));
    }

    #[test]
    fn a_machine_with_many_addresses_is_one_and_memory_is_bounded() {
        let rate = Rate::default();
        let admitted =
            (0..100).filter(|n| rate.admits(format!("2001:db8::{n}").parse().unwrap(), 1));
        assert_eq!(admitted.count(), 60);
        let many =
            (0..NETWORKS_MAX as u32 + 10).map(|n| IpAddr::from((0x0a00_0000 + n).to_be_bytes()));
        assert_eq!(many.filter(|address| rate.admits(*address, 1)).count(), NETWORKS_MAX - 1);
    }
}
