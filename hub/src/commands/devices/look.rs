//! Goes through what is plugged in, or what somebody names.

use devices::discovery::{self, Found, Kind, Reason};
use devices::port::{PortAddress, SystemRoot};
use service_kit::exit;
use store_core::device::Devices;

use crate::cli::ScanArgs;
use crate::peripherals::{Asks, Seen, file_of, see};

/// Looks at what is there or, where ports are named, at these alone; asks what is to be asked.
pub(super) fn look(root: &SystemRoot, args: &ScanArgs, devices: &Devices) -> Vec<Seen> {
    let all = discovery::scan(root);
    let found = match args.at.is_empty() {
        true => all,
        false => args.at.iter().map(|address| named(root, address, &all)).collect(),
    };
    let sets_up = args.try_out || args.write.is_some();
    let may_ask = (args.probe || sets_up) && !args.no_probe;
    let asks = if may_ask { Asks::Free } else { Asks::Nobody };
    let count = found.len();
    let mut seen = Vec::new();
    for (found, number) in found.into_iter().zip(1..) {
        let asking = |address: &PortAddress| {
            exit::note(&format!("{number} of {count}: asking {address} …"));
        };
        seen.push(see(root, found, devices, asks, asking));
    }
    seen
}

/// A port that somebody named, with what the system knows of it.
fn named(root: &SystemRoot, address: &PortAddress, all: &[Found]) -> Found {
    let file = file_of(root, address);
    let known = file.as_ref().and_then(|file| {
        all.iter().find(|found| found.file.canonicalize().is_ok_and(|other| other == *file))
    });
    if let Some(known) = known {
        return Found { address: Some(address.clone()), ..known.clone() };
    }
    Found {
        address: Some(address.clone()),
        file: file.unwrap_or_default(),
        kind: match address {
            PortAddress::Serial { .. } => Kind::SerialAdapter,
            PortAddress::UsbPrinter(_) => Kind::ReceiptPrinter,
            PortAddress::Input(_) => Kind::Keyboard,
            PortAddress::HidRaw(_) | PortAddress::Tcp(_) => Kind::Unknown,
        },
        model: None,
        maker: None,
        product: None,
        reason: Reason { code: "named", parameters: Vec::new() },
        lines: Vec::new(),
    }
}
