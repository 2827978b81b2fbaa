//! What a cashier's search takes, by the way a name is typed, and what is kept for it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use store_core::Currency;
use store_core::catalogue::{Catalogue, import};

use super::Scale;
use super::goods;
use super::markdown::{Markdown, load};
use super::samples::{met, ms, percentile};

/// How many items an answer has at most, as the page asks for them.
const LIMIT: usize = 50;
const TARGET: Duration = Duration::from_millis(10);

/// The ways of typing: the last two find nothing, which looks at every name.
const TYPED: [(&str, &str); 7] = [
    ("a part of a name", "烏龍茶"),
    ("two words, in another order", "850g harvest"),
    ("the beginning of a code", "47100001"),
    ("pinyin initials", "gyxr"),
    ("zhuyin initials", "ㄍㄧㄒㄖ"),
    ("initials of no name", "zzzz"),
    ("a word of no name", "沒有這個"),
];

/// The table `search`.
pub fn table(scale: &Scale) -> String {
    let columns = ["items", "typed", "found", "median, ms", "p99, ms", "target"];
    let mut table = Markdown::new("A search", &columns);
    let mut kept = Vec::new();
    for items in [scale.items, scale.items_max] {
        let csv = goods::catalogue(items);
        let begun = Instant::now();
        let catalogue = import(csv.as_bytes(), Currency::TWD).expect("a catalogue");
        let took = ms(begun.elapsed());
        let mib = catalogue.search_bytes() as f64 / f64::from(1 << 20);
        kept.push(format!("of {items} items {mib:.1} MiB, the whole catalogue read in {took} ms"));
        for (way, text) in TYPED {
            let (found, samples) = searches(&catalogue, text, scale.scans / 10);
            let worst = percentile(&samples, 99);
            table.row(&[
                &items.to_string(),
                &format!("{way}: `{text}`"),
                &found.to_string(),
                &ms(percentile(&samples, 50)),
                &ms(worst),
                &format!("p99 {}: {}", ms(TARGET), met(worst <= TARGET)),
            ]);
        }
    }
    table.note(&format!(
        "At most {LIMIT} items are answered. Names and initials are kept folded, made when the \
         catalogue is read: {}. {}",
        kept.join("; "),
        load(),
    ))
}

fn searches(catalogue: &Catalogue, text: &str, times: usize) -> (usize, Vec<Duration>) {
    let mut found = 0;
    let samples: Vec<Duration> = (0..times)
        .map(|_| {
            let begun = Instant::now();
            found = black_box(catalogue.search(black_box(text), LIMIT)).len();
            begun.elapsed()
        })
        .collect();
    (found, samples)
}
