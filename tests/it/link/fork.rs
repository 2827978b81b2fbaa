//! A journal that is not what headquarters has.

use hq_wire::link::v1::Ack;

use super::office::Seen;
use super::shop::Shop;
use crate::api::browser::Browser;

#[test]
fn another_digest_at_headquarters_makes_a_new_stream_and_a_branch() {
    let shop = Shop::new("fork");
    shop.write_rows(50);
    shop.office.seen().lie = Some(Box::new(|stream| Ack {
        stream: stream.to_owned(),
        through: 10,
        digest: "ff".repeat(32),
        frozen: false,
    }));
    let hub = shop.open();
    let births = |seen: &Seen| {
        let streams = seen.statuses.iter().filter_map(|status| match status {
            hq_wire::link::v1::Status::Birth { stream, .. } => Some(stream.clone()),
            hq_wire::link::v1::Status::Will { .. } => None,
        });
        streams.collect::<Vec<String>>()
    };
    let old = shop.office.wait("a birth", |seen| births(seen).first().cloned());
    let new = shop.office.wait("a birth of another stream", |seen| {
        births(seen).into_iter().find(|stream| *stream != old)
    });
    // All of the old stream comes as a branch, under its own name on the wire.
    let (first, rows) = shop.rows_by_stream().remove(0);
    assert!(first == old && rows > 50, "{rows} rows of {first}");
    shop.office.wait("the branch", |seen| {
        let mut through = seen.through().into_iter();
        through.find(|(stream, at)| *at == rows && *stream != old && *stream != new)
    });
    shop.office
        .wait("the new stream", |seen| seen.through().get(&new).filter(|at| **at > 0).copied());
    let diverged = shop
        .office
        .wait("what the store says", |seen| seen.of_link("diverged").as_str().map(str::to_owned));
    assert_eq!(diverged, "row_differs");

    let view = Browser::at_work(&hub).get("/api/v1/register").json();
    let notices = view["notices"].as_array().unwrap();
    assert!(notices.iter().any(|notice| notice == "journal_diverged"), "{view}");
}
