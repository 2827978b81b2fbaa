use super::*;

#[test]
fn a_failure_is_one_line_with_a_hint() {
    let failure = Failure::new(ExitCode::Settings, "two\n  lines").hint("do\nthis");
    assert_eq!(failure.to_string(), "error: two lines (hint: do this)");
    assert_eq!(failure.code() as u8, 78);
}

#[test]
fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = std::net::TcpListener::bind(address).unwrap_err();
    let failure = Failure::listening(address, "--port", &error);
    assert_eq!(
        failure.to_string(),
        format!(
            "error: port {} on 127.0.0.1 is taken by another program \
             (hint: stop that program, or choose another port with --port)",
            address.port()
        )
    );
    assert_eq!(failure.code(), ExitCode::Unavailable);
}

#[test]
fn the_sources_of_an_error_are_chained() {
    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] io::Error);
    let failure =
        Failure::because(ExitCode::InputOutput, "reading it", &Outer(io::Error::other("inner")));
    assert_eq!(failure.to_string(), "error: reading it: outer: inner");
}
