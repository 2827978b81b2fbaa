//! A scan at the register, by what was scanned: goods are entered, coupons and members' cards count
//! for the basket, and what is none of these is refused with what it is, so that the screen can do
//! with it what has to be done.

use super::basket::Basket;
use super::event::BasketEvent;
use super::rules::RegisterRules;
use super::{customer, lines, serial};
use crate::barcode::{ScanRules, Scanned, scanned};
use crate::{ItemId, LineNumber, MemberId, Refusal, RefusalCode};

/// Takes a code as a scanner read it.
pub(super) fn take(
    rules: &RegisterRules,
    basket: &mut Basket,
    (code, chosen): (&str, Option<&ItemId>),
    onto: Option<LineNumber>,
) -> Result<BasketEvent, Refusal> {
    match what(rules, basket, code) {
        Scanned::Item { marks, .. } => {
            let event = lines::scan(rules, basket, (code, chosen), onto)?;
            if let (BasketEvent::ItemAdded { line }, Some(number)) = (&event, &marks.serial) {
                serial::read_with_goods(basket, *line, number)?;
            }
            Ok(event)
        }
        // The catalogue says what is wrong with it.
        Scanned::Unknown(_) => lines::scan(rules, basket, (code, chosen), onto),
        Scanned::Coupon(coupon) => customer::show_coupon(basket, &coupon),
        Scanned::Member(number) => {
            let unknown = || Refusal::new(RefusalCode::UnknownBarcode).with("code", &number);
            let member = MemberId::new(&number).map_err(|_| unknown())?;
            // Scanned again it is the same member, with what somebody said of them since.
            if basket.customer.member.as_ref() == Some(&member) {
                return Ok(BasketEvent::MemberNamed { member });
            }
            customer::name_member(basket, &member, None, 0)
        }
        // Nothing of a person's stands in what is remembered of a scan.
        Scanned::Carrier(_) => Err(RefusalCode::ScannedCarrier.into()),
        Scanned::Donation(_) => Err(RefusalCode::ScannedDonation.into()),
        Scanned::Badge(_) => Err(RefusalCode::BadgeNotWanted.into()),
        Scanned::ReceiptNumber(_) | Scanned::ReturnCode(_) => {
            Err(RefusalCode::ScannedReceipt.into())
        }
        Scanned::InvoiceProof(_) => Err(RefusalCode::ScannedInvoice.into()),
    }
}

fn what(rules: &RegisterRules, basket: &Basket, code: &str) -> Scanned {
    let catalogue = &basket.in_force.catalogue;
    let rules = ScanRules {
        layouts: &rules.layouts,
        currency: rules.currency,
        is_sold: &|code| catalogue.sells(code, &rules.layouts),
        is_coupon: &|code| customer::is_coupon(basket, code),
        member_cards: &rules.member_cards,
    };
    scanned(code, None, &rules)
}
