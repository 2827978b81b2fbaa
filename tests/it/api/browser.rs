//! One browser: its cookies, and answers as they came.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Request;
use uuid::Uuid;

use super::hub::{Hub, MANAGER, PIN};

/// No answer of these tests takes a tenth of this; one that takes longer hangs.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// What is sent with JSON.
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// A browser.
pub struct Browser {
    agent: ureq::Agent,
    url: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Browser {
    /// A browser without cookies.
    pub fn new(hub: &Hub) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(ANSWER_TIMEOUT));
        Self { agent: config.build().into(), url: hub.url.clone() }
    }

    /// The first manager's browser, signed in at workstation 1.
    pub fn at_work(hub: &Hub) -> Self {
        if let Some(code) = &hub.setup_code {
            let person = json!({ "id": MANAGER, "name": "林經理", "pin": PIN });
            let set_up = json!({ "code": code, "operator": person });
            assert_eq!(Self::new(hub).post("/api/v1/setup", &set_up).status, 201);
        }
        Self::at_work_at(hub, "1")
    }

    /// The manager's browser, signed in at a workstation of a store that is set up.
    pub fn at_work_at(hub: &Hub, workstation: &str) -> Self {
        let browser = Self::new(hub);
        let claim = json!({ "operator": MANAGER, "pin": PIN });
        let reply = browser.post(&format!("/api/v1/workstations/{workstation}/claim"), &claim);
        assert_eq!(reply.status, 200, "{}", reply.json());
        let reply = browser.post("/api/v1/session", &sign_in());
        assert_eq!(reply.status, 200, "{}", reply.json());
        browser
    }

    /// The same browser, where the hub answers after another start.
    pub fn moved(self, hub: &Hub) -> Self {
        Self { url: hub.url.clone(), ..self }
    }

    /// Asks.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Reply {
        let answered = self.try_send(method, path, headers, body);
        answered.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Asks a hub that may die meanwhile.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match body {
            Some(body) => self.agent.run(request.body(body).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let headers = answer.headers().iter();
        let headers = headers
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let mut reply = Reply {
            status: answer.status().as_u16(),
            content_type: String::new(),
            headers,
            body: Vec::new(),
        };
        let kind = reply.header("content-type").unwrap_or_default();
        reply.content_type = kind.split(';').next().unwrap_or_default().to_owned();
        // The stream never ends: only its head is looked at here.
        if reply.content_type != "text/event-stream" {
            reply.body = answer.body_mut().with_config().limit(100 << 20).read_to_vec()?;
        }
        Ok(reply)
    }

    /// Its cookies, as a `Cookie` header says them.
    pub fn cookies(&self) -> String {
        let jar = self.agent.cookie_jar_lock();
        let cookies = jar.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value()));
        cookies.collect::<Vec<_>>().join("; ")
    }

    /// Asks for something.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    /// Sends JSON.
    pub fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.send(method, path, &JSON, Some(body.to_string().as_bytes()))
    }

    /// Posts JSON to a hub that may die meanwhile; nothing where it did.
    pub fn try_post(&self, path: &str, body: &Value) -> Option<Reply> {
        self.try_send("POST", path, &JSON, Some(body.to_string().as_bytes())).ok()
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.json("POST", path, body)
    }
}

/// The manager's sign-in.
pub fn sign_in() -> Value {
    json!({ "operator": MANAGER, "pin": PIN, "command_id": new_id() })
}

/// An id as a terminal makes one.
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// A sum in the demonstration store's currency.
pub fn twd(amount: i64) -> Value {
    json!({ "amount": amount.to_string(), "currency": "TWD" })
}
