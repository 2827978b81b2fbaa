//! Who is one and the same caller, as far as an address tells.

use std::net::{IpAddr, Ipv6Addr};

/// An address, or of IPv6 the network that it is in: one machine has as many of those as it likes.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    const HOST_BITS: u128 = u64::MAX as u128;
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !HOST_BITS)),
        address => address,
    }
}
