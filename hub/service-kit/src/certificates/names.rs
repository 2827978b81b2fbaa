//! Under which names and addresses browsers reach this machine.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

/// What a certificate of this machine has to vouch for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Host names, in lower case.
    pub hosts: BTreeSet<String>,
    /// Addresses.
    pub addresses: BTreeSet<IpAddr>,
}

impl Names {
    /// The names and addresses of this machine as they are now, and those that the settings add.
    #[must_use]
    pub fn of_machine(allowed_hosts: &[String]) -> Self {
        let allowed = allowed_hosts.iter().cloned();
        let hosts = host_names().into_iter().chain(["localhost".to_owned()]).chain(allowed);
        let mut addresses: BTreeSet<IpAddr> = lan_addresses().into_iter().collect();
        addresses.extend([IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]);
        Self { hosts: hosts.filter(|name| is_host_name(name)).collect(), addresses }
    }
}

/// The machine's own name, and the one under which a name service without a server (mDNS) has it.
#[must_use]
pub fn host_names() -> Vec<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().to_ascii_lowercase();
    let label = name.split('.').next().unwrap_or_default();
    if label.is_empty() || label == "localhost" {
        return Vec::new();
    }
    let local = format!("{label}.local");
    if local == name { vec![local] } else { vec![name.clone(), local] }
}

/// Whether a certificate can carry it: letters, digits, dashes and dots.
fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.split('.').all(is_label)
}

/// The addresses of this machine that other machines may reach, the IPv4 ones first.
#[must_use]
pub fn lan_addresses() -> Vec<IpAddr> {
    // Read from the kernel's tables: the service may open no netlink socket.
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let mut found = ipv4_of(&read("/proc/self/net/fib_trie"));
    found.extend(ipv6_of(&read("/proc/self/net/if_inet6")));
    if found.is_empty() {
        found.extend(towards_the_internet());
    }
    found
}

/// The address that packets to elsewhere would come from; none is sent.
fn towards_the_internet() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address kept for documentation: no machine has it.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// The addresses in the kernel's `fib_trie`: a line with the address, then one that says that a
/// single address (`/32`) is of this machine (`host LOCAL`).
fn ipv4_of(fib_trie: &str) -> Vec<IpAddr> {
    let mut found = BTreeSet::new();
    let mut last: Option<Ipv4Addr> = None;
    for line in fib_trie.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            last = address.parse().ok();
        } else if line == "/32 host LOCAL" {
            found.extend(last.filter(|address| !address.is_loopback()).map(IpAddr::V4));
        }
    }
    found.into_iter().collect()
}

/// The addresses in the kernel's `if_inet6`: 32 digits, then the interface and its scope. Those
/// of one link are left out: a browser cannot write them.
fn ipv6_of(if_inet6: &str) -> Vec<IpAddr> {
    const LINK: &str = "20";
    const MACHINE: &str = "10";
    let address = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [digits, _, _, scope, ..] = fields[..] else { return None };
        let bits = u128::from_str_radix(digits, 16).ok()?;
        let is_reached = scope != LINK && scope != MACHINE;
        is_reached.then(|| IpAddr::V6(Ipv6Addr::from_bits(bits)))
    };
    if_inet6.lines().filter_map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIE: &str = "Main:\n  +-- 127.0.0.0/8 2 0 2\n     |-- 127.0.0.1\n        \
        /32 host LOCAL\n  +-- 192.168.7.0/24 2 0 2\n     |-- 192.168.7.0\n        \
        /24 link UNICAST\n     |-- 192.168.7.20\n        /32 host LOCAL\n     |-- \
        192.168.7.255\n        /32 link BROADCAST\nLocal:\n     |-- 192.168.7.20\n        \
        /32 host LOCAL\n";
    const INET6: &str = "fe800000000000005054e9fffe000005 02 40 20 80     eth0\n\
        fd12000000000000000000000000000a 02 40 00 80     eth0\n\
        00000000000000000000000000000001 01 80 10 80       lo\n";

    #[test]
    fn the_kernels_tables_name_what_others_can_reach() {
        assert_eq!(ipv4_of(TRIE), ["192.168.7.20".parse::<IpAddr>().unwrap()]);
        assert_eq!(ipv6_of(INET6), ["fd12::a".parse::<IpAddr>().unwrap()]);
        assert_eq!((ipv4_of("what?"), ipv6_of("x y z\n")), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_machine_has_loopback_its_names_and_those_of_the_settings() {
        let names = Names::of_machine(&["till.example".to_owned(), "no name".to_owned()]);
        for host in ["localhost", "till.example"] {
            assert!(names.hosts.contains(host), "{host}: {names:?}");
        }
        assert!(!names.hosts.contains("no name"));
        assert!(host_names().iter().all(|name| names.hosts.contains(name)));
        assert!(names.addresses.contains(&"127.0.0.1".parse().unwrap()));
        assert!(names.addresses.contains(&"::1".parse().unwrap()));
    }
}
