//! What is asked wrongly is refused by name, in the asker's language, and changes nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::basket::{Basket, COMMANDS, WATER, cash, scan, sell};
use super::browser::{Browser, Reply, new_id, twd};
use super::document::Document;
use super::hub::Hub;
use crate::support;

const JSON: (&str, &str) = ("content-type", "application/json");

/// One thing asked wrongly.
struct Wrong {
    what: &'static str,
    method: &'static str,
    path: String,
    kind: &'static str,
    body: Option<Vec<u8>>,
    status: u16,
    code: &'static str,
}

fn at(method: &'static str, path: &str, what: &'static str, refused: (u16, &'static str)) -> Wrong {
    let (status, code) = refused;
    Wrong { what, method, path: path.to_owned(), kind: JSON.1, body: None, status, code }
}

fn command(what: &'static str, body: impl Into<Vec<u8>>, refused: (u16, &'static str)) -> Wrong {
    Wrong { body: Some(body.into()), ..at("POST", COMMANDS, what, refused) }
}

/// Bodies that are no command at all.
fn malformed(basket: &Basket) -> Vec<Wrong> {
    let envelope = basket.envelope(&scan(WATER));
    let with = |field: &str, value: Value| {
        let mut envelope = envelope.clone();
        envelope[field] = value;
        envelope.to_string()
    };
    let quantity = |amount: &str, unit: &str| {
        let quantity = json!({ "amount": amount, "unit": unit });
        let key = json!({ "type": "key_item", "code": WATER, "quantity": quantity });
        basket.envelope(&key).to_string()
    };
    let deep = "[".repeat(100_000);
    let refused = (400, "malformed");
    vec![
        command("nothing", "", refused),
        command("half a body", &envelope.to_string()[..40], refused),
        command("no object", "[]", refused),
        command("a wrong type", with("version", "0".into()), refused),
        command("a number below nothing", with("version", (-1).into()), refused),
        command("a number beyond all", with("version", json!(1e30)), refused),
        command("no uuid", with("transaction_id", "4711".into()), refused),
        command("a field too many", with("price", json!(1)), refused),
        command("a field too few", json!({ "version": 0 }).to_string(), refused),
        command("no such command", with("command", json!({ "type": "give_away" })), refused),
        command("bad UTF-8", b"{\"command_id\": \"\xff\xfe\"}".as_slice(), refused),
        command("deep nesting", deep, refused),
        command(
            "a quantity beyond all",
            quantity("99999999999999999999999999999", "piece"),
            refused,
        ),
        command("half a piece", quantity("0.5", "piece"), refused),
        command("a number of another kind", quantity("1e3", "piece"), refused),
        command("no such unit", quantity("1", "dozen"), refused),
        command("a long word", with("command", json!({ "type": "x".repeat(50_000) })), refused),
    ]
}

/// Commands that are well formed and make no sense.
fn senseless(basket: &Basket) -> Vec<Wrong> {
    let sent = |command: Value| basket.envelope(&command).to_string();
    let pieces = |amount: &str| json!({ "amount": amount, "unit": "piece" });
    let due = twd(15);
    let tender = |amount: Value, total: &Value| cash(&amount, total);
    let mut stale = basket.envelope(&scan(WATER));
    stale["version"] = 77.into();
    vec![
        command("an unknown barcode", sent(scan("4719999999993")), (404, "unknown_barcode")),
        command("a misread barcode", sent(scan("0410000000015")), (422, "bad_check_digit")),
        command(
            "a code as long as a book",
            sent(scan(&"9".repeat(99_999))),
            (404, "unknown_barcode"),
        ),
        command("control characters", sent(scan("\u{0}\u{1b}[2J")), (404, "unknown_barcode")),
        command(
            "ten thousand pieces",
            sent(json!({ "type": "set_quantity", "line": 1, "quantity": pieces("10000") })),
            (422, "bad_quantity"),
        ),
        command(
            "a price that overflows",
            sent(json!({
                "type": "key_item", "code": "D0003", "quantity": pieces("9999"),
                "amount": { "amount": "1000000000000000", "currency": "TWD" },
            })),
            (422, "bad_amount"),
        ),
        command(
            "another currency",
            sent(tender(json!({ "amount": "1", "currency": "USD" }), &due)),
            (422, "bad_amount"),
        ),
        command(
            "no such line",
            sent(json!({ "type": "void_line", "line": 9 })),
            (404, "no_such_line"),
        ),
        command("an old version", stale.to_string(), (409, "basket_changed")),
        command("another total", sent(tender(twd(100), &twd(14))), (409, "total_changed")),
        command(
            "no such tender",
            sent(json!({
                "type": "tender", "tender_type": "gold", "amount": due, "total": due,
            })),
            (422, "unknown_tender"),
        ),
        command(
            "a reference as long as a book",
            sent(json!({
                "type": "tender", "tender_type": "cash", "amount": due, "total": due,
                "reference": "x".repeat(99_999),
            })),
            (422, "bad_amount"),
        ),
        command("unpaid", sent(json!({ "type": "complete" })), (409, "not_paid")),
    ]
}

/// Wrong addresses, methods and kinds.
fn misdirected(basket: &Basket) -> Vec<Wrong> {
    let envelope = basket.envelope(&scan(WATER)).to_string();
    let large = format!("{{\"command_id\": \"{}\"}}", "x".repeat(300_000));
    vec![
        at("GET", "/api/v1/nothing", "an unknown address", (404, "not_found")),
        at("GET", "/nothing", "an unknown page", (404, "not_found")),
        at("GET", COMMANDS, "another method", (405, "method_not_allowed")),
        at("PATCH", "/api/v1/session", "a method that nothing has", (405, "method_not_allowed")),
        at("DELETE", "/healthz", "a method that health has not", (405, "method_not_allowed")),
        at("GET", "/api/v1/transactions/4711/receipt", "no uuid", (400, "malformed")),
        at("GET", "/api/v1/items", "a query too few", (400, "malformed")),
        at("GET", "/api/v1/items?search=a&limit=-1", "a limit below nothing", (400, "malformed")),
        at("GET", "/api/v1/items?search=a&color=red", "a query too many", (400, "malformed")),
        at("GET", "/api/v1/items/by-code/%FF%FE", "bad UTF-8", (404, "unknown_barcode")),
        Wrong {
            kind: "text/plain",
            ..command("another kind", envelope, (415, "unsupported_media_type"))
        },
        command("a body too large", large, (413, "too_large")),
        Wrong {
            body: Some(
                json!({ "id": "c9", "name": "x", "role": "king", "pin": "135790" })
                    .to_string()
                    .into(),
            ),
            ..at("POST", "/api/v1/operators", "no such role", (400, "malformed"))
        },
    ]
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn check(wrong: &Wrong, document: &Document, reply: &Reply, language: &str) {
    let what = wrong.what;
    let body = reply.json();
    assert_eq!((reply.status, reply.code().as_str()), (wrong.status, wrong.code), "{what}: {body}");
    assert_eq!(reply.content_type, "application/problem+json", "{what}");
    assert_eq!(body["status"], wrong.status, "{what}");
    assert_eq!(reply.header("content-language"), Some(language), "{what}");
    let detail = body["detail"].as_str().unwrap();
    assert_eq!(is_chinese(detail), language == "zh-TW", "{what}: {detail}");
    assert!(detail.chars().count() < 400, "{what}: {detail}");
    for placeholder in ["{reason}", "{code}", "{line}", "{due}", "{methods}", "{item}", "{tender}"]
    {
        assert!(!detail.contains(placeholder), "{what}: {detail}");
    }
    let wrongs = document.wrongs(wrong.method, &wrong.path, reply);
    assert!(wrongs.is_empty(), "{what}: {wrongs:?}");
    if wrong.status == 405 {
        assert!(reply.header("allow").is_some_and(|allow| !allow.is_empty()), "{what}");
    }
}

#[test]
fn what_is_wrong_is_refused_by_name_in_both_languages_and_changes_nothing() {
    let data = support::temp_dir("bad-input");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    let document = Document::of(&browser);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    let before = browser.get("/api/v1/register").json();
    let wrongs = [malformed(&basket), senseless(&basket), misdirected(&basket)].concat_all();
    for wrong in &wrongs {
        for language in ["zh-TW", "en"] {
            let headers = [("content-type", wrong.kind), ("accept-language", language)];
            let headers = if wrong.body.is_some() { &headers[..] } else { &headers[1..] };
            let reply = browser.send(wrong.method, &wrong.path, headers, wrong.body.as_deref());
            check(wrong, &document, &reply, language);
            assert_eq!(browser.get("/api/v1/register").json(), before, "{}", wrong.what);
        }
    }
    basket.must(&browser, &json!({ "type": "abandon", "reason": "mistake" }));
    sell(&browser);
}

/// Several lists as one.
trait ConcatAll {
    fn concat_all(self) -> Vec<Wrong>;
}

impl<const N: usize> ConcatAll for [Vec<Wrong>; N] {
    fn concat_all(self) -> Vec<Wrong> {
        self.into_iter().flatten().collect()
    }
}

#[test]
fn an_unsigned_browser_is_told_so_before_its_body_is_looked_at() {
    let data = support::temp_dir("unsigned");
    let hub = Hub::start(&data.path().join("store"));
    drop(Browser::at_work(&hub));
    let stranger = Browser::new(&hub);
    let reply = stranger.send("POST", COMMANDS, &[JSON, ("accept-language", "en")], Some(b"{"));
    assert_eq!((reply.status, reply.code().as_str()), (401, "not_signed_in"));
    let reply =
        stranger.json("GET", &format!("/api/v1/transactions/{}/receipt", new_id()), &json!({}));
    assert_eq!(reply.status, 401);
}

/// Sends bytes as they are and answers what comes back, until the hub closes or answers.
fn raw(hub: &Hub, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(hub.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[test]
fn what_is_no_http_is_answered_or_dropped_and_the_hub_goes_on() {
    let data = support::temp_dir("no-http");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    let head =
        "POST /api/v1/setup HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n";
    for (what, bytes) in [
        ("no request line", b"\x00\xff\xfe nonsense\r\n\r\n".to_vec()),
        ("bad UTF-8 in the path", b"GET /\xff\xfe HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".to_vec()),
        (
            "a head without end",
            [b"GET / HTTP/1.1\r\nx: ".as_slice(), &vec![b'a'; 1 << 20]].concat(),
        ),
        ("no such length", format!("{head}content-length: many\r\n\r\n").into_bytes()),
        (
            "two lengths",
            format!("{head}content-length: 1\r\ncontent-length: 2\r\n\r\n{{").into_bytes(),
        ),
        ("a bad chunk", format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\n").into_bytes()),
    ] {
        let answer = raw(&hub, &bytes);
        let status = answer.split(' ').nth(1).unwrap_or("closed");
        assert!(status == "closed" || status.starts_with('4'), "{what}: {answer}");
    }
    sell(&browser);
}
