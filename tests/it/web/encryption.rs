//! HTTPS: the authority, the certificate, and the page that installs them.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::client::{Browser, trusting};
use super::running::{Hub, MANAGER_PIN, sign_in};
use crate::support::{self, finds_program};

fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Bytes as the lines of a PEM file.
fn pem(der: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in der.chunks(3) {
        let bits = (0..3).fold(0, |bits: usize, at| {
            bits << 8 | usize::from(three.get(at).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * place) & 63];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in text.as_bytes().chunks(64) {
        writeln!(pem, "{}", String::from_utf8_lossy(line)).unwrap();
    }
    pem + "-----END CERTIFICATE-----\n"
}

fn authority(hub: &Hub) -> Vec<u8> {
    let answer = hub.browser().get("/ca.crt");
    assert_eq!(answer.header("content-type"), Some("application/x-x509-ca-cert"));
    answer.body
}

#[test]
fn whoever_installed_the_authority_reaches_every_name_and_address_of_the_hub() {
    let hub = Hub::start_with(&[("HUB_HTTP__ALLOWED_HOSTS", "[\"till.example\"]")]);
    hub.set_up();
    let mut browser = Browser::encrypted(hub.tls(), &authority(&hub));
    let names = service_kit::certificates::Names::of_machine(&["till.example".to_owned()]);
    let addresses = names.addresses.iter().map(ToString::to_string);
    let mut reached = 0;
    for name in names.hosts.iter().cloned().chain(addresses) {
        // The socket is the same; the certificate is checked for the name.
        browser.host.clone_from(&name);
        browser.connect().unwrap_or_else(|error| panic!("{name}: {error}"));
        reached += 1;
    }
    assert!(reached >= 4, "{names:?}");
    browser.host = "127.0.0.1".to_owned();
    assert_eq!(browser.get("/api/v1/sign-in").json()["secure"], true);
    assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
    assert_eq!(hub.browser().get("/api/v1/sign-in").json()["secure"], false);
}

#[test]
fn another_authority_and_another_name_are_refused() {
    let (hub, other) = (Hub::start(), Hub::start());
    let mut browser = Browser::encrypted(hub.tls(), &authority(&hub));
    browser.connect().unwrap();
    browser.tls = Some(trusting(&authority(&other)));
    let error =
        browser.connect().err().expect("the other hub's authority vouches for nothing here");
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    browser.tls = Some(trusting(&authority(&hub)));
    browser.host = "bank.example".to_owned();
    let error = browser.connect().err().expect("the hub is no bank");
    assert!(error.to_string().contains("not valid for name"), "{error}");
}

#[test]
fn a_restart_shows_the_same_certificate() {
    let mut hub = Hub::start();
    let before = authority(&hub);
    let leaf = fs::read(hub.directory().join("certificate.pem")).unwrap();
    hub.restart();
    assert_eq!(authority(&hub), before);
    assert_eq!(fs::read(hub.directory().join("certificate.pem")).unwrap(), leaf);
    Browser::encrypted(hub.tls(), &before).connect().unwrap();
}

#[test]
fn curl_and_openssl_agree() {
    if !finds_program("curl") || !finds_openssl() {
        return;
    }
    let hub = Hub::start();
    let file = hub.directory().join("ca.pem");
    fs::write(&file, pem(&authority(&hub))).unwrap();
    let url = format!("https://localhost:{}/healthz", hub.tls().port());
    let curl = |arguments: &[&str]| {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*"]).args(arguments);
        command.arg(&url).output().unwrap()
    };
    let trusted = curl(&["--cacert", file.to_str().unwrap()]);
    assert_eq!(String::from_utf8_lossy(&trusted.stdout), "ok\n", "{trusted:?}");
    assert!(!curl(&[]).status.success(), "nobody else's authority vouches for the hub");

    let mut command = Command::new("openssl");
    command.args(["s_client", "-verify_return_error", "-verify_hostname", "localhost"]);
    command.args(["-purpose", "sslserver", "-CAfile"]).arg(&file);
    command.arg("-connect").arg(hub.tls().to_string()).stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Verify return code: 0 (ok)"), "{output:?}");
}

fn finds_openssl() -> bool {
    let is_there = Command::new("openssl").arg("version").output().is_ok();
    if !is_there {
        support::skip("openssl is not installed");
    }
    is_there
}

#[test]
fn the_page_that_installs_it_is_there_in_both_languages_without_a_session() {
    let hub = Hub::start();
    let der = authority(&hub);
    let mark = fingerprint(&der);
    assert!(hub.greeting().contains(&mark), "{}", hub.greeting());
    assert!(hub.greeting().contains(&format!("http://{}/ca", hub.plain())), "{}", hub.greeting());
    let page = |path: &str, language: &str, mut browser: Browser| {
        let host = format!("{}:{}", browser.host, browser.address.port());
        let headers = [("Host".to_owned(), host), ("Accept-Language".to_owned(), language.into())];
        let answer = browser.ask_with("GET", path, &headers, None);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        let text = answer.text();
        for part in [mark.as_str(), "/ca.crt", "/ca.mobileconfig"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("<script"), "it works without a script");
        assert!(text.contains(&format!("https://127.0.0.1:{}/", hub.tls().port())), "{text}");
        text
    };
    let (chinese, english) = ("安裝本店憑證", "Install the store&#39;s certificate");
    let english = english.replace("&#39;", "'");
    assert!(page("/ca", "zh-TW,zh;q=0.9", hub.browser()).contains(chinese));
    assert!(page("/ca", "en-GB,en", hub.browser()).contains(&english));
    assert!(page("/ca?lang=en", "zh-TW", hub.browser()).contains(&english));
    assert!(page("/ca?lang=zh-TW", "en", hub.browser()).contains(chinese));
    assert!(page("/ca", "en", hub.browser()).contains("not encrypted"));
    assert!(!page("/ca", "en", hub.encrypted_browser()).contains("not encrypted"));

    let profile = hub.browser().get("/ca.mobileconfig");
    assert_eq!(profile.header("content-type"), Some("application/x-apple-aspen-config"));
    let encoded: String = pem(&der).lines().filter(|line| !line.starts_with('-')).collect();
    assert!(profile.text().contains(&format!("<data>{encoded}</data>")), "{}", profile.text());
    assert!(!profile.text().contains(['{', '}']), "{}", profile.text());
}

#[test]
fn with_https_switched_off_the_hub_says_so_and_installs_nothing() {
    let hub = Hub::start_with(&[("HUB_HTTP__TLS", "false")]);
    assert!(hub.greeting().contains("https is off"), "{}", hub.greeting());
    assert!(!hub.greeting().contains("https://"), "{}", hub.greeting());
    assert_eq!(hub.browser().get("/ca").status, 404);
    assert_eq!(hub.browser().get("/ca.crt").status, 404);
    assert!(!hub.directory().join("authority.pem").exists());
}
