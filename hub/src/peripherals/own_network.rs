//! Which addresses somebody at a screen may name: those of the store's own networks. A hub that
//! connects to wherever a browser says, and tells what came of it, is a way into other networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use devices::port::PortAddress;

/// Endings of names that no public name server answers for.
const LOCAL_ENDINGS: [&str; 4] = [".local", ".lan", ".home.arpa", ".internal"];

/// What names of this machine itself have in them, as systems write them.
const OWN_NAMES: [&str; 2] = ["localhost", "loopback"];

/// Whether a port is at this machine or on the store's networks. Not this machine's own address: a
/// device that is only simulated is named otherwise, and what else listens there is no device. A
/// name is one of the store's own name server, which is trusted to know its own.
pub(super) fn is_near(port: &PortAddress) -> bool {
    let PortAddress::Tcp(place) = port else { return true };
    let Some((host, _)) = place.rsplit_once(':') else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    // An address of one link says at which of this machine's it is.
    let address = host.split_once('%').map_or(host, |(address, _)| address);
    match address.parse::<IpAddr>() {
        Ok(address) => match address.to_canonical() {
            IpAddr::V4(address) => is_own_v4(address),
            IpAddr::V6(address) => is_own_v6(address),
        },
        Err(_) => is_local_name(host),
    }
}

const fn is_own_v4(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_link_local()
}

const fn is_own_v6(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

/// Begins with a letter: the system reads a number, also one with an x in it, as an address.
fn is_local_name(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let begins_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let stem = LOCAL_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    let is_local = stem.map_or(!name.contains('.'), |stem| !stem.is_empty());
    let is_this_machine = OWN_NAMES.iter().any(|own| name.contains(own));
    begins_well && name.bytes().all(is_plain) && is_local && !is_this_machine
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(port: &str) -> bool {
        is_near(&port.parse().unwrap())
    }

    #[test]
    fn what_stands_in_the_store_may_be_named() {
        for port in [
            "tcp:192.168.1.50:9100",
            "tcp:10.0.0.9:9100",
            "tcp:172.16.0.1:9100",
            "tcp:169.254.3.4:9100",
            "tcp:[fd00::9]:9100",
            "tcp:[fe80::1]:9100",
            "tcp:[::ffff:192.168.1.50]:9100",
            "tcp:printer:9100",
            "tcp:till-printer.local:9100",
            "tcp:epson.lan:9100",
            "serial:/dev/ttyUSB0",
            "usblp:/dev/usb/lp0",
        ] {
            assert!(near(port), "{port}");
        }
    }

    #[test]
    fn what_is_elsewhere_or_the_machine_itself_may_not() {
        for port in [
            "tcp:8.8.8.8:53",
            "tcp:127.0.0.1:22",
            "tcp:0.0.0.0:22",
            "tcp:172.32.0.1:9100",
            "tcp:[::1]:22",
            "tcp:[::]:22",
            "tcp:[::ffff:127.0.0.1]:22",
            "tcp:[::ffff:8.8.8.8]:53",
            "tcp:[2001:db8::1]:9100",
            "tcp:localhost:22",
            "tcp:LOCALHOST:22",
            "tcp:ip6-localhost:22",
            "tcp:ip6-loopback:22",
            "tcp:printer.example.com:9100",
            "tcp:printer.example.com.:9100",
            "tcp:.local:9100",
            "tcp:2130706433:22",
            "tcp:0x7f000001:22",
            "tcp:127.1:22",
        ] {
            assert!(!near(port), "{port}");
        }
    }
}
