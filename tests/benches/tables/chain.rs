//! The morning of a large chain: every store is born at once, and then all of them sell.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hq_wire::link::v1::{Ack, LinkFile, Status, Topic};
use jiff::Timestamp;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use store_journal::Append;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::Scale;
use super::headquarters::Headquarters;
use super::markdown::{self, Markdown};
use super::rows::{Message, Sending};
use super::sales::{Seller, Shop};
use super::samples::{ms, percentile};
use super::views::Page;
use crate::support;

/// The business day of the rush.
const DAY: &str = "2026-11-25";
/// When it begins.
const BEGINS: &str = "2026-11-25T01:00:00Z";
/// Requests of one store that may wait.
const REQUESTS_MAX: usize = 16;
/// How soon a store that was not let in tries again.
const RETRY: Duration = Duration::from_millis(200);
/// Registers whose sales all stores share out.
const SELLERS: usize = 8;

/// What is kept of a view.
struct Glance {
    online: usize,
    sales: u64,
    made_ms: i64,
    seen_ms: i64,
}

/// The table.
pub fn table(scale: &Scale) -> String {
    let directory = support::temp_dir("chain");
    let hq = Headquarters::start(&directory.path().join("hq"), 0);
    let links = hq.enrol((0..scale.stores).map(|store| format!("s{store:03}")));
    let stores = ready(scale, links);
    let page = Page::open(&hq, Some(DAY), |view| Glance {
        online: view.stores.iter().filter(|store| store.online == Some(true)).count(),
        sales: view.totals.iter().map(|total| total.sales).sum(),
        made_ms: view.now_ms,
        seen_ms: now_ms(),
    });
    page.first("the empty chain", |glance| glance.online == 0);
    let mut building = tokio::runtime::Builder::new_multi_thread();
    let runtime = building.worker_threads(2).enable_all().build().unwrap();
    let (open, opening) = watch::channel(false);
    let begun = Instant::now();
    let at_work: Vec<JoinHandle<()>> =
        stores.into_iter().map(|store| runtime.spawn(store.work(opening.clone()))).collect();
    let born = page.first("all stores", |glance| glance.online == scale.stores) - begun;
    let sales = (scale.stores * scale.rush) as u64;
    let views_before = page.seen().len();
    let rushed = Instant::now();
    open.send(true).unwrap();
    for store in at_work {
        runtime.block_on(store).unwrap();
    }
    let acknowledged = rushed.elapsed();
    let shown = page.first("all sales", |glance| glance.sales == sales) - rushed;
    let ages = ages(&page.seen()[views_before..]);
    let memory = hq.program.memory();
    let mut table = Markdown::new(
        &format!("The morning of {} stores, at one headquarters", scale.stores),
        &["figure", "measured"],
    );
    let seconds = |took: Duration| format!("{:.2}", took.as_secs_f64());
    let rate = sales as f64 / acknowledged.as_secs_f64();
    let (median, oldest) = (percentile(&ages, 50), percentile(&ages, 100));
    let mib = |kib: u64| format!("{:.1}", kib as f64 / 1024.0);
    table.row(&["all are born, until the page shows it, s", &seconds(born)]);
    table.row(&["the rush, rows/s acknowledged to the stores", &format!("{rate:.0}")]);
    table.row(&["the rush, until the page has every sale, s", &seconds(shown)]);
    let age = format!("{} (oldest {})", ms(median), ms(oldest));
    table.row(&[&format!("age of the page in the rush, ms ({} views)", ages.len()), &age]);
    let memory = format!("{} (peak {})", mib(memory.resident), mib(memory.peak));
    table.row(&["memory of headquarters after it, MiB", &memory]);
    table.note(&format!(
        "Headquarters' own program, its broker in clear; each store is a connection of its own \
         that says its birth, and then sells {} baskets of real sizes of {} items at once, a row \
         in a message: more than a morning's hour in seconds. The page's age is taken before its \
         next view comes, when it is greatest. The stores run on the same machine. {}",
        scale.rush,
        scale.items,
        markdown::load(),
    ))
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// How old each view was when the next one came.
fn ages(views: &[(Instant, Glance)]) -> Vec<Duration> {
    let age = |pair: &[(Instant, Glance)]| {
        let ms = pair[1].1.seen_ms - pair[0].1.made_ms;
        Duration::from_millis(ms.max(0).cast_unsigned())
    };
    views.windows(2).map(age).collect()
}

/// A store with all that it will say.
struct Store {
    link: LinkFile,
    stream: Uuid,
    birth: Message,
    acks: String,
    sales: Vec<Message>,
}

fn ready(scale: &Scale, links: Vec<LinkFile>) -> Vec<Store> {
    let shop: Arc<Shop> = Shop::new(scale.items);
    let begins: Timestamp = BEGINS.parse().unwrap();
    let seller = |number| {
        let mut seller = Seller::new(&shop, number, begins, 1);
        seller.sign_on();
        seller
    };
    let mut sellers: Vec<Seller> = (1..=SELLERS).map(seller).collect();
    let mut next = 0;
    let mut sale = || -> Append {
        next += 1;
        // The sale itself, without the row of its cash before it.
        sellers[next % SELLERS].sell().pop().unwrap()
    };
    let mut store = |link: LinkFile| {
        let mut sending = Sending::new(&link.store);
        let (place, stream) = (sending.place(), sending.stream());
        let status = Status::Birth {
            online: true,
            boot: Uuid::now_v7().to_string(),
            version: "bench".to_owned(),
            stream: stream.to_string(),
            head: 0,
            name: link.store.clone(),
            currency: "TWD".to_owned(),
            time_zone: "Asia/Taipei".to_owned(),
        };
        let payload = serde_json::to_vec(&status).unwrap();
        let birth = Message { topic: place.topic(&Topic::Status), payload };
        let sales = (0..scale.rush).map(|_| sending.message(vec![sale()])).collect();
        let acks = place.topic(&Topic::Ack(stream.to_string()));
        Store { link, stream, birth, acks, sales }
    };
    links.into_iter().map(&mut store).collect()
}

impl Store {
    /// Connects, is born, and sells when the doors open; until headquarters has everything.
    async fn work(self, mut opening: watch::Receiver<bool>) {
        let Self { link, stream, birth, acks, sales } = self;
        let address = link.broker.trim_start_matches("mqtt://");
        let (host, port) = address.rsplit_once(':').unwrap();
        let id = format!("{}-{stream}", link.store);
        let mut options = MqttOptions::new(id, host, port.parse().unwrap());
        options.set_credentials(&link.store, &link.secret);
        let (client, mut events) = AsyncClient::new(options, REQUESTS_MAX);
        let (told, mut through) = watch::channel(0);
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::Publish(message))) => {
                        let ack: Ack = serde_json::from_slice(&message.payload).unwrap();
                        told.send_replace(ack.through);
                    }
                    Ok(_) => {}
                    // It was not let in in time, and has said nothing yet: it tries again.
                    Err(_) => tokio::time::sleep(RETRY).await,
                }
            }
        });
        client.subscribe(acks, QoS::AtLeastOnce).await.unwrap();
        client.publish(birth.topic, QoS::AtLeastOnce, true, birth.payload).await.unwrap();
        opening.wait_for(|is_open| *is_open).await.unwrap();
        let last = sales.len() as u64;
        for Message { topic, payload } in sales {
            client.publish(topic, QoS::AtLeastOnce, false, payload).await.unwrap();
        }
        through.wait_for(|through| *through >= last).await.unwrap();
    }
}
