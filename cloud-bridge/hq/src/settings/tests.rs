use super::*;

fn load_text(text: &str) -> Result<Settings, SettingsError> {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("hq.toml");
    std::fs::write(&config, text).unwrap();
    load(&Flags { config: Some(config), ..Flags::default() })
}

#[test]
fn the_defaults_hold_and_are_for_this_machine_alone() {
    let settings = load(&Flags::default()).unwrap();
    assert!(settings.http.listen.is_loopback());
    assert_eq!(settings.http.tls_port, None);
    assert!(matches!(settings.broker, BrokerSettings::Own { listen, tls: true, .. } if
        listen.is_loopback()));
}

#[test]
fn an_unknown_key_and_a_value_without_sense_name_the_key() {
    for (text, key) in [
        ("[chain]\nidd = \"x\"", "idd"),
        ("[chain]\nid = \"a/b\"", "chain.id"),
        ("[chain]\ntime_zone = \"Moon/Base\"", "chain.time_zone"),
        ("[ingest]\nworkers = 65", "ingest.workers"),
        ("[metrics]\ntoken = \"short\"", "metrics.token"),
        ("[broker]\nlisten = \"0.0.0.0\"\ntls = false", "broker.tls"),
        ("[broker]\nurl = \"http://x\"", "broker.url"),
        ("[http]\nlisten = \"0.0.0.0\"\nport = 8453", "http.tls_port"),
        ("[http]\nbehind_proxy = \"X-Client\"", "http.behind_proxy"),
        ("[sessions]\nidle_minutes = 0", "sessions.idle_minutes"),
    ] {
        let error = load_text(text).expect_err(text).to_string();
        assert!(error.contains(key), "{text}: {error}");
    }
}

#[test]
fn a_file_has_one_worker_and_a_server_two_where_nothing_is_said() {
    let server = "[storage]\npostgres = \"postgresql://localhost/hq\"";
    for (text, workers) in [
        ("", 1),
        ("[ingest]\nworkers = 0", 1),
        ("[ingest]\nworkers = 3", 3),
        (server, 2),
        (&format!("{server}\n[ingest]\nworkers = 1"), 1),
    ] {
        assert_eq!(load_text(text).unwrap().workers, workers, "{text}");
    }
}

#[test]
fn other_machines_are_served_by_https() {
    let settings = load_text("[http]\nlisten = \"0.0.0.0\"").unwrap();
    assert_eq!(settings.http.tls_port, Some(8453));
}

#[test]
fn secrets_are_not_shown() {
    let flags = Flags {
        broker: Some("mqtt://hq:very-secret@localhost:1883".to_owned()),
        ..Flags::default()
    };
    let shown = show(&flags).unwrap();
    assert!(shown.contains("broker.url = (secret)"), "{shown}");
    assert!(!shown.contains("very-secret"));
}

#[test]
fn the_brokers_secret_may_stand_apart_from_its_address() {
    let secret_of = |text: &str| -> Result<String, SettingsError> {
        match load_text(text)?.broker {
            BrokerSettings::Other { url, .. } => Ok(url.secret),
            BrokerSettings::Own { .. } => Ok(String::new()),
        }
    };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    std::fs::write(&file, "s3:cr@t\n").unwrap();
    let file = file.display();
    let apart = "[broker]\nurl = \"mqtts://hq@far.example\"";
    assert_eq!(secret_of(&format!("{apart}\nsecret = \"a:b@c\"")).unwrap(), "a:b@c");
    assert_eq!(secret_of(&format!("{apart}\nsecret_file = \"{file}\"")).unwrap(), "s3:cr@t");
    for (text, key) in [
        (apart.to_owned(), "broker.url"),
        (format!("{apart}\nsecret = \"x\"\nsecret_file = \"{file}\""), "broker.secret_file"),
        (format!("{apart}\nsecret_file = \"{file}.none\""), "secret.none"),
        (format!("{}\nsecret = \"x\"", apart.replace("hq@", "hq:y@")), "broker.secret"),
        (format!("{}\nsecret = \"x\"", apart.replace("hq@", "")), "broker.url"),
    ] {
        let error = secret_of(&text).expect_err(&text).to_string();
        assert!(error.contains(key) && !error.contains("s3:cr"), "{text}: {error}");
    }
}
