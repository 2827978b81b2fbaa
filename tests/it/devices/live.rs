//! What a register's page hears of its counter.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::Value;

use crate::api::browser::Browser;
use crate::api::hub::Hub;

/// All that was heard since it began, but heartbeats and views.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Vec<(String, Value)>>>);

impl Live {
    /// Listens for as long as the hub talks.
    pub fn of(hub: &Hub, browser: &Browser) -> Self {
        Self::at(hub, browser, "/api/v1/live")
    }

    /// The same where nobody needs to be signed on.
    pub fn before_sign_on(hub: &Hub, browser: &Browser) -> Self {
        Self::at(hub, browser, "/api/v1/workstation/live")
    }

    fn at(hub: &Hub, browser: &Browser, path: &str) -> Self {
        let live = Self::default();
        let authority = hub.url.trim_start_matches("http://").to_owned();
        let cookies = browser.cookies();
        let mut stream = TcpStream::connect(&authority).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {authority}\r\ncookie: {cookies}\r\n\r\n")
            .unwrap();
        let heard = live.clone();
        thread::spawn(move || heard.listen(stream));
        live
    }

    fn listen(&self, stream: TcpStream) {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        while let Some(line) = lines.next() {
            let Some(name) = line.strip_prefix("event: ") else { continue };
            let Some(data) = lines.next() else { return };
            if matches!(name, "heartbeat" | "view") {
                continue;
            }
            let data = serde_json::from_str(data.strip_prefix("data: ").unwrap_or_default());
            self.lock().push((name.to_owned(), data.unwrap_or_default()));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, Value)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn named(&self, name: &str) -> Vec<Value> {
        let all = self.lock();
        all.iter().filter(|(known, _)| known == name).map(|(_, data)| data.clone()).collect()
    }

    /// The codes that were scanned.
    pub fn codes(&self) -> Vec<String> {
        let code = |scan: &Value| scan["code"].as_str().unwrap().to_owned();
        self.named("scan").iter().map(code).collect()
    }

    /// Why the stream ended.
    pub fn notices(&self) -> Vec<String> {
        let code = |notice: &Value| notice["code"].as_str().unwrap().to_owned();
        self.named("notice").iter().map(code).collect()
    }

    /// All that the scale showed.
    pub fn weights(&self) -> Vec<Value> {
        self.named("scale")
    }

    /// What the scale shows now.
    pub fn weight(&self) -> Value {
        self.weights().pop().unwrap_or_default()
    }
}
