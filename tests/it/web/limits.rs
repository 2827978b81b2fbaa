//! What somebody with time on their hands can do to the hub.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};

use super::client::{Browser, read_answer};
use super::running::{Hub, command, lan_address};
use crate::support;

const TOKEN: &str = "a-token-of-this-test";

#[test]
fn a_head_that_is_too_large_is_refused_and_the_hub_goes_on() {
    let hub = Hub::start();
    for head in [
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
        format!("GET /{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "x".repeat(1 << 20)),
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n", "X: y\r\n".repeat(1000)),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\u{0}\u{1}\u{2}\r\n\r\n".to_owned(),
    ] {
        let mut stream = hub.browser().connect().unwrap();
        // The hub may close before it has read all of it.
        let _ = stream.write_all(head.as_bytes());
        let answer = read_answer(&mut BufReader::new(stream));
        if let Ok(answer) = answer {
            assert!((400..500).contains(&answer.status), "{} to {:.40}", answer.status, head);
        }
        assert_eq!(hub.browser().get("/healthz").status, 200);
    }
}

#[test]
fn one_address_holds_so_many_connections_and_no_more() {
    let Some(lan) = lan_address() else { return };
    let hub = Hub::start_with(&[("HUB_HTTP__LISTEN", "0.0.0.0")]);
    for is_encrypted in [false, true] {
        let mut stranger = if is_encrypted { hub.encrypted_browser() } else { hub.browser() };
        stranger.address.set_ip(lan);
        stranger.host = lan.to_string();
        let ask = |stranger: &Browser| {
            let mut stream = stranger.connect()?;
            write!(stream, "GET /healthz HTTP/1.1\r\nHost: {lan}\r\n\r\n")?;
            stream.flush()?;
            let mut reader = BufReader::new(stream);
            read_answer(&mut reader).map(|answer| (answer.status, reader))
        };
        let mut held = Vec::new();
        while let Ok((status, connection)) = ask(&stranger) {
            assert_eq!(status, 200);
            held.push(connection);
            assert!(held.len() <= 200, "one address holds 200 connections");
        }
        assert_eq!(held.len(), 64);
        drop(held);
        // The hub notices one by one that they have gone.
        while ask(&stranger).is_err() {
            std::thread::yield_now();
        }
    }
}

#[test]
fn the_figures_are_for_this_machine_or_for_whoever_has_the_token() {
    let Some(lan) = lan_address() else { return };
    let settings = [("HUB_HTTP__LISTEN", "0.0.0.0"), ("HUB_METRICS__TOKEN", TOKEN)];
    let hub = Hub::start_with(&settings);
    assert_eq!(hub.browser().get("/metrics").status, 200, "loopback");
    let mut address = hub.plain();
    address.set_ip(lan);
    let mut elsewhere = Browser::plain(address);
    let mut with = |authorization: &str| {
        let mut headers = vec![("Host".to_owned(), lan.to_string())];
        if !authorization.is_empty() {
            headers.push(("Authorization".to_owned(), authorization.to_owned()));
        }
        elsewhere.ask_with("GET", "/metrics", &headers, None).status
    };
    assert_eq!(with(""), 403);
    assert_eq!(with(&format!("Bearer {TOKEN}x")), 403);
    assert_eq!(with(&format!("Basic {TOKEN}")), 403);
    assert_eq!(with("Bearer "), 403);
    assert_eq!(with(&format!("Bearer {TOKEN}")), 200);
}

#[test]
fn a_taken_port_is_named_in_one_line_with_what_chooses_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = taken.local_addr().unwrap();
    let port = address.port().to_string();
    for (variable, key) in [("HUB_HTTP__PORT", "--port"), ("HUB_HTTP__TLS_PORT", "http.tls_port")] {
        let directory = support::temp_dir("taken");
        let output = command(directory.path(), &[(variable, &port)]).output().unwrap();
        assert_eq!(output.status.code(), Some(69), "{key}");
        let said = String::from_utf8(output.stderr).unwrap();
        let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error")).collect();
        let expected = format!(
            "error: port {port} on 127.0.0.1 is taken by another program \
             (hint: stop that program, or choose another port with {key})"
        );
        assert_eq!(errors, [expected.as_str()], "{said}");
    }
}

#[test]
fn whoever_says_nothing_is_hung_up_on() {
    let hub = Hub::start();
    let mut silent = hub.browser().connect().unwrap();
    silent.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ").unwrap();
    let mut answer = String::new();
    // The client's own patience is longer: without an end this fails.
    silent.read_to_string(&mut answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let hub = Hub::start();
    let mut slow = hub.browser().connect().unwrap();
    let head = "POST /api/v1/setup HTTP/1.1\r\nHost: 127.0.0.1\r\n\
                Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).unwrap();
    let answer = read_answer(&mut BufReader::new(slow)).unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (400, "malformed"));
}
