mod found;
mod located;
mod probed;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::port::SystemRoot;

/// A made-up machine: what its system shows of devices that are plugged in.
struct Machine {
    directory: tempfile::TempDir,
}

/// The keys of a keyboard, and those of a case's power button, as the kernel writes them.
const KEYBOARD_KEYS: &str = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe";
const BUTTON_KEYS: &str = "10000000000000 0";

impl Machine {
    fn new() -> Self {
        let machine = Self { directory: tempfile::tempdir().unwrap() };
        fs::create_dir_all(machine.path("dev")).unwrap();
        machine
    }

    fn root(&self) -> SystemRoot {
        SystemRoot { sys: self.path("sys"), dev: self.path("dev") }
    }

    fn path(&self, name: &str) -> PathBuf {
        // As the system resolves it.
        fs::canonicalize(self.directory.path()).unwrap().join(name)
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.path(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn link(&self, link: &str, to: &Path) {
        let link = self.path(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(to, link).unwrap();
    }

    /// Plugs a USB device in at a port: vendor:product, its serial number, its name.
    fn usb(&self, port: &str, id: &str, serial: Option<&str>, name: &str) {
        let place = format!("sys/devices/usb1/{port}");
        let (vendor, product) = id.split_once(':').unwrap();
        self.write(&format!("{place}/idVendor"), &format!("{vendor}\n"));
        self.write(&format!("{place}/idProduct"), &format!("{product}\n"));
        self.write(&format!("{place}/product"), &format!("{name}\n"));
        if let Some(serial) = serial {
            self.write(&format!("{place}/serial"), &format!("{serial}\n"));
        }
    }

    /// Gives a device at a port a file of a class: `tty`, `ttyUSB0`, and its file's name.
    fn file(&self, port: &str, class: &str, name: &str, file: &str) {
        let place = format!("sys/devices/usb1/{port}/{port}:1.0/{class}/{name}");
        self.write(&format!("{place}/uevent"), &format!("MAJOR=188\nDEVNAME={file}\n"));
        self.link(&format!("sys/class/{class}/{name}"), &self.path(&place));
        self.write(&format!("dev/{file}"), "");
    }

    fn serial(&self, port: &str, name: &str) {
        self.file(port, "tty", name, name);
    }

    fn keyboard(&self, port: &str, name: &str, keys: &str) {
        self.file(port, "input", name, &format!("input/{name}"));
        let device = format!("sys/devices/usb1/{port}/{port}:1.0/input/{name}/device");
        self.write(&format!("{device}/capabilities/key"), keys);
        self.write(&format!("{device}/name"), "a keyboard");
    }

    fn unplug(&self, port: &str, class: &str, name: &str) {
        fs::remove_dir_all(self.path(&format!("sys/devices/usb1/{port}"))).unwrap();
        fs::remove_file(self.path(&format!("sys/class/{class}/{name}"))).unwrap();
        let _ = fs::remove_file(self.path(&format!("dev/{name}")));
    }
}
