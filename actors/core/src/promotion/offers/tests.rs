use super::*;
use crate::Currency;
use crate::promotion::evaluate::NODES_MAX;
use crate::promotion::rule::{OrderAward, Promotion, Rule};
use crate::promotion::set::Policy;
use crate::promotion::solve::tests::{goods, now, order, promotion};
use crate::promotion::tests::random::Shop;

fn tender(code: &str) -> TenderTypeId {
    TenderTypeId::new(code).unwrap()
}

fn bound(id: &str, off: i64, tenders: &[&str]) -> Promotion {
    let rule = Rule::Order(order(100, OrderAward::AmountOff(off)));
    let tenders = tenders.iter().map(|code| tender(code)).collect();
    Promotion { tenders, ..promotion(id, rule) }
}

fn offered(set: &PromotionSet, price: i64, intended: Option<&str>) -> Vec<TenderOffer> {
    let goods = Goods { currency: Currency::TWD, ..goods(&[("a", 1, price, 0)]) };
    let context = PricingContext {
        tender_intended: intended.map(tender),
        ..PricingContext::anonymous(now(), now().date())
    };
    let outcome = evaluate(set, &goods, &context, NODES_MAX).unwrap();
    let accepted = ["card", "cash", "mobile", "wallet"].map(tender);
    tender_offers(set, &goods, &context, &outcome, &accepted, NODES_MAX)
}

#[test]
fn what_a_way_of_paying_would_save_is_said_the_most_first() {
    let promotions =
        vec![bound("card", 50, &["card"]), bound("phone", 70, &["mobile", "wallet", "shells"])];
    let set = PromotionSet::new(promotions, Policy::Best, None);
    let said = |offers: &[TenderOffer]| -> Vec<(String, String)> {
        offers.iter().map(|offer| (offer.text.zh.to_string(), offer.text.en.to_string())).collect()
    };
    let pair = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    let offers = offered(&set, 500, None);
    assert_eq!(
        said(&offers),
        [
            pair("行動支付:−NT$70", "with mobile payment: −NT$70"),
            pair("wallet:−NT$70", "with wallet: −NT$70"),
            pair("刷卡:−NT$50", "with card: −NT$50"),
        ]
    );
    let json = serde_json::to_value(&offers[2]).unwrap();
    assert_eq!(json["tender_type"], "card");
    assert_eq!(json["saving"]["amount"], "50");
    assert_eq!(json["difference"]["amount"], "-50");
    assert_eq!(json["total_after"]["amount"], "450");
    // By card already: only what saves more than that.
    let offers = offered(&set, 500, Some("card"));
    assert_eq!(
        said(&offers),
        [
            pair("行動支付:−NT$20", "with mobile payment: −NT$20"),
            pair("wallet:−NT$20", "with wallet: −NT$20"),
        ]
    );
    // Nothing where the threshold is not reached.
    assert_eq!(offered(&set, 99, None), []);
}

#[test]
fn an_offer_is_exact() {
    let mut offers = 0;
    for seed in 0..2_000 {
        let Shop { set, goods, context, .. } = &Shop::new(seed);
        let outcome = evaluate(set, goods, context, NODES_MAX).unwrap();
        let named: Vec<TenderTypeId> =
            set.promotions().iter().flat_map(|one| one.tenders.clone()).collect();
        for offer in tender_offers(set, goods, context, &outcome, &named, NODES_MAX) {
            let tender_intended = Some(offer.tender_type.clone());
            let with = PricingContext { tender_intended, ..context.clone() };
            let total = evaluate(set, goods, &with, NODES_MAX).unwrap().total;
            assert_eq!(offer.total_after.minor(), total, "seed {seed}");
            assert_eq!(offer.difference.minor(), total - outcome.total, "seed {seed}");
            assert!(total < outcome.total, "seed {seed}");
            offers += 1;
        }
    }
    assert!(offers > 50, "{offers}");
}
