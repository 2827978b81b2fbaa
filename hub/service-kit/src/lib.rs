//! What every process of ours has, the store's hub and headquarters alike: how it ends and what it
//! logs, how it keeps secrets, how it speaks HTTPS, and who may ask its web at all.

pub mod certificates;
pub mod exit;
pub mod files;
pub mod http;
pub mod language;
pub mod logging;
pub mod notify;
pub mod security;
pub mod settings;
pub mod signals;
pub mod toml;
pub mod words;
