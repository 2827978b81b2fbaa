//! A catalogue with one bad row changes nothing.

use super::basket::sell;
use super::browser::{Browser, Reply};
use super::hub::Hub;
use crate::support;

fn put(browser: &Browser, csv: &[u8]) -> Reply {
    let headers = [("content-type", "text/csv"), ("accept-language", "en")];
    browser.send("PUT", "/api/v1/catalogue", &headers, Some(csv))
}

#[test]
fn a_catalogue_with_a_bad_row_is_refused_with_its_line_and_the_old_one_stays() {
    let data = support::temp_dir("bad-catalogue");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    let demo = support::root().join("hub/assets/demo-catalogue.csv");
    let demo = std::fs::read_to_string(demo).unwrap();
    let mut lines: Vec<&str> = demo.lines().collect();
    lines[4] = "D0004,0410000000069,,x,x,x,x,,piece,cheap,taxable,,,12,";
    let reply = put(&browser, lines.join("\n").as_bytes());
    let problem = reply.json();
    assert_eq!((reply.status, reply.code().as_str()), (422, "bad_catalogue"), "{problem}");
    assert_eq!(problem["details"]["line"], "5");
    assert!(problem["detail"].as_str().unwrap().contains("Line 5"), "{problem}");
    for bad in [b"".as_slice(), b"\xff\xfe\x00", b"item,price\n", b"a,b,c\n1,2,3\n"] {
        let reply = put(&browser, bad);
        assert_eq!((reply.status, reply.code().as_str()), (422, "bad_catalogue"), "{bad:?}");
    }
    assert!(!data.path().join("store/catalogue.csv").exists(), "nothing was installed");
    sell(&browser);
    let large = vec![b'x'; 65 << 20];
    let reply = put(&browser, &large);
    assert_eq!((reply.status, reply.code().as_str()), (413, "too_large"));
    assert_eq!(put(&browser, demo.as_bytes()).status, 200);
    sell(&browser);
}
