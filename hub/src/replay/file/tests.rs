use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use super::*;

const DERIVED: &str = concat!(
    r#"{"basket":31527660766,"store":367,"week":4,"time":"2017-01-22T23:13:39-05:00","#,
    r#""member":1,"lines":[{"item":6534178,"ean":"0400065341788","qty":2,"reg":500,"#,
    r#""disc":114,"match":20,"net":366,"coupon":50,"#,
    r#""scan":["2100250000015","2100250000015"]}],"paid":316,"unheard_of":{}}"#,
);
const SYNTHETIC: &str = concat!(
    r#"{"receipt":7,"date":"2025-07-01","hour":8,"tender":"cash ","member":null,"lines":["#,
    r#"{"item":"A-1","ean":"045","qty":-2,"price":269,"kind":"void"},"#,
    r#"{"item":"A-2","ean":"046","qty":1,"price":100,"promo":true}],"net":-438}"#,
);

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn read(text: &str) -> Result<Vec<FileBasket>, ReplayError> {
    FileReader::open(file(text.as_bytes()).path()).unwrap().collect()
}

fn reason(text: &str) -> (u64, String) {
    match read(text) {
        Err(ReplayError::BadLine { line, reason, .. }) => (line, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_real_format_keeps_the_hour_that_is_written() {
    let baskets = read(DERIVED).unwrap();
    let [basket] = &baskets[..] else { panic!("{baskets:?}") };
    assert_eq!((basket.store.as_str(), basket.key.as_str()), ("367", "31527660766"));
    assert_eq!(basket.time.hour(), 23, "the next day in UTC");
    assert_eq!(basket.time.utc_offset_s, -5 * 3600);
    assert_eq!(basket.time.instant.to_string(), "2017-01-23T04:13:39Z");
    let line = &basket.lines[0];
    assert_eq!((line.reg, line.disc, line.matched, line.net, line.coupon), (500, 114, 20, 366, 50));
    assert_eq!(line.labels.len(), 2);
    assert_eq!(line.return_reason, None);
}

#[test]
fn the_synthetic_year_is_one_store_with_receipts_numbered_by_day() {
    let baskets = read(SYNTHETIC).unwrap();
    let [basket] = &baskets[..] else { panic!("{baskets:?}") };
    assert_eq!((basket.store.as_str(), basket.key.as_str()), ("1", "2025-07-01/7"));
    assert_eq!((basket.time.hour(), basket.time.utc_offset_s), (8, 7200));
    assert_eq!(basket.tender, "cash", "the blank is part of the file's own name");
    assert_eq!(basket.lines[0].return_reason.as_deref(), Some("void"));
    assert_eq!((basket.lines[0].quantity, basket.lines[0].net), (-2, -538));
    assert_eq!(basket.lines[1].return_reason, None);
}

#[test]
fn a_compressed_file_reads_the_same_whatever_its_name() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(format!("{DERIVED}\n\n").as_bytes()).unwrap();
    let packed = file(&encoder.finish().unwrap());
    let mut reader = FileReader::open(packed.path()).unwrap();
    let baskets: Result<Vec<_>, _> = (&mut reader).collect();
    assert_eq!(baskets.unwrap(), read(DERIVED).unwrap());
    assert_eq!(reader.format(), Some(FileFormat::Derived));
}

#[test]
fn names_may_be_texts_and_stores_mixed() {
    let other = DERIVED.replace("31527660766", "\"B/1\"").replace("367", "\"north\"");
    let baskets = read(&format!("{other}\n{DERIVED}\n{other}")).unwrap();
    let keys: Vec<_> =
        baskets.iter().map(|it| (it.store.as_str(), it.key.as_str(), it.file_line)).collect();
    assert_eq!(keys, [("north", "B/1", 1), ("367", "31527660766", 2), ("north", "B/1#2", 3)]);
}

#[test]
fn a_time_without_an_offset_is_the_stores() {
    let july = DERIVED.replace("2017-01-22T23:13:39-05:00", "2017-07-01 09:00:00");
    assert_eq!(read(&july).unwrap()[0].time.utc_offset_s, -4 * 3600);
    let zulu = DERIVED.replace("-05:00", "Z");
    assert_eq!(read(&zulu).unwrap()[0].time.hour(), 23);
}

#[test]
fn a_bad_line_is_named_with_its_number_and_reason() {
    let (line, reason_given) = reason(&format!("{DERIVED}\n{{\"basket\":1"));
    assert_eq!(line, 2);
    assert!(reason_given.contains("EOF"), "{reason_given}");
    let (_, missing) = reason(&DERIVED.replace("\"time\"", "\"thyme\""));
    assert!(missing.contains("time"), "{missing}");
    let (_, unequal) = reason(&DERIVED.replace("\"net\":366", "\"net\":365"));
    assert_eq!(unequal, "item 6534178: `reg` is not `net` + `disc` + `match`");
    let (line, mixed) = reason(&format!("{DERIVED}\n{SYNTHETIC}"));
    assert_eq!((line, mixed.as_str()), (2, "another format than the lines before"));
    let (_, neither) = reason("{}");
    assert_eq!(neither, "neither a `basket` nor a `receipt`");
    let empty = r#"{"basket":1,"store":1,"time":"2017-01-22T10:00:00-05:00","lines":[]}"#;
    assert_eq!(reason(empty).1, "a basket without lines is no sale");
    let fault = read("[]").unwrap_err();
    assert_eq!(fault.exit_code(), 65);
}

#[test]
fn a_line_without_end_does_not_fill_the_memory() {
    let endless = "x".repeat(usize::try_from(FILE_LINE_BYTES_MAX).unwrap() + 10);
    assert_eq!(reason(&endless).1, "longer than 2000000 bytes");
}

#[test]
fn a_way_of_paying_that_nobody_knows_stops_the_file() {
    for name in ["Cash", "card ", "", "bitcoin"] {
        let (line, said) = reason(&SYNTHETIC.replace("\"cash \"", &format!("{name:?}")));
        assert_eq!(line, 1);
        assert!(said.contains(&format!("{name:?}")) && said.contains("way of paying"), "{said}");
    }
    let cards = read(&SYNTHETIC.replace("cash ", "card")).unwrap();
    assert_eq!(cards[0].tender, "card");
}
