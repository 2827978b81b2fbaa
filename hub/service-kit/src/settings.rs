//! Settings in layers: defaults, a file, its fragments, the environment; flags come on top.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use figment::value::Value;
use serde::Serialize;

/// Why the settings do not hold.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file is not there or cannot be read.
    #[error("reading {0}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// A file does not parse, or a key is unknown.
    #[error("{0}")]
    Malformed(Box<figment::Error>),
    /// A value makes no sense.
    #[error("{key}: {reason}")]
    Invalid {
        /// The key, with its section.
        key: &'static str,
        /// What is wrong with its value.
        reason: String,
    },
}

/// Every layer but the flags, the later counting more. `environment` is what the names of its
/// variables begin with: `HUB_`.
///
/// # Errors
/// Where a file that was named cannot be read.
pub fn layers(
    defaults: &str,
    config: Option<&Path>,
    environment: &str,
) -> Result<Figment, SettingsError> {
    let mut figment = Figment::new().merge(Toml::string(defaults));
    if let Some(config) = config {
        for file in files(config)? {
            figment = figment.merge(Toml::file_exact(file));
        }
    }
    Ok(figment.merge(Env::prefixed(environment).split("__")))
}

/// The settings file and its fragments, in the order of their names.
fn files(config: &Path) -> Result<Vec<PathBuf>, SettingsError> {
    let unreadable = |path: &Path, error| SettingsError::Unreadable(path.to_owned(), error);
    std::fs::metadata(config).map_err(|error| unreadable(config, error))?;
    let mut fragments = config.as_os_str().to_owned();
    fragments.push(".d");
    let directory = PathBuf::from(fragments);
    let mut found = vec![config.to_owned()];
    if directory.is_dir() {
        let entries = std::fs::read_dir(&directory).map_err(|e| unreadable(&directory, e))?;
        let mut names: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        names.sort();
        found.extend(names);
    }
    Ok(found)
}

/// Every value of settings that hold and where it comes from, a line each; a secret that is set is
/// not shown.
///
/// # Errors
/// Where the settings cannot be written.
pub fn show(
    figment: &Figment,
    settings: impl Serialize,
    secrets: &[&str],
) -> Result<String, SettingsError> {
    let mut text = String::new();
    let value =
        Value::serialize(settings).map_err(|error| SettingsError::Malformed(Box::new(error)))?;
    for (key, shown) in flatten("", &value) {
        let source = figment.find_metadata(&key).map_or_else(String::new, |metadata| {
            metadata.source.as_ref().map_or_else(|| metadata.name.to_string(), ToString::to_string)
        });
        let is_hidden = secrets.contains(&key.as_str()) && shown != "\"\"";
        let shown = if is_hidden { "(secret)" } else { &shown };
        let _ = writeln!(text, "{key} = {shown}    # {source}");
    }
    Ok(text)
}

fn flatten(prefix: &str, value: &Value) -> Vec<(String, String)> {
    match value.as_dict() {
        Some(dict) => dict
            .iter()
            .flat_map(|(key, value)| {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, value)
            })
            .collect(),
        None => {
            let shown = serde_json::to_string(value).unwrap_or_default();
            vec![(prefix.to_owned(), shown)]
        }
    }
}
