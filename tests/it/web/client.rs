//! A browser as far as these tests need one, and a client that sends what no browser would.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

/// A hub that says nothing for so long is stuck: the test ends instead of waiting for ever.
const STUCK_AFTER: Duration = Duration::from_secs(60);

pub trait ReadWrite: Read + Write + Send {}
impl<T: Read + Write + Send> ReadWrite for T {}

/// One browser: where it goes, what it trusts, and its cookies.
#[derive(Clone)]
pub struct Browser {
    pub address: SocketAddr,
    /// What stands in `Host`, without the port.
    pub host: String,
    pub tls: Option<Arc<ClientConfig>>,
    pub cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The stable code of a problem; empty where there is none.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// TLS that trusts this authority and no other.
pub fn trusting(authority: &[u8]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_vec())).expect("the authority is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    Arc::new(config.with_no_client_auth())
}

impl Browser {
    pub fn plain(address: SocketAddr) -> Self {
        let host = address.ip().to_string();
        Self { address, host, tls: None, cookies: BTreeMap::new() }
    }

    pub fn encrypted(address: SocketAddr, authority: &[u8]) -> Self {
        Self { tls: Some(trusting(authority)), ..Self::plain(address) }
    }

    pub fn origin(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}:{}", self.host, self.address.port())
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, Some(&body.to_string()))
    }

    /// Asks as its own page would.
    pub fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> Answer {
        let host = format!("{}:{}", self.host, self.address.port());
        let mut headers = vec![("Host".to_owned(), host)];
        if method != "GET" {
            headers.push(("Origin".to_owned(), self.origin()));
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        self.ask_with(method, path, &headers, body)
    }

    /// Asks with exactly these headers, and the cookies.
    pub fn ask_with(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<&str>,
    ) -> Answer {
        let mut reader = BufReader::new(self.send(method, path, headers, body));
        let answer = read_answer(&mut reader);
        let answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens the live stream and reads it line by line.
    pub fn stream(&self, path: &str) -> BufReader<Box<dyn ReadWrite>> {
        let host = format!("{}:{}", self.host, self.address.port());
        let stream = self.send("GET", path, &[("Host".to_owned(), host)], None);
        BufReader::new(stream)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: Option<&str>,
    ) -> Box<dyn ReadWrite> {
        let mut stream = self.connect().unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            let cookies: Vec<String> = cookies.collect();
            text.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        let body = body.unwrap_or_default();
        if method != "GET" {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
        stream.flush().unwrap();
        stream
    }

    /// Connects, and shakes hands where it is encrypted.
    pub fn connect(&self) -> std::io::Result<Box<dyn ReadWrite>> {
        let mut socket = TcpStream::connect(self.address)?;
        socket.set_read_timeout(Some(STUCK_AFTER))?;
        let Some(config) = &self.tls else { return Ok(Box::new(socket)) };
        let name = ServerName::try_from(self.host.clone()).expect("a host name or an address");
        let connection = ClientConnection::new(config.clone(), name);
        let mut connection = connection.map_err(std::io::Error::other)?;
        connection.complete_io(&mut socket)?;
        Ok(Box::new(StreamOwned::new(connection, socket)))
    }
}

/// Reads one answer; of a stream of events only its head.
pub fn read_answer(reader: &mut impl std::io::BufRead) -> std::io::Result<Answer> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other(format!("no answer: {line:?}")))?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    if let Some(length) = answer.header("content-length") {
        answer.body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut answer.body)?;
    }
    Ok(answer)
}

/// More lines than a live stream has before what a test waits for: two minutes of heartbeats.
const LINES_MAX: usize = 1_500;

/// Reads lines of a stream until this was among them.
pub fn read_until(reader: &mut BufReader<Box<dyn ReadWrite>>, wanted: &str) -> String {
    let mut all = String::new();
    while !all.contains(wanted) {
        assert!(all.lines().count() < LINES_MAX, "the stream goes on without {wanted:?}");
        let mut line = String::new();
        let length = reader.read_line(&mut line).unwrap_or(0);
        assert!(length > 0, "the stream ended without {wanted:?}: {all}");
        all.push_str(&line);
    }
    all
}
