//! Headquarters' own program, with a broker in clear, and stores that are enrolled there.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use hq::settings::{BrokerSettings, Flags, Settings};
use hq::wiring;
use hq_wire::link::v1::LinkFile;
use serde_json::json;

use super::browser::{Accepts, Browser};
use super::process::Program;

/// The chain, as it is called where nothing else is said.
pub const CHAIN: &str = "chain";

const ADMIN: &str = "admin";
const PASSWORD: &str = "drei-Kraniche-am-Teich-28";

/// Headquarters at work.
pub struct Headquarters {
    /// Its program.
    pub program: Program,
    /// Where its broker listens.
    pub broker: SocketAddr,
    directory: PathBuf,
}

impl Headquarters {
    /// Starts it on a directory, with an administrator; its broker at this port, or any for 0.
    pub fn start(directory: &Path, port: u16) -> Self {
        let hq = Self::start_again(directory, port);
        let user = json!({"id": ADMIN, "name": "Admin", "password": PASSWORD});
        let body = json!({"code": hq.program.setup_code(), "user": user}).to_string();
        Browser::open(&hq.program.url).post("/api/v1/setup", &body, Accepts::Plain).json();
        hq
    }

    /// Starts it where it was before.
    pub fn start_again(directory: &Path, port: u16) -> Self {
        let program = Program::headquarters(directory, port);
        let broker = program.broker();
        Self { program, broker, directory: directory.to_owned() }
    }

    /// Enrols stores through its database, as its own command does.
    pub fn enrol(&self, stores: impl IntoIterator<Item = String>) -> Vec<LinkFile> {
        let settings = settings(&self.directory);
        let mut database = wiring::open_store(&settings).unwrap();
        let enrolment = wiring::enrolment(&settings, Some(self.broker), None).unwrap();
        let mut add = |store: String| {
            enrolment.add(&mut database, &store, Some(&store), None, |_| Ok(())).unwrap()
        };
        stores.into_iter().map(&mut add).collect()
    }

    /// Writes a link file down.
    pub fn link_file(&self, link: &LinkFile) -> PathBuf {
        let path = self.directory.with_file_name(format!("{}.link.toml", link.store));
        let text = toml::to_string(link).unwrap();
        service_kit::files::replace_file(&path, text.as_bytes()).unwrap();
        path
    }

    /// What its own connections show its broker.
    pub fn secret(&self) -> String {
        std::fs::read_to_string(self.directory.join("broker.secret")).unwrap().trim().to_owned()
    }

    /// A browser of its administrator.
    pub fn browser(&self) -> Browser {
        let mut browser = Browser::open(&self.program.url);
        let body = json!({"user": ADMIN, "password": PASSWORD}).to_string();
        browser.post("/api/v1/session", &body, Accepts::Plain).json();
        browser
    }
}

fn settings(directory: &Path) -> Settings {
    let flags = Flags { data_dir: Some(directory.to_owned()), ..Flags::default() };
    let mut settings = hq::settings::load(&flags).unwrap();
    let BrokerSettings::Own { tls, .. } = &mut settings.broker else {
        panic!("headquarters has a broker of its own where nothing else is said");
    };
    *tls = false;
    settings
}

/// A port that nobody listens at now.
pub fn free_port() -> u16 {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.local_addr().unwrap().port()
}
