//! Pages of others, and cookies.

use super::client::{Answer, Browser};
use super::running::{Hub, MANAGER_PIN, claim, sign_in, sign_in_body};

fn sign_in_with(browser: &mut Browser, headers: &[(&str, &str)]) -> Answer {
    let owned = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut headers: Vec<(String, String)> = owned.collect();
    headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    let body = sign_in_body("m1", MANAGER_PIN).to_string();
    browser.ask_with("POST", "/api/v1/session", &headers, Some(&body))
}

#[test]
fn a_page_of_another_site_makes_nobodys_browser_act_here() {
    let hub = Hub::start_with(&[("HUB_HTTP__ALLOWED_HOSTS", "[\"till.example\"]")]);
    hub.set_up();
    for is_encrypted in [false, true] {
        let browser = if is_encrypted { hub.encrypted_browser() } else { hub.browser() };
        let port = browser.address.port();
        let (scheme, other_scheme) =
            if is_encrypted { ("https", "http") } else { ("http", "https") };
        let host = format!("127.0.0.1:{port}");
        let own = format!("{scheme}://{host}");
        let allowed = format!("{scheme}://till.example:{port}");
        let crossed = format!("{other_scheme}://{host}");
        let named = format!("till.example:{port}");
        let status = |headers: &[(&str, &str)]| {
            let answer = sign_in_with(&mut browser.clone(), headers);
            (answer.status, answer.code())
        };
        let ours = (200, String::new());
        let foreign_host = (403, "foreign_host".to_owned());
        let no_request = (400, String::new());
        let foreign_origin = (403, "foreign_origin".to_owned());
        for (headers, expected) in [
            (&[("Host", host.as_str()), ("Origin", own.as_str())][..], &ours),
            (&[("Host", &named), ("Origin", &allowed)], &ours),
            // A program, not a browser: it has no cookies of anybody.
            (&[("Host", &host)], &ours),
            (&[("Host", &host), ("Sec-Fetch-Site", "same-origin")], &ours),
            (&[("Host", &host), ("Origin", "https://evil.example")], &foreign_origin),
            (&[("Host", &host), ("Origin", "null")], &foreign_origin),
            (&[("Host", &host), ("Origin", &crossed)], &foreign_origin),
            (&[("Host", &host), ("Origin", &allowed)], &foreign_origin),
            (&[("Host", &host), ("Origin", "http://127.0.0.1:1")], &foreign_origin),
            (&[("Host", &host), ("Sec-Fetch-Site", "cross-site")], &foreign_origin),
            (&[("Host", &host), ("Sec-Fetch-Site", "same-site")], &foreign_origin),
            // A name that was pointed at the hub, so that its page is of the "same" origin.
            (&[("Host", "evil.example"), ("Origin", "http://evil.example")], &foreign_host),
            (&[("Host", "127.0.0.1.evil.example")], &foreign_host),
            (&[("Host", &host), ("Host", "evil.example")], &no_request),
            (&[("Host", "")], &foreign_host),
        ] {
            assert_eq!(&status(headers), expected, "{headers:?}");
        }
        let mut browser = browser.clone();
        let get = |browser: &mut Browser, path: &str, headers: &[(&str, &str)]| {
            let owned = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            browser.ask_with("GET", path, &owned.collect::<Vec<_>>(), None).code()
        };
        assert_eq!(get(&mut browser, "/", &[("Host", "evil.example")]), "foreign_host");
        assert_eq!(get(&mut browser, "/healthz", &[("Host", "evil.example")]), "foreign_host");
        let live = [("Host", host.as_str()), ("Origin", "https://evil.example")];
        assert_eq!(get(&mut browser, "/api/v1/live", &live), "foreign_origin");
    }
}

fn set_cookies(answer: &Answer) -> Vec<&str> {
    let named = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    named.map(|(_, value)| value.as_str()).collect()
}

#[test]
fn cookies_are_for_the_hub_alone_and_over_https_for_https_alone() {
    let hub = Hub::start();
    hub.set_up();
    for (mut browser, is_encrypted) in [(hub.browser(), false), (hub.encrypted_browser(), true)] {
        let prefix = if is_encrypted { "__Host-" } else { "" };
        let claimed = claim(&mut browser, "1");
        assert!(set_cookies(&claimed)[0].starts_with(&format!("{prefix}hub_workstation=")));
        let signed_in = sign_in(&mut browser, "m1", MANAGER_PIN);
        assert!(set_cookies(&signed_in)[0].starts_with(&format!("{prefix}hub_session=")));
        for answer in [claimed, signed_in] {
            for cookie in set_cookies(&answer) {
                let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
                for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
                    assert!(attributes.contains(&attribute), "{attribute}: {cookie}");
                }
                assert_eq!(attributes.contains(&"Secure"), is_encrypted, "{cookie}");
                assert!(!cookie.contains("Domain"), "{cookie}");
            }
        }
        assert_eq!(browser.get("/api/v1/session").status, 200);
    }
}

#[test]
fn a_secret_that_went_in_clear_opens_nothing_that_is_encrypted() {
    let hub = Hub::start();
    hub.set_up();
    let mut plain = hub.browser();
    assert_eq!(sign_in(&mut plain, "m1", MANAGER_PIN).status, 200);
    let mut encrypted = hub.encrypted_browser();
    encrypted.cookies.clone_from(&plain.cookies);
    assert_eq!(encrypted.get("/api/v1/session").code(), "not_signed_in");
    // Nor does a cookie that looks encrypted count over plain HTTP.
    let mut encrypted = hub.encrypted_browser();
    assert_eq!(sign_in(&mut encrypted, "m1", MANAGER_PIN).status, 200);
    let mut plain = hub.browser();
    plain.cookies.clone_from(&encrypted.cookies);
    assert_eq!(plain.get("/api/v1/session").code(), "not_signed_in");
    assert_eq!(encrypted.get("/api/v1/session").status, 200);
}
