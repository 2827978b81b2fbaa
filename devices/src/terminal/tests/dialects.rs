//! Dialects: what they are, what is refused, and that each reads what it writes.

use super::*;

const NAMES: [&str; 3] = ["taiwan_400", "taiwan_400_older", "taiwan_144"];
const KNOWN: &str = include_str!("../../../data/ecr-dialects.toml");

#[test]
fn the_known_dialects_fill_their_frames_to_the_last_byte() {
    for (name, length, fields) in
        [("taiwan_400", 400, 42), ("taiwan_400_older", 400, 33), ("taiwan_144", 144, 18)]
    {
        let dialect = Dialect::named(name).unwrap();
        let filled: usize = dialect.fields.values().map(|place| place.length).sum();
        assert_eq!((filled, dialect.length, dialect.fields.len()), (length, length, fields));
    }
    assert!(Dialect::named("taiwan_400").unwrap().names_requests());
    assert!(!Dialect::named("taiwan_144").unwrap().names_requests(), "it says so");
    let seven = Dialect::named("taiwan_144").unwrap().line();
    assert_eq!(seven.to_string(), "9600,7E1");
    let error = Dialect::named("taiwan_401").unwrap_err().to_string();
    assert!(error.contains("taiwan_401") && error.contains("taiwan_400_older"), "{error}");
}

/// The first dialect alone, with one text in place of another.
fn changed(from: &str, to: &str) -> String {
    let end = KNOWN.find("# The same up to 223").unwrap();
    let first = &KNOWN[..end];
    assert!(first.contains(from), "{from}");
    Dialect::read_all(&first.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn a_dialect_that_cannot_be_spoken_is_refused_by_its_name_and_its_field() {
    for (from, to, named) in [
        ("card = [20, 19]", "card = [20, 20]", "\"expiry\" lies on another"),
        ("reserve = [318, 83]", "reserve = [318, 84]", "\"reserve\" does not lie inside"),
        ("indicator = [1, 1]", "indicator = [0, 1]", "\"indicator\" is counted from 0"),
        ("host = [12, 2]", "host = [12, 0]", "\"host\" does not lie inside"),
        ("response = [77, 4]", "", "\"response\" is missing"),
        ("response = [77, 4]", "response = [77, 3]", "\"response\" cannot hold"),
        ("store_id = [116, 18]", "", "\"store_id\" is missing"),
        ("sale = \"01\"", "sale = \"001\"", "\"type\" cannot hold"),
        ("layout = \"S\"", "plan = \"S\"", "\"plan\" is missing"),
        ("approved = [\"0000\"]", "approved = []", "no response"),
        ("9600,8N1", "9600,9N1", "settings of its lines"),
        ("fill = \" \"", "fill = \"*\"", "amounts cannot be written"),
        ("length = 400", "length = 4000000", "length is none"),
    ] {
        let error = changed(from, to);
        assert!(error.contains("taiwan_400") && error.contains(named), "{to}: {error}");
    }
    assert!(Dialect::read_all("dialect = 1").is_err());
}

#[test]
fn a_sale_in_144_bytes_stands_where_the_manual_says() {
    let dialect = Dialect::named("taiwan_144").unwrap();
    let message = Message::asking(&sale(FIRST), &dialect).unwrap();
    let frame = framed(&dialect.text(&message));
    assert_eq!(frame.len(), 147);
    assert_eq!(&frame[1..3], b"01");
    assert_eq!(&frame[34..46], b"000000012300");
    assert_eq!(frame[1..].iter().fold(0, |check, byte| check ^ byte), 0, "the check");
    let rest: Vec<u8> = [&frame[3..34], &frame[46..145]].concat();
    assert!(rest.iter().all(|byte| *byte == b' '), "nothing else is said");
}

#[test]
fn the_sample_of_the_facts_is_read_as_what_it_is() {
    let mut text = vec![b' '; 400];
    text[0] = b'I';
    text[7..11].copy_from_slice(b"S010");
    text[42..54].copy_from_slice(b"       12300");
    text[54..66].copy_from_slice(b"261123120000");
    for name in ["taiwan_400", "taiwan_400_older"] {
        let message = Dialect::named(name).unwrap().read(&text).unwrap();
        let expected = Message { kind: "01".to_owned(), amount: 12_300, ..Message::default() };
        assert_eq!(message, expected);
    }
}

#[test]
fn a_terminal_that_sends_a_whole_card_number_is_not_believed() {
    let dialect = usual();
    let mut text = dialect.text(&Message { kind: "01".to_owned(), ..Message::default() });
    text[19..35].copy_from_slice(b"4111111111111111");
    let message = dialect.read(&text).unwrap();
    assert_eq!(message.card, "411111******1111");
    assert_eq!(dialect.kept(&message).last_four.as_deref(), Some("1111"));
}

#[test]
fn a_bank_that_gives_a_field_back_is_one_line_more() {
    let start = KNOWN.rfind("[[dialect]]").unwrap();
    let named = KNOWN[start..].replacen("approved", "reference = \"pos_define\"\napproved", 1);
    let dialect = Dialect::read_all(&named).unwrap().remove(0);
    let message = Message::asking(&sale(FIRST), &dialect).unwrap();
    assert_eq!(message.reference, "1D2E40", "its end: what differs");
    assert_eq!(&dialect.text(&message)[126..132], b"1D2E40");
}

proptest! {
    #[test]
    fn a_message_is_read_as_it_was_written_however_its_bytes_come(
        name in prop::sample::select(&NAMES[..]),
        (reference, receipt, approval) in ("[0-9A-Z]{0,18}", "[0-9]{0,6}", "[0-9A-Z]{0,9}"),
        amount in 0_i64..999_999_999_999,
        noise in prop::collection::vec(0x20_u8..0x7f, 0..20),
        cut in 1_usize..60,
    ) {
        let dialect = Dialect::named(name).unwrap();
        let reference = dialect.carried(&reference).to_owned();
        let kind = "01".to_owned();
        let base = Message::default();
        let message = Message { kind, reference, receipt, approval, amount, ..base };
        let mut frames = Frames::new(dialect.clone());
        frames.push(&noise);
        for part in framed(&dialect.text(&message)).chunks(cut) {
            prop_assert_eq!(frames.next_received(), None);
            frames.push(part);
        }
        prop_assert_eq!(frames.next_received(), Some(Received::Frame(message)));
    }

    #[test]
    fn any_bytes_are_read_without_harm(
        name in prop::sample::select(&NAMES[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..1_000),
    ) {
        let mut frames = Frames::new(Dialect::named(name).unwrap());
        frames.push(&bytes);
        while frames.next_received().is_some() {}
    }

    #[test]
    fn any_text_is_a_dialect_or_a_fault(text in "\\PC{0,200}", at in 0..4_000_usize) {
        let _ = Dialect::read_all(&text);
        let cut = KNOWN.floor_char_boundary(at);
        let _ = Dialect::read_all(&format!("{}{text}{}", &KNOWN[..cut], &KNOWN[cut..]));
    }
}
