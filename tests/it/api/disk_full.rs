//! A disk that is full: the sale is refused, the basket stays, selling goes on when there is room.

use std::process::Command;

use serde_json::json;

use super::basket::{Basket, WATER, cash, scan, sell};
use super::browser::{Browser, twd};
use super::hub::Hub;
use crate::support::{self, Disk};

/// Room that is kept free for closing the day, in MiB.
const RESERVE_MIB: u64 = 4;

#[test]
fn on_a_full_disk_a_sale_is_refused_the_basket_stays_and_selling_goes_on_when_there_is_room() {
    let data = support::temp_dir("disk-full");
    let store = data.path().join("store");
    let Some(disk) = Disk::mount(&store) else { return };
    let reserve = RESERVE_MIB.to_string();
    let hub = Hub::start_with(&store, &[("HUB_JOURNAL__RESERVE_MIB", reserve.as_str())]);
    let browser = Browser::at_work(&hub);
    sell(&browser);
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));

    // Only the room for closing the day is left: nothing is sold, and the basket stays.
    disk.fill(RESERVE_MIB << 19);
    let pay = cash(&twd(20), &twd(15));
    let refused = basket.send(&browser, &pay);
    assert_eq!((refused.status, refused.code().as_str()), (507, "disk_full"));
    assert!(refused.json()["detail"].as_str().unwrap().contains("儲存空間"));
    let view = &refused.json()["view"];
    assert_eq!(view["basket"]["lines"].as_array().unwrap().len(), 1);
    assert_eq!(view["notices"], json!(["disk_full"]));

    // The day can still be closed: baskets given up, people signed off and on.
    let mut other = Basket { id: basket.id.clone(), version: basket.version };
    other.must(&browser, &scan(WATER));
    basket.version = other.version;
    disk.make_room();
    basket.must(&browser, &cash(&twd(30), &twd(30)));
    basket.must(&browser, &json!({ "type": "complete" }));

    // Not a byte is left: even a scan may fail, and still nothing is lost.
    let mut last = Basket::new();
    last.must(&browser, &scan(WATER));
    disk.fill(0);
    let refused = last.send(&browser, &cash(&twd(15), &twd(15)));
    assert_eq!((refused.status, refused.code().as_str()), (507, "disk_full"));
    disk.make_room();
    disk.fill(RESERVE_MIB << 19);
    last.must(&browser, &json!({ "type": "abandon", "reason": "mistake" }));
    assert_eq!(browser.send("DELETE", "/api/v1/session", &[], None).status, 204);
    disk.make_room();
    drop(hub);
    let hub = Hub::start(&store);
    sell(&Browser::at_work(&hub));
    let verified = Command::new(support::hub_binary())
        .args(["journal", "verify", "--data-dir"])
        .arg(&store)
        .output();
    assert!(verified.unwrap().status.success());
}
