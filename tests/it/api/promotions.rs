//! Promotions over real HTTP: what the last of something is worth to two registers at once, what
//! a kill leaves of it, and what the screens are told.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};
use store_journal::{LedgerReads as _, Reader};

use super::basket::{Basket, WATER, cash, scan};
use super::browser::{Browser, new_id, twd};
use super::document::Document;
use super::hub::Hub;
use crate::support;

/// Uses of the promotion that two registers race for.
const USES: u64 = 12;
/// Baskets of each of them: together twice as many as there are uses.
const BASKETS: u64 = 12;

fn name(zh: &str, en: &str) -> Value {
    json!({ "zh": zh, "en": en })
}

/// Water at 5 less, so many times ever.
fn limited(uses: u64) -> Value {
    json!({ "promotions": [{
        "id": "water", "name": name("天然水折 5", "5 off water"), "limits": { "total": uses },
        "each": { "items": { "items": ["D0001"] }, "award": { "amount_off": 5 } },
    }] })
}

/// A store with these promotions of its own.
struct Shop {
    dir: tempfile::TempDir,
    file: PathBuf,
}

impl Shop {
    fn new(named: &str, promotions: &Value) -> Self {
        let dir = support::temp_dir(named);
        let file = dir.path().join("promotions.json");
        std::fs::write(&file, promotions.to_string()).unwrap();
        Self { dir, file }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    fn start(&self) -> Hub {
        Hub::start_with(&self.data(), &[("HUB_PROMOTIONS__FILE", self.file.to_str().unwrap())])
    }
}

/// The manager at another workstation; the first browser has set the store up.
fn at(hub: &Hub, workstation: &str) -> Browser {
    Browser::at_work_at(hub, workstation)
}

fn due(answer: &Value) -> Value {
    answer["view"]["basket"]["totals"]["due"].clone()
}

/// Sells one bottle of water at what it costs when it is paid for; answers that.
fn sell(browser: &Browser) -> Value {
    let mut basket = Basket::new();
    let mut asked = due(&basket.must(browser, &scan(WATER)));
    loop {
        let reply = basket.send(browser, &cash(&asked, &asked));
        if reply.status == 200 {
            break;
        }
        assert_eq!((reply.status, reply.code().as_str()), (409, "total_changed"));
        let told = due(&reply.json());
        assert_ne!(told, asked, "another total is shown with the refusal");
        asked = told;
    }
    basket.must(browser, &json!({ "type": "complete" }));
    asked
}

#[test]
fn two_registers_at_once_do_not_get_more_than_there_is() {
    let shop = Shop::new("race", &limited(USES));
    let hub = shop.start();
    let browsers = [Browser::at_work(&hub), at(&hub, "2")];
    let together = Barrier::new(browsers.len());
    let sold: Vec<Value> = thread::scope(|scope| {
        let sellers = browsers.each_ref().map(|browser| {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                (0..BASKETS).map(|_| sell(browser)).collect::<Vec<_>>()
            })
        });
        sellers.into_iter().flat_map(|seller| seller.join().unwrap()).collect()
    });
    let cheap = sold.iter().filter(|paid| **paid == twd(10)).count();
    let dear = sold.iter().filter(|paid| **paid == twd(15)).count();
    assert_eq!((cheap as u64, dear as u64), (USES, 2 * BASKETS - USES), "{sold:?}");
    assert_eq!(used(&shop.data()), USES);
}

/// What the journal says of all uses.
fn used(data: &Path) -> u64 {
    let days = Reader::open(data).unwrap().promotion_days().unwrap();
    days.values().map(|day| u64::from(day.uses)).sum()
}

#[test]
fn the_last_one_is_held_by_who_begins_to_pay_over_a_kill_and_until_it_is_given_back() {
    let shop = Shop::new("held", &limited(1));
    let mut hub = shop.start();
    let (mut first, mut second) = (Browser::at_work(&hub), at(&hub, "2"));
    let (mut here, mut there) = (Basket::new(), Basket::new());
    assert_eq!(due(&here.must(&first, &scan(WATER))), twd(10));
    assert_eq!(due(&there.must(&second, &scan(WATER))), twd(10), "nobody has it yet");
    here.must(&first, &cash(&twd(4), &twd(10)));
    let late = there.send(&second, &cash(&twd(10), &twd(10)));
    assert_eq!((late.status, late.code().as_str()), (409, "total_changed"));
    assert_eq!(due(&late.json()), twd(15));
    // The power goes.
    drop(hub);
    hub = shop.start();
    (first, second) = (Browser::at_work(&hub), at(&hub, "2"));
    let answer = there.must(&second, &json!({ "type": "undo" }));
    assert_eq!(due(&answer), twd(0));
    assert_eq!(due(&there.must(&second, &scan(WATER))), twd(15), "it is held as it was");
    here.must(&first, &json!({ "type": "void_tender", "number": 1 }));
    here.must(&first, &json!({ "type": "abandon", "reason": "mistake" }));
    there.must(&second, &json!({ "type": "undo" }));
    assert_eq!(due(&there.must(&second, &scan(WATER))), twd(10), "given back");
    there.must(&second, &cash(&twd(10), &twd(10)));
    there.must(&second, &json!({ "type": "complete" }));
    assert_eq!(used(&shop.data()), 1);
    assert_eq!(hub.stop().code(), Some(0));
    store_journal::verify(&shop.data(), true).unwrap();
    let days = Reader::open(&shop.data()).unwrap().promotion_days().unwrap();
    store_journal::rebuild(&shop.data()).unwrap();
    assert_eq!(Reader::open(&shop.data()).unwrap().promotion_days().unwrap(), days);
}

/// The kinds that a screen shows something for.
fn shown() -> Value {
    let water = json!({ "items": ["D0001"] });
    json!({
        "points": { "per_amount": 10, "points": 1 },
        "promotions": [
            { "id": "second", "name": name("第二瓶 8 折", "Second at 20 % off"),
              "group": { "slots": [{ "items": water, "count": 2 }],
                         "award": { "cheapest": 1, "award": { "percent_off": 20 } } } },
            { "id": "card", "name": name("刷卡折 2", "2 off by card"), "tenders": ["card"],
              "order": { "award": { "amount_off": 2 } } },
            { "id": "vip", "name": name("會員價", "Members"), "who": { "tiers": ["gold"] },
              "each": { "items": water, "award": { "price": 9 } } },
            { "id": "once", "name": name("一次", "Once"), "coupon": { "unique": "U-" },
              "each": { "items": water, "award": { "amount_off": 6 } } },
        ],
    })
}

/// The first view of the live stream for which this holds.
fn until(hub: &Hub, cookies: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let address = hub.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /api/v1/live HTTP/1.1\r\nhost: {address}\r\ncookie: {cookies}\r\n\r\n")
        .unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let views = lines
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data:")?.trim()).ok());
    let mut fitting = views.filter(|view| holds(view));
    fitting.next().expect("the stream goes on until there is such a view")
}

#[test]
fn a_screen_is_told_what_is_worth_saying_and_why_the_price_is_what_it_is() {
    let shop = Shop::new("shown", &shown());
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    let document = Document::of(&browser);
    let mut basket = Basket::new();
    let path = "/api/v1/register/commands";
    let done = |basket: &mut Basket, command: Value| {
        let envelope = basket.envelope(&command);
        assert!(document.accepts("POST", path, &envelope), "{envelope}");
        let reply = browser.post(path, &envelope);
        assert_eq!(reply.status, 200, "{command}: {}", reply.json());
        basket.follow(&reply);
        let wrongs = document.wrongs("POST", path, &reply);
        assert!(wrongs.is_empty(), "{command}: {wrongs:#?}");
        reply.json()
    };
    done(&mut basket, scan(WATER));
    let view = until(&hub, &browser.cookies(), |view| !view["basket"]["prompts"].is_null());
    let schema = json!({ "$ref": "#/components/schemas/RegisterView" });
    assert_eq!(document.findings(&schema, &view), Vec::<String>::new());
    let prompt = &view["basket"]["prompts"][0];
    assert_eq!((&prompt["promotion"], &prompt["total_after"]), (&json!("second"), &twd(27)));
    let offer = &view["basket"]["offers"][0];
    assert_eq!((&offer["tender_type"], &offer["total_after"]), (&json!("card"), &twd(13)));
    let take = json!({ "type": "take_prompt", "prompt": prompt["id"] });
    let answer = done(&mut basket, take);
    assert_eq!(due(&answer), twd(27), "a prompt is exact");
    let applied = &answer["view"]["basket"]["pricing"]["applied"][0];
    assert_eq!((&applied["id"], &applied["amount"]), (&json!("second"), &twd(3)));
    done(&mut basket, json!({ "type": "intend_tender", "tender_type": "card" }));
    done(&mut basket, json!({ "type": "name_member", "member": "m7", "tier": "gold" }));
    done(&mut basket, json!({ "type": "show_coupon", "code": "U-1" }));
    done(&mut basket, json!({ "type": "employee_purchase", "is": true }));
    let explanation = browser.get("/api/v1/register/1/explanation");
    let asked = "/api/v1/register/1/explanation";
    assert_eq!(explanation.status, 200, "{}", explanation.json());
    assert_eq!(document.wrongs("GET", asked, &explanation), Vec::<String>::new());
    let answer = done(&mut basket, json!({ "type": "withdraw_coupon", "code": "U-1" }));
    assert_eq!(explanation.json()["total"]["currency"], "TWD");
    assert_eq!(answer["view"]["basket"]["context"]["tier"], "gold");
    done(&mut basket, json!({ "type": "forget_member" }));
    let answer = done(&mut basket, json!({ "type": "show_coupon", "code": "U-2" }));
    let asked = due(&answer);
    let by_card =
        json!({ "type": "tender", "tender_type": "card", "amount": asked, "total": asked });
    done(&mut basket, by_card);
    done(&mut basket, json!({ "type": "complete" }));
    let receipt = browser.get(&format!("/api/v1/transactions/{}/receipt", basket.id)).json();
    let text = receipt["text"].as_str().unwrap();
    assert!(text.contains("刷卡折 2") && text.contains("本次累積點數"), "{text}");
    // The coupon was used: nobody shows it again.
    let mut next = Basket::new();
    done(&mut next, scan(WATER));
    let again = next.send(&browser, &json!({ "type": "show_coupon", "code": "U-2" }));
    assert_eq!((again.status, again.code().as_str()), (409, "coupon_used"));
}

#[test]
fn what_nobody_can_check_at_the_till_only_a_supervisor_says() {
    let shop = Shop::new("supervised", &shown());
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    let person = json!({ "id": "c1", "name": "王小明", "role": "cashier", "pin": "135790" });
    assert_eq!(browser.post("/api/v1/operators", &person).status, 201);
    let sign_in = json!({ "operator": "c1", "pin": "135790", "command_id": new_id() });
    assert_eq!(browser.post("/api/v1/session", &sign_in).status, 200);
    let mut basket = Basket::new();
    for command in [
        json!({ "type": "employee_purchase", "is": true }),
        json!({ "type": "name_member", "member": "m7", "tier": "gold" }),
        json!({ "type": "name_member", "member": "m7", "points": 900 }),
    ] {
        let reply = basket.send(&browser, &command);
        assert_eq!((reply.status, reply.code().as_str()), (403, "permission_needed"), "{command}");
        assert!(reply.json()["view"]["basket"].is_null());
    }
    basket.must(&browser, &json!({ "type": "name_member", "member": "m7" }));
    assert_eq!(due(&basket.must(&browser, &scan(WATER))), twd(15));
}

/// Water for nothing by card.
fn for_nothing() -> Value {
    json!({ "promotions": [
        { "id": "card", "name": name("刷卡免費", "Free by card"), "tenders": ["card"],
          "each": { "items": { "items": ["D0001"] }, "award": "free" } },
    ] })
}

#[test]
fn what_a_card_makes_nothing_is_not_given_away_without_it() {
    let shop = Shop::new("nothing", &for_nothing());
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    let by = |tender: Value| json!({ "type": "intend_tender", "tender_type": tender });
    assert_eq!(due(&basket.must(&browser, &by(json!("card")))), twd(0));
    let complete = json!({ "type": "complete" });
    let refused = basket.send(&browser, &complete);
    assert_eq!((refused.status, refused.code().as_str()), (409, "tender_changes_total"));
    let refused = refused.json();
    assert!(refused["detail"].as_str().unwrap().contains("15"), "{refused}");
    assert_eq!(due(&refused), twd(0), "nothing has changed");
    assert_eq!(due(&basket.must(&browser, &by(Value::Null))), twd(15));
    basket.must(&browser, &cash(&twd(15), &twd(15)));
    basket.must(&browser, &complete);
    assert_eq!(used(&shop.data()), 0);
}

#[test]
fn an_explanation_comes_to_the_total_on_the_screen_also_while_it_is_paid() {
    let mut little = limited(2);
    little["promotions"][0]["each"]["award"] = json!({ "amount_off": 1 });
    let shop = Shop::new("explained", &little);
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    basket.must(&browser, &scan(WATER));
    let off = json!({ "type": "modify_price", "line": null, "reason": "goodwill",
        "modifier": { "method": "amount_off", "amount": twd(3) } });
    assert_eq!(due(&basket.must(&browser, &off)), twd(25));
    let told = || {
        let reply = browser.get("/api/v1/register/1/explanation");
        assert_eq!(reply.status, 200, "{}", reply.json());
        let told = reply.json();
        (told["total"].clone(), told["to_pay"].clone(), told["beside"][0]["code"].clone())
    };
    let expected = (twd(28), twd(25), json!("basket_modifiers"));
    assert_eq!(told(), expected);
    basket.must(&browser, &cash(&twd(4), &twd(25)));
    assert_eq!(told(), expected, "it holds the last ones itself");
}
