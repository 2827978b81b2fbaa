//! From the price on the screen to payment: what is asked once more, what is refused, what a restart
//! in between keeps.

use serde_json::json;
use store_core::promotion::evaluate::NODES_TILL;
use store_core::promotion::price;

use crate::promotions::{intend, name_member};
use crate::till::{MILK, SOAP};

#[test]
fn a_basket_that_is_read_again_is_priced_by_the_same_request() {
    let mut till = crate::promotions::till(&json!({ "total": 3 }));
    name_member(&mut till);
    till.scan(MILK).unwrap();
    till.scan(SOAP).unwrap();
    till.run(intend("card")).unwrap();
    let before = till.machine.explanation_ask().unwrap().request;
    assert_eq!(before.nodes_max, NODES_TILL, "a till's search is bounded");
    till.restart();
    let after = till.machine.explanation_ask().unwrap().request;
    assert_eq!((after.nodes_max, &after.context), (before.nodes_max, &before.context));
    let (before, after) = (price(before).unwrap(), price(after).unwrap());
    assert_eq!((after.lines, after.totals), (before.lines, before.totals));
    assert_eq!(after.pricing, before.pricing, "to the certificate");
}
