use std::fs;

use super::{Flags, SettingsError, load, show};

fn with(text: &str) -> Result<super::Settings, SettingsError> {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("hub.toml");
    fs::write(&config, text).unwrap();
    load(&Flags { config: Some(config), ..Flags::default() })
}

#[test]
fn the_defaults_hold() {
    let settings = load(&Flags::default()).unwrap();
    assert_eq!(settings.store.currency.code(), "TWD");
    assert_eq!(settings.workstations().len(), 3);
}

#[test]
fn an_unknown_key_is_an_error_that_names_it() {
    let error = with("[store]\nnmae = \"x\"\n").unwrap_err();
    assert!(error.to_string().contains("nmae"), "{error}");
}

#[test]
fn a_value_that_makes_no_sense_is_named() {
    let tender = "[[tenders]]\nid = \"cash\"\ngives_change = true\nopens_drawer = true\n";
    let label = "{ prefix = 21, item_digits = 5, value_digits = 5, value = { kind = \"price\" } }";
    let labels = format!("[barcodes]\nvariable_measure = [{label}, {label}]\n");
    let department = |least: &str, most: &str| {
        let label = "{ zh = \"熟食\", en = \"Deli\" }";
        let limits = format!("amount_min = \"{least}\"\namount_max = \"{most}\"\n");
        format!("[[departments]]\nid = \"Deli\"\nlabel = {label}\n{limits}")
    };
    for (text, key) in [
        ("[store]\ncurrency = \"Dollar\"\n", "store.currency"),
        ("[store]\ntime_zone = \"Mars/Olympus\"\n", "store.time_zone"),
        ("[store]\nid = \"\"\n", "store.id"),
        ("[http]\nlisten = \"everywhere\"\n", "http.listen"),
        ("[http]\nport = 8443\ntls_port = 8443\n", "http.tls_port"),
        ("[registers]\ncount = 0\n", "registers.count"),
        ("[printer]\nkind = \"quill\"\n", "printer.kind"),
        ("[metrics]\ntoken = \"short\"\n", "metrics.token"),
        ("[log]\nlevel = \"loud\"\n", "log.level"),
        ("[link]\nretry_max_s = 0\n", "link.retry_max_s"),
        ("[promotions]\nregions = [\"\"]\n", "promotions.regions"),
        (&department("5", "4"), "departments: Deli: the least price is above the highest"),
        (&department("0", "4"), "departments: Deli: a limit is an amount"),
        (&department("1", "4").repeat(2), "departments: the id Deli stands twice"),
        ("[[favourites.categories]]\nlabel = \"A\"\n", "favourites: categories[1].department"),
        ("[favourites]\ngruops = []\n", "favourites: gruops"),
        (
            "[barcodes]\nmember_cards = [{ prefix = \"29900\", characters = 5 }]\n",
            "barcodes.member_cards: \"29900\": a prefix",
        ),
        (&*labels, "barcodes.variable_measure: the prefix 21 stands twice"),
        (&tender.repeat(2), "tenders: the id cash stands twice"),
        ("[tax]\ndefault = { percent = \"101\", method = \"inclusive\" }\n", "tax"),
    ] {
        let error = with(text).unwrap_err().to_string();
        assert!(error.starts_with(key), "{text}: {error}");
    }
}

#[test]
fn a_store_may_choose_its_own_favourites_and_categories() {
    let text = "[[favourites.groups]]\nlabel = \"G\"\ntiles = [{ item = \"i\", label = \"I\" }]\n\
                [[favourites.categories]]\nlabel = \"C\"\ndepartment = \"D\"\n";
    let favourites = with(text).unwrap().favourites;
    assert_eq!(&*favourites.groups[0].tiles[0].label, "I");
    assert_eq!(&*favourites.categories[0].department, "D");
    assert!(with("").unwrap().favourites.categories.is_empty());
}

#[test]
fn fragments_count_more_than_the_file_and_flags_more_than_both() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("hub.toml");
    let fragments = directory.path().join("hub.toml.d");
    fs::create_dir(&fragments).unwrap();
    fs::write(&config, "[http]\nport = 1\ntls = true\ntls_port = 2\n").unwrap();
    fs::write(fragments.join("10.toml"), "[http]\nport = 3\n").unwrap();
    let flags = Flags { config: Some(config), ..Flags::default() };
    let settings = load(&flags).unwrap();
    assert_eq!((settings.http.port, settings.http.tls_port), (3, Some(2)));
    let settings = load(&Flags { port: Some(4), ..flags }).unwrap();
    assert_eq!(settings.http.port, 4);
}

#[test]
fn a_secret_is_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("hub.toml");
    fs::write(&config, "[metrics]\ntoken = \"0123456789abcdef\"\n").unwrap();
    let shown = show(&Flags { config: Some(config), ..Flags::default() }).unwrap();
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
    assert!(shown.contains("metrics.token = (secret)"), "{shown}");
    assert!(shown.contains("store.currency = \"TWD\""), "{shown}");
}

#[test]
fn the_port_of_https_goes_with_the_port_of_http_unless_it_is_said() {
    let port = |text: &str| with(text).unwrap().http.tls_port;
    assert_eq!(load(&Flags::default()).unwrap().http.tls_port, Some(8443));
    assert_eq!(port("[http]\nport = 80\n"), Some(443));
    assert_eq!(port("[http]\nport = 0\n"), Some(0));
    assert_eq!(port("[http]\nport = 65535\n"), Some(65172));
    assert_eq!(port("[http]\nport = 80\ntls_port = 8443\n"), Some(8443));
    assert_eq!(port("[http]\ntls = false\n"), None);
    let shown = show(&Flags::default()).unwrap();
    assert!(shown.contains("http.tls_port = 8443"), "{shown}");
}
