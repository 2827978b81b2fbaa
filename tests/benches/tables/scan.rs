//! From a scan to its priced line, beside an echo of the same size.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use super::alternate::alternate;
use super::browser::Browser;
use super::markdown::Markdown;
use super::register::{Register, Shape, open_all};
use super::samples::{Ratios, met, ms, percentile};
use super::{Scale, goods, store};
use crate::random::Random;
use crate::support;

/// Registers that sell at once.
const REGISTERS: usize = 8;
/// How often each of them scans: a quick cashier.
const BEAT: Duration = Duration::from_millis(250);

/// One cashier, and the same browser's connection to the echo.
struct Post {
    register: Register,
    echo: Browser,
    random: Random,
    /// What the last slice at the hub looked like.
    shapes: Vec<Shape>,
}

/// The table.
pub fn table(scale: &Scale) -> String {
    let dir = support::temp_dir("scan");
    std::fs::write(dir.path().join("catalogue.csv"), goods::catalogue(scale.items)).unwrap();
    let servers = store::start(dir.path(), REGISTERS as u16, sample());
    let registers = open_all(&servers.hub, || servers.setup_code.clone(), REGISTERS, scale.items);
    registers.iter().for_each(Register::follow);
    let post = |(seed, register)| Post {
        register,
        echo: Browser::open(&servers.echo),
        random: Random::new(seed),
        shapes: Vec::new(),
    };
    let mut posts: Vec<Post> = (0..).zip(registers).map(post).collect();
    // Not counted: caches, connections, the first pages of memory.
    at_the_hub(&mut posts, scale.slice.max(BEAT * 2), Some(BEAT));
    let steady = pairs(&mut posts, scale.pairs_of_few, scale.slice, Some(BEAT));
    let flat_out = pairs(&mut posts, scale.pairs, scale.slice, None);
    let sizes: Vec<usize> =
        posts.iter().flat_map(|post| &post.shapes).map(|shape| shape.answered).collect();
    drop(posts);
    servers.stop();
    shown(scale, &steady, &flat_out, sizes)
}

/// Slices at the hub and at the echo, in turn.
fn pairs(posts: &mut [Post], pairs: usize, slice: Duration, beat: Option<Duration>) -> Vec<Pair> {
    // Both arms are the same cashiers, one after the other.
    let posts = RefCell::new(posts);
    alternate(
        pairs,
        |_| at_the_hub(&mut posts.borrow_mut(), slice, beat),
        |_| at_the_echo(&mut posts.borrow_mut(), slice, beat),
    )
}

/// What an answer looks like.
fn sample() -> String {
    let line = include_str!("line.json").trim_end();
    let mut random = Random::new(7);
    let other = |_| {
        let (number, price) = (random.place(50_000), random.place(490) + 10);
        let line = line.replace("4710000000018", &goods::barcode(number));
        line.replace("\"120\"", &format!("\"{price}\"")).replace("0001", &format!("{number:04}"))
    };
    (0..100).map(other).collect()
}

/// One slice: every register scans at its beat, or at once again where there is none.
fn at_the_hub(posts: &mut [Post], slice: Duration, beat: Option<Duration>) -> Vec<Duration> {
    for post in &mut *posts {
        post.shapes.clear();
    }
    at_once(posts, slice, beat, |post| {
        let (reply, shape) = post.register.scan();
        post.shapes.push(shape);
        if post.register.is_full() {
            post.register.sell();
        }
        reply.took
    })
}

fn at_the_echo(posts: &mut [Post], slice: Duration, beat: Option<Duration>) -> Vec<Duration> {
    at_once(posts, slice, beat, |post| {
        // The sizes of the hub's last slice, from its start again where they do not suffice.
        let shape = post.shapes[0];
        post.shapes.rotate_left(1);
        post.register.echo(&mut post.echo, shape).took
    })
}

fn at_once(
    posts: &mut [Post],
    slice: Duration,
    beat: Option<Duration>,
    scan: impl Fn(&mut Post) -> Duration + Sync,
) -> Vec<Duration> {
    let begun = Instant::now();
    let one = |post: &mut Post| {
        let mut took = Vec::new();
        let phase = beat.map(|beat| beat.mul_f64(post.random.place(1000) as f64 / 1000.0));
        let mut next = begun + phase.unwrap_or_default();
        while next < begun + slice {
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            took.push(scan(post));
            next = beat.map_or_else(Instant::now, |beat| next + beat);
        }
        took
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = posts.iter_mut().map(|post| scope.spawn(|| one(post))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

type Pair = (Vec<Duration>, Vec<Duration>);

fn shown(scale: &Scale, steady: &[Pair], flat_out: &[Pair], mut sizes: Vec<usize>) -> String {
    let mut table = Markdown::new(
        &format!("A scan's priced line, {REGISTERS} registers, {} items", scale.items),
        &["figure", "hub", "echo", "hub / echo", "target"],
    );
    let ours: Vec<Duration> = steady.iter().flat_map(|pair| pair.0.clone()).collect();
    let echo: Vec<Duration> = steady.iter().flat_map(|pair| pair.1.clone()).collect();
    for (percent, target) in [(50, None), (99, Some(2.0))] {
        let seconds = |samples: &[Duration]| percentile(samples, percent).as_secs_f64();
        let pooled = (percentile(&ours, percent), percentile(&echo, percent));
        let ratios = Ratios::of(steady.iter().map(|pair| (seconds(&pair.0), seconds(&pair.1))));
        let all = pooled.0.as_secs_f64() / pooled.1.as_secs_f64();
        let target = target.map_or_else(
            || "—".to_owned(),
            |limit| {
                format!(
                    "p99 ≤ {limit:.0} × echo: {}",
                    met(all <= limit && ratios.median() <= limit)
                )
            },
        );
        table.row(&[
            &format!("p{percent} of {} scans, ms", ours.len()),
            &ms(pooled.0),
            &ms(pooled.1),
            &format!("{all:.2}; pairs {}", ratios.shown()),
            &target,
        ]);
    }
    let rate = |samples: &[Duration]| samples.len() as f64 / scale.slice.as_secs_f64();
    let rates = flat_out.iter().map(|pair| (rate(&pair.0), rate(&pair.1)));
    let total = |rates: Vec<f64>| format!("{:.0}", rates.iter().sum::<f64>() / rates.len() as f64);
    table.row(&[
        "flat out, per second, sales included",
        &total(flat_out.iter().map(|pair| rate(&pair.0)).collect()),
        &total(flat_out.iter().map(|pair| rate(&pair.1)).collect()),
        &Ratios::of(rates).shown(),
        "—",
    ]);
    sizes.sort_unstable();
    let at = |percent: usize| sizes.get(sizes.len() * percent / 100).copied().unwrap_or_default();
    table.note(&format!(
        "Each register scans every {} ms and follows its live view; its baskets have a median of \
         6 lines, a 99th percentile of 58, and are paid and completed in between. {} pairs of \
         slices of {:?}. Answers: median {} bytes, 99th percentile {}. No promotion \
         is in force.",
        BEAT.as_millis(),
        steady.len(),
        scale.slice,
        at(50),
        at(99),
    ))
}
