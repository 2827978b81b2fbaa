//! Stores as processes of their own, `hub run` as it is shipped: the first end of each is a kill.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use hub::replay::client::Credentials;
use hub::replay::file::FileTime;
use hub::replay::run::{HostError, RunningStore, StoreHost, StoreOpening};
use store_core::{StoreId, WorkstationId};

use crate::support;

/// How often each store was ended so far.
type Ends = Arc<Mutex<BTreeMap<StoreId, u32>>>;

pub struct HubProcesses {
    directory: PathBuf,
    catalogue: PathBuf,
    ends: Ends,
}

struct HubProcess {
    store: StoreId,
    child: Child,
    /// Kept open: what the hub says must go somewhere.
    _said: BufReader<ChildStdout>,
    url: String,
    setup_code: Option<String>,
    directory: PathBuf,
    ends: Ends,
}

impl HubProcesses {
    pub fn new(directory: &Path, catalogue: &Path) -> Self {
        let (directory, catalogue) = (directory.to_owned(), catalogue.to_owned());
        Self { directory, catalogue, ends: Ends::default() }
    }

    /// Kills and stops so far.
    pub fn ends(&self) -> (usize, u32) {
        let ends = self.ends.lock().unwrap();
        (ends.len(), ends.values().map(|ends| ends - 1).sum())
    }
}

/// The settings of a store of a replay.
pub fn config(opening: &StoreOpening<'_>) -> String {
    let (store, currency, zone) = (opening.store, opening.currency.code(), opening.zone);
    let registers = opening.registers;
    format!(
        r#"
[store]
id = "{store}"
name = "{store}"
currency = "{currency}"
time_zone = "{zone}"
language = "en"

[registers]
count = {registers}

[tax]
default = {{ percent = "0", method = "inclusive" }}

[printer]
mode = "text"

[till]
policy = "none"

[log]
level = "warn"

[[tenders]]
id = "cash"
gives_change = true
opens_drawer = true

[[tenders]]
id = "coupon"
gives_change = true
opens_drawer = false
taken_when_nothing_due = true
"#
    )
}

/// The hub's own command with the store's settings.
fn hub(command: &str, config: &Path, directory: &Path) -> Command {
    let mut hub = Command::new(support::hub_binary());
    hub.arg(command).arg("--config").arg(config).arg("--data-dir").arg(directory);
    hub
}

impl StoreHost for HubProcesses {
    fn open(&self, opening: &StoreOpening<'_>) -> Result<Box<dyn RunningStore>, HostError> {
        let directory = self.directory.join(opening.store.as_str());
        let settings = self.directory.join(format!("{}.toml", opening.store));
        if !directory.exists() {
            std::fs::write(&settings, config(opening))?;
            let imported = hub("import", &settings, &directory).arg(&self.catalogue).output()?;
            assert!(imported.status.success(), "{imported:?}");
        }
        let is_set_up = Credentials::path(&directory).exists();
        let mut child = hub("run", &settings, &directory)
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut url = None;
        let mut setup_code = None;
        let mut line = String::new();
        while url.is_none() || (setup_code.is_none() && !is_set_up) {
            line.clear();
            if said.read_line(&mut line)? == 0 {
                return Err("the hub ended".into());
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [address] if address.starts_with("http://") => url = Some(address.to_owned()),
                ["one-time", "set-up", "code:", code, ..] => setup_code = Some(code.to_owned()),
                _ => {}
            }
        }
        Ok(Box::new(HubProcess {
            store: opening.store.clone(),
            child,
            _said: said,
            url: url.ok_or("no address")?,
            setup_code,
            directory,
            ends: self.ends.clone(),
        }))
    }
}

impl RunningStore for HubProcess {
    fn url(&self) -> &str {
        &self.url
    }

    fn setup_code(&self) -> Option<String> {
        self.setup_code.clone()
    }

    fn directory(&self) -> &Path {
        &self.directory
    }

    fn journal(&self) -> &Path {
        &self.directory
    }

    fn set_clock(&self, _: &WorkstationId, _: FileTime) {}

    fn close(mut self: Box<Self>) -> Result<(), HostError> {
        let ends = {
            let mut ends = self.ends.lock().unwrap();
            let ends = ends.entry(self.store.clone()).or_default();
            *ends += 1;
            *ends
        };
        if ends == 1 {
            self.child.kill()?;
            self.child.wait()?;
            return Ok(());
        }
        support::terminate(&self.child);
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the hub ended: {status}").into()) }
    }
}

impl Drop for HubProcess {
    fn drop(&mut self) {
        // It has ended already, unless the test failed on the way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
