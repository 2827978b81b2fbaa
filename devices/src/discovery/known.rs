use std::sync::LazyLock;

use serde::Deserialize;

use super::Kind;
use crate::port::UsbIdentity;

/// What is known of a USB device by its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Four hexadecimal digits, small.
    vendor: String,
    /// The same; whatever else the vendor makes where there is none.
    product: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Which.
    pub model: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entries {
    pub device: Vec<Known>,
}

pub(super) const FILE: &str = include_str!("../../data/usb-ids.toml");

// That the file can be read a test sees to.
static ENTRIES: LazyLock<Vec<Known>> =
    LazyLock::new(|| toml::from_str::<Entries>(FILE).map_or_else(|_| Vec::new(), |all| all.device));

/// What is known of a USB device: by its own numbers first, then by its maker's.
#[must_use]
pub fn known(identity: &UsbIdentity) -> Option<&'static Known> {
    let vendor = format!("{:04x}", identity.vendor);
    let product = format!("{:04x}", identity.product);
    let fits = |wanted: Option<&str>| {
        ENTRIES.iter().find(|one| one.vendor == vendor && one.product.as_deref() == wanted)
    };
    fits(Some(&product)).or_else(|| fits(None))
}
