//! What stands on and around the counter of the first store: simulated devices, which the store
//! reaches by its real drivers over pseudo-terminals and sockets of this machine.

use serde::Deserialize;
use service_kit::exit::{ExitCode, Failure};
use store_core::device::{Device, Devices};

use crate::peripherals;

/// As a store's settings say it. People work at register 1; the receipts of both registers come
/// out of one printer, and the other prints what that one cannot. The trade at register 2 has a
/// drawer that nobody pushes in, which is no reason to say so at the till.
const DEVICES: &str = r#"
[[devices]]
id = "printer-1"
kind = "receipt_printer"
port = "simulated"
registers = [1, 2]
mode = "raster"
fallback = "printer-2"

[[devices]]
id = "printer-2"
kind = "receipt_printer"
port = "simulated"
mode = "big5"

[[devices]]
id = "drawer-1"
kind = "cash_drawer"
registers = [1]
printer = "printer-1"

[[devices]]
id = "drawer-2"
kind = "cash_drawer"
registers = [2]
printer = "printer-2"
open_max_s = 31536000

[[devices]]
id = "scanner-1"
kind = "scanner"
port = "simulated"
registers = [1]

[[devices]]
id = "scale-1"
kind = "scale"
port = "simulated"
registers = [1]
protocol = "toledo_8217"

[[devices]]
id = "display-1"
kind = "customer_display"
port = "simulated"
registers = [1]
dialect = "cd5220"

[[devices]]
id = "terminal-1"
kind = "card_terminal"
port = "simulated"
registers = [1]
dialect = "taiwan_400"

[[devices]]
id = "light"
kind = "signal"
port = "simulated"
"#;

#[derive(Deserialize)]
struct Written {
    devices: Vec<Device>,
}

/// The devices, for a store of so many registers.
///
/// # Errors
/// [`Failure`]: they do not fit it, which a test sees to.
pub fn devices(registers: u16) -> Result<Devices, Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::because(ExitCode::Software, "the devices of a store", error)
    };
    let written: Written = toml::from_str(DEVICES).map_err(|error| failed(&error))?;
    let devices = Devices::of(written.devices, registers).map_err(|error| failed(&error))?;
    let checked = devices.all().iter().try_for_each(peripherals::check);
    checked.map_err(|error| failed(&error))?;
    Ok(devices)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use store_core::WorkstationId;
    use store_core::device::DeviceKind;

    use super::*;

    #[test]
    fn register_1_has_whatever_can_stand_there_and_register_2_shares_its_printer() {
        let devices = devices(2).unwrap();
        let [one, two] = ["1", "2"].map(|number| WorkstationId::new(number).unwrap());
        let kinds = DeviceKind::ALL.iter().filter(|kind| devices.at(**kind, &one).is_some());
        assert_eq!(kinds.count(), DeviceKind::ALL.len());
        assert_eq!(devices.paper_printers_of(Some(&one)), devices.paper_printers_of(Some(&two)));
        assert!(
            devices.at(DeviceKind::CardTerminal, &two).is_none(),
            "its cards are taken by hand"
        );
    }

    #[test]
    fn all_of_it_is_simulated() {
        let ports: BTreeSet<_> =
            devices(2).unwrap().all().iter().map(|device| device.port.clone()).collect();
        assert_eq!(ports, BTreeSet::from([String::new(), peripherals::SIMULATED.to_owned()]));
    }
}
