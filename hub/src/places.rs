//! Where a store keeps what, in its data directory.

use std::path::{Path, PathBuf};

/// The journal's file.
#[must_use]
pub fn journal(data_dir: &Path) -> PathBuf {
    data_dir.join("journal.db")
}

/// The catalogue's file.
#[must_use]
pub fn catalogue(data_dir: &Path) -> PathBuf {
    data_dir.join("catalogue.csv")
}

/// The promotions that held last of those in the store's own file.
#[must_use]
pub fn promotions(data_dir: &Path) -> PathBuf {
    data_dir.join("promotions-kept.json")
}

/// The bundles of policy that came from headquarters.
#[must_use]
pub fn policy(data_dir: &Path) -> PathBuf {
    data_dir.join("policy")
}

/// What policy is verified against, as the link file said last.
#[must_use]
pub fn policy_identity(data_dir: &Path) -> PathBuf {
    policy(data_dir).join("identity.json")
}

/// The secret that signs receipts' codes and makes their addresses.
#[must_use]
pub fn receipt_keys(data_dir: &Path) -> PathBuf {
    data_dir.join("receipts.key")
}

/// All that those leave who train: a journal of its own.
#[must_use]
pub fn training(data_dir: &Path) -> PathBuf {
    data_dir.join("training")
}

/// What the simulated printer has printed: the paper itself.
#[must_use]
pub fn paper(data_dir: &Path) -> PathBuf {
    data_dir.join("paper.escpos")
}

/// The devices that somebody set on a screen.
#[must_use]
pub fn devices(data_dir: &Path) -> PathBuf {
    data_dir.join("devices.json")
}
