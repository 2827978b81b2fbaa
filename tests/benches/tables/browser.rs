//! The least that is a browser to the hub: one connection, its cookies, the headers of a page.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

/// One browser.
pub struct Browser {
    stream: BufReader<TcpStream>,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// As it came, compressed or not.
    pub body: Vec<u8>,
    is_gzip: bool,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
}

impl Reply {
    /// How long the body is when it is not compressed, in bytes.
    pub fn plain_bytes(&self) -> usize {
        match self.body.last_chunk::<4>() {
            // A gzip file ends with the length of what it holds.
            Some(length) if self.is_gzip => u32::from_le_bytes(*length) as usize,
            _ => self.body.len(),
        }
    }

    /// The body of an answer that must be good.
    pub fn json(&self) -> Value {
        let shown = String::from_utf8_lossy(&self.body);
        assert!((200..300).contains(&self.status), "{} {shown}", self.status);
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What a browser says it can take.
#[derive(Clone, Copy)]
pub enum Accepts {
    /// What every browser says over plain HTTP.
    Gzip,
    /// Only what a test can read.
    Plain,
}

fn connect(url: &str) -> (BufReader<TcpStream>, String) {
    let host = url.trim_start_matches("http://").to_owned();
    let stream = TcpStream::connect(&host).unwrap_or_else(|error| panic!("{host}: {error}"));
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    (BufReader::with_capacity(64 * 1024, stream), host)
}

impl Browser {
    /// Connects to a hub at `http://host:port`.
    pub fn open(url: &str) -> Self {
        let (stream, host) = connect(url);
        Self { stream, host, cookies: BTreeMap::new() }
    }

    /// Goes on with the same cookies at another place.
    pub fn move_to(&mut self, url: &str) {
        (self.stream, self.host) = connect(url);
    }

    /// Asks for something.
    pub fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, "", Accepts::Plain)
    }

    /// Sends something.
    pub fn post(&mut self, path: &str, body: &str, accepts: Accepts) -> Reply {
        self.ask("POST", path, body, accepts)
    }

    /// Reads a stream on a connection of its own until the other end closes it.
    pub fn follow(&self, path: &str) {
        let (mut stream, _) = connect(&self.host);
        let request = self.request("GET", path, "", Accepts::Gzip);
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        std::thread::spawn(move || std::io::copy(&mut stream, &mut std::io::sink()));
    }

    /// Reads a stream of events on a connection of its own: what each of them says, and when it
    /// was there.
    pub fn events(&self, path: &str) -> impl Iterator<Item = (Instant, String)> + use<> {
        let (mut stream, _) = connect(&self.host);
        let request = self.request("GET", path, "", Accepts::Plain);
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        // Between them stand the lengths of chunks, which no event has.
        stream.lines().map_while(Result::ok).filter_map(|line| {
            let here = Instant::now();
            line.strip_prefix("data: ").map(|said| (here, said.to_owned()))
        })
    }

    fn ask(&mut self, method: &str, path: &str, body: &str, accepts: Accepts) -> Reply {
        let request = self.request(method, path, body, accepts);
        let begun = Instant::now();
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut reply = self.read();
        reply.took = begun.elapsed();
        reply
    }

    fn request(&self, method: &str, path: &str, body: &str, accepts: Accepts) -> String {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, it)| format!("{name}={it}")).collect();
        let accepts = match accepts {
            Accepts::Gzip => "Accept-Encoding: gzip, deflate\r\n",
            Accepts::Plain => "",
        };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\n\
             Content-Length: {length}\r\nContent-Type: application/json\r\n\
             Accept: application/json\r\nAccept-Language: zh-TW\r\n{accepts}\
             User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/142.0.0.0 Safari/537.36\r\nOrigin: http://{host}\r\n\
             Referer: http://{host}/\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\r\n\
             {body}",
            host = self.host,
            length = body.len(),
            cookies = cookies.join("; "),
        )
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.stream.read_line(&mut line).unwrap() > 0, "the hub hung up");
        line.truncate(line.trim_end().len());
        line
    }

    fn read(&mut self) -> Reply {
        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let (mut length, mut is_chunked, mut is_gzip) = (0, false, false);
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap(),
                "transfer-encoding" => is_chunked = value == "chunked",
                "content-encoding" => is_gzip = value == "gzip",
                "set-cookie" => self.keep(value),
                _ => {}
            }
        }
        let body = if is_chunked { self.chunks() } else { self.bytes(length) };
        Reply { status, body, is_gzip, took: Duration::ZERO }
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        if rest.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        body
    }

    fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line(), 16).unwrap();
            body.extend(self.bytes(length));
            self.line();
            if length == 0 {
                return body;
            }
        }
    }
}
