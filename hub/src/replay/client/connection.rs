use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::{Method, Request, Response};

use super::ClientError;

/// How long one try waits for its answer: a commit behind a full group on a slow card, ten times.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the same request is repeated before the run is given up: a restart of the hub takes
/// one second, a check of a large journal some more.
const GIVE_UP_AFTER: Duration = Duration::from_secs(60);
/// The pause before the first repeat; it doubles up to the longest.
const PAUSE_FIRST: Duration = Duration::from_millis(5);
const PAUSE_LONGEST: Duration = Duration::from_millis(500);
/// Answers to show of a body that was not expected, in characters.
const BODY_SHOWN_MAX: usize = 300;

/// One browser: its connection, kept alive, and its cookies.
#[derive(Debug)]
pub struct Connection {
    agent: Agent,
    url: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The text.
    pub body: String,
}

impl Reply {
    /// Whether the request was carried out.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// Whether the hub asks to be asked again: it is starting, stopping or busy.
    fn is_passing(&self) -> bool {
        matches!(self.status, 502..=504) || (self.status == 429 && self.code() == "register_busy")
    }

    /// The stable code of a problem; empty where there is none.
    #[must_use]
    pub fn code(&self) -> String {
        let body = serde_json::from_str::<serde_json::Value>(&self.body).unwrap_or_default();
        let code = body.get("code").and_then(serde_json::Value::as_str);
        code.unwrap_or_default().to_owned()
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`ClientError::Unexpected`] for any other status than success, [`ClientError::BadAnswer`].
    pub fn read<T: DeserializeOwned>(&self, what: &str) -> Result<T, ClientError> {
        if !self.is_success() {
            return Err(self.unexpected(what));
        }
        serde_json::from_str(&self.body)
            .map_err(|source| ClientError::BadAnswer { what: what.to_owned(), source })
    }

    /// The error that this answer is.
    #[must_use]
    pub fn unexpected(&self, what: &str) -> ClientError {
        let body = self.body.chars().take(BODY_SHOWN_MAX).collect();
        ClientError::Unexpected { what: what.to_owned(), status: self.status, body }
    }
}

impl Connection {
    /// A browser without cookies, for a hub at this URL (without a slash at its end).
    #[must_use]
    pub fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(ANSWER_TIMEOUT))
            .max_idle_connections_per_host(1)
            .build();
        Self { agent: Agent::new_with_config(config), url: url.trim_end_matches('/').to_owned() }
    }

    /// Asks for something until it is answered.
    ///
    /// # Errors
    /// [`ClientError::NoAnswer`].
    pub fn get(&self, path: &str) -> Result<Reply, ClientError> {
        self.until_answered(&format!("GET {path}"), || self.once(&Method::GET, path, None))
    }

    /// Sends a body until it is answered: only for requests that may come twice.
    ///
    /// # Errors
    /// [`ClientError::NoAnswer`], [`ClientError::BadAnswer`].
    pub fn send(
        &self,
        method: &Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Reply, ClientError> {
        let what = format!("{method} {path}");
        let body = serde_json::to_string(body)
            .map_err(|source| ClientError::BadAnswer { what: what.clone(), source })?;
        self.until_answered(&what, || self.once(method, path, Some(&body)))
    }

    /// Begins to read what does not end.
    ///
    /// # Errors
    /// Where it is not answered with success.
    pub fn stream(&self, path: &str) -> Result<impl Read + Send + 'static, ClientError> {
        let what = format!("GET {path}");
        let fault = |fault: &dyn std::fmt::Display| ClientError::NoAnswer {
            what: what.clone(),
            seconds: 0,
            last: fault.to_string(),
        };
        let request = Request::builder().uri(format!("{}{path}", self.url)).body(());
        let request = request.map_err(|error| fault(&error))?;
        let endless = self.agent.configure_request(request).timeout_global(None).build();
        let response = self.agent.run(endless).map_err(|error| fault(&error))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(Reply { status, body: String::new() }.unexpected(&what));
        }
        Ok(response.into_body().into_reader())
    }

    fn once(&self, method: &Method, path: &str, body: Option<&str>) -> Result<Reply, ureq::Error> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("Accept-Language", "en");
        let mut response: Response<ureq::Body> = match body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json");
                self.agent.run(request.body(body)?)?
            }
            None => self.agent.run(request.body(())?)?,
        };
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_string()?;
        Ok(Reply { status, body })
    }

    fn until_answered(
        &self,
        what: &str,
        once: impl Fn() -> Result<Reply, ureq::Error>,
    ) -> Result<Reply, ClientError> {
        let begun = Instant::now();
        let mut pause = PAUSE_FIRST;
        loop {
            let last = match once() {
                Ok(reply) if !reply.is_passing() => return Ok(reply),
                Ok(reply) => format!("{} {}", reply.status, reply.code()),
                Err(fault) => fault.to_string(),
            };
            if begun.elapsed() > GIVE_UP_AFTER {
                let seconds = GIVE_UP_AFTER.as_secs();
                return Err(ClientError::NoAnswer { what: what.to_owned(), seconds, last });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(PAUSE_LONGEST);
        }
    }
}
