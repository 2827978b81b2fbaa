use store_core::{BootId, Currency};

use super::*;

#[test]
fn every_shelf_of_the_demonstration_store_is_counted_above_its_mark() {
    let now = Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    };
    let catalogue = demonstration(Currency::TWD);
    let counts = counts(&catalogue, now);
    assert_eq!(counts.len(), catalogue.len());
    assert_eq!(STOCK.lines().count(), catalogue.len() + 1, "every row was understood");
    let mut is_near = 0;
    for append in counts {
        let Fact::StockMoved(movement) = *append.fact else { panic!("a count is a movement") };
        let item = catalogue.item(&movement.item).unwrap();
        let Some(mark) = item.safety_stock() else { continue };
        assert!(movement.quantity.thousandths() > mark.thousandths(), "{} rings at once", item.id);
        is_near += u32::from(movement.quantity.thousandths() - mark.thousandths() <= 2000);
    }
    assert!(is_near > 0, "an alert can be seen after a sale or two");
}
