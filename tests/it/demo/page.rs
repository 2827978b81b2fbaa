//! Headquarters' live page, as a browser reads it.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use hub::replay::client::Connection;
use hub::replay::headquarters::Headquarters;
use serde_json::{Value, json};
use ureq::http::Method;

/// What does not come within this time does not come.
const STUCK_AFTER: Duration = Duration::from_secs(120);

pub struct Page {
    pub browser: Connection,
    text: Box<dyn BufRead>,
    newest: Value,
}

impl Page {
    pub fn open(headquarters: &Headquarters) -> Self {
        let browser = Connection::new(&headquarters.url);
        let body = json!({"user": headquarters.user, "password": headquarters.password});
        let signed_in = browser.send(&Method::POST, "/api/v1/session", &body).unwrap();
        assert!(signed_in.is_success(), "{signed_in:?}");
        let text = Box::new(BufReader::new(browser.stream("/api/v1/live").unwrap()));
        Self { browser, text, newest: Value::Null }
    }

    /// The next line of the stream; nothing at its end.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.text.read_line(&mut line).unwrap_or(0);
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// Looks at each view, and again at each heartbeat, until it shows what is looked for.
    pub fn until<T>(&mut self, what: &str, mut look: impl FnMut(&Value) -> Option<T>) -> T {
        let begun = Instant::now();
        let mut is_view = false;
        loop {
            assert!(begun.elapsed() < STUCK_AFTER, "{what} does not come: {:#}", self.newest);
            let line = self.line().unwrap_or_else(|| panic!("the page ended before {what}"));
            match line.split_once(": ") {
                Some(("event", event)) => is_view = event == "view",
                Some(("data", data)) => {
                    if is_view {
                        self.newest = serde_json::from_str(data).unwrap();
                    }
                    if let Some(found) = look(&self.newest) {
                        return found;
                    }
                }
                _ => {}
            }
        }
    }

    /// Waits until a sale is among the last, and the store's net has grown to this.
    pub fn until_sale(&mut self, sale: &str) {
        self.until("the sale", |view| {
            let sales = view["last_sales"].as_array()?;
            sales.iter().any(|shown| shown["transaction"] == sale).then_some(())
        });
    }

    /// A store as it is shown.
    pub fn store(view: &Value, id: &str) -> Option<Value> {
        view["stores"].as_array()?.iter().find(|store| store["store"] == id).cloned()
    }

    /// Reads to the end: headquarters is gone.
    pub fn until_gone(mut self) {
        while self.line().is_some() {}
    }
}
