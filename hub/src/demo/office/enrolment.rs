use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hq::keys::PolicyKey;
use hq::policy::{Order, push};
use hq::settings::Settings;
use hq::store::HqStore;
use hq::wiring;
use jiff::Timestamp;
use service_kit::exit::{ExitCode, Failure};
use service_kit::files;
use store_core::{Currency, StoreId};

use super::{OfficePorts, settings};
use crate::replay::here::directory_name;
use crate::replay::run::HostError;

/// Where the files of policy are, in headquarters' directory.
const POLICY: &str = "policy";

/// Enrols stores and pushes policy through headquarters' database, as `hq store add` and
/// `hq policy push` do: it need not run in this process.
pub(super) struct Enroller {
    settings: Settings,
    broker: SocketAddr,
    links: PathBuf,
    database: Mutex<HqStore>,
}

impl Enroller {
    pub(super) fn open(
        directory: &Path,
        broker: SocketAddr,
        links: PathBuf,
    ) -> Result<Self, Failure> {
        let settings = settings(directory, OfficePorts { page: 0, broker: broker.port() })?;
        let database = wiring::open_store(&settings).map_err(|error| {
            Failure::because(ExitCode::InputOutput, "headquarters' database", &error)
        })?;
        Ok(Self { settings, broker, links, database: Mutex::new(database) })
    }

    /// Each start gives a store another secret: the link file is where it is kept.
    pub(super) fn enrol(
        &self,
        store: &StoreId,
        name: &str,
        region: &str,
    ) -> Result<PathBuf, HostError> {
        let enrolment = wiring::enrolment(&self.settings, Some(self.broker), None)?;
        let region = (!region.is_empty()).then_some(region);
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = hq::enrolment::list(database.sql())?
            .iter()
            .any(|known| known.id == store.as_str() && known.made_ms.is_some());
        let path = self.links.join(format!("{}.toml", directory_name(store)));
        let keep = |file: &hq_wire::link::v1::LinkFile| {
            let text = toml::to_string(file).map_err(std::io::Error::other)?;
            files::replace_file(&path, text.as_bytes())
        };
        if is_known {
            enrolment.rotate(&mut database, store.as_str(), keep)?;
        } else {
            enrolment.add(&mut database, store.as_str(), Some(name), region, keep)?;
        }
        Ok(path)
    }

    pub(super) fn push_once(
        &self,
        chain: &str,
        (file, content): (&str, &str),
        currency: Currency,
        since: Timestamp,
    ) -> Result<(), Failure> {
        let failed = |error: &dyn std::error::Error| {
            Failure::because(ExitCode::Software, "the demonstration's policy", error)
        };
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let pushed = database.policy_bundles().map_err(|error| failed(&error))?;
        if !pushed.is_empty() {
            return Ok(());
        }
        let directory = self.settings.data_dir.join(POLICY);
        files::make_private(&directory).map_err(|error| failed(&error))?;
        files::replace_file(&directory.join(file), content.as_bytes())
            .map_err(|error| failed(&error))?;
        let key = PolicyKey::open(&self.settings.data_dir).map_err(|error| failed(&error))?;
        let order = Order {
            directory,
            chain: chain.to_owned(),
            currency: Some(currency),
            effective_ms: Some(since.as_millisecond()),
            stores: Vec::new(),
            now_ms: Timestamp::now().as_millisecond(),
        };
        push(&mut database, key.pair(), &order).map_err(|error| failed(&error))?;
        Ok(())
    }
}
