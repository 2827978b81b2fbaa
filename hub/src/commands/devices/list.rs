//! The devices of the settings.

use devices::port::{PortAddress, SystemRoot};
use serde_json::{Value, json};
use service_kit::exit::{self, Failure};
use store_core::device::{Device, Devices};

use crate::peripherals::{SIMULATED, file_of};

pub(super) fn list(devices: &Devices, as_json: bool) -> Result<(), Failure> {
    let root = SystemRoot::default();
    exit::say(&if as_json { json(&root, devices) } else { text(&root, devices) })
}

/// Whether a device is there, as far as that can be seen without asking it.
fn presence(root: &SystemRoot, device: &Device) -> &'static str {
    match device.port.as_str() {
        SIMULATED => "simulated",
        "" => "at_printer",
        port => match port.parse::<PortAddress>() {
            Err(_) => "lines",
            Ok(PortAddress::Tcp(_)) => "network",
            Ok(address) if file_of(root, &address).is_some() => "plugged_in",
            Ok(_) => "absent",
        },
    }
}

fn text(root: &SystemRoot, devices: &Devices) -> String {
    if devices.all().is_empty() {
        return "the settings name no devices; `hub devices scan` finds some".to_owned();
    }
    let line = |device: &Device| {
        let registers: Vec<String> = device.registers.iter().map(u16::to_string).collect();
        let of = match registers.is_empty() {
            true => "every register".to_owned(),
            false => format!("register {}", registers.join(", ")),
        };
        let presence = presence(root, device).replace('_', " ");
        let port = if device.port.is_empty() { "-" } else { &device.port };
        format!("{}  {}  {port}  {of}  {presence}", device.id, device.kind.code())
    };
    devices.all().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn json(root: &SystemRoot, devices: &Devices) -> String {
    let value = |device: &Device| json!({"device": device, "presence": presence(root, device)});
    format!("{:#}", Value::from(devices.all().iter().map(value).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_device_says_whether_it_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("ttyUSB0");
        std::fs::write(&file, "").unwrap();
        let written = serde_json::json!([
            {"id": "front", "kind": "receipt_printer", "port": "tcp:10.0.0.9:9100"},
            {"id": "scale", "kind": "scale", "port": format!("serial:{}", file.display())},
            {"id": "gun", "kind": "scanner", "port": "serial:/nowhere/x", "registers": [2]},
            {"id": "till", "kind": "cash_drawer"},
            {"id": "light", "kind": "signal", "port": "gpio"},
            {"id": "show", "kind": "customer_display", "port": "simulated"},
        ]);
        let devices = Devices::of(serde_json::from_value(written).unwrap(), 2).unwrap();
        let root = SystemRoot::default();
        let there: Vec<_> = devices.all().iter().map(|device| presence(&root, device)).collect();
        assert_eq!(there, ["network", "plugged_in", "absent", "at_printer", "lines", "simulated"]);
        let lines = text(&root, &devices);
        assert!(lines.contains("gun  scanner  serial:/nowhere/x  register 2  absent"), "{lines}");
        assert!(text(&root, &Devices::default()).contains("hub devices scan"));
    }
}
