//! What shows only when all promotions of a file are read.

use std::collections::BTreeMap;

use super::super::Step;
use super::super::reader::Reader;
use crate::PromotionId;
use crate::promotion::rule::{Coupon, Promotion, Replaces, RewardAward, Rule};

/// Whom one replaces, whether there are points to multiply, and whose a coupon's code is.
pub(super) fn check(reader: &mut Reader, found: &[Promotion], has_points: bool) {
    let widths: BTreeMap<_, _> =
        found.iter().map(|promotion| (&promotion.id, promotion.place.width())).collect();
    let uniques = uniques(found);
    for (index, promotion) in found.iter().enumerate() {
        reader.at(Step::Index(index), |reader| {
            check_coupon(reader, promotion, &uniques);
            if let Replaces::These(ids) = &promotion.replaces {
                for (index, id) in ids.iter().enumerate() {
                    let (code, reason) = match widths.get(id) {
                        None => ("unknown_promotion", "there is no such promotion in the file"),
                        Some(width) if *width >= promotion.place.width() => {
                            ("not_wider", "only a promotion of a wider place can be replaced")
                        }
                        Some(_) => continue,
                    };
                    reader.key("replaces", |reader| {
                        reader.at(Step::Index(index), |reader| reader.fault(code, reason));
                    });
                }
            }
            if let (Rule::Reward(reward), false) = (&promotion.rule, has_points)
                && matches!(reward.award, RewardAward::PointsTimes(_))
            {
                let path = ["reward", "award", "points_times"];
                reader.keys(&path, |reader| {
                    let reason = "there are no points to multiply: the file has no table points";
                    reader.fault("no_points", reason);
                });
            }
        });
    }
}

/// What unique codes begin with, and the first promotion that they are for.
fn uniques(found: &[Promotion]) -> BTreeMap<&str, &PromotionId> {
    let mut uniques = BTreeMap::new();
    for promotion in found {
        if let Some(Coupon::Unique(start)) = &promotion.coupon {
            uniques.entry(&**start).or_insert(&promotion.id);
        }
    }
    uniques
}

/// A code is one coupon: where it also is one of another promotion's unique codes, it is used up
/// for good as that, or is taken for both.
fn check_coupon(
    reader: &mut Reader,
    promotion: &Promotion,
    uniques: &BTreeMap<&str, &PromotionId>,
) {
    let Some(coupon) = &promotion.coupon else { return };
    let (key, own) = match coupon {
        Coupon::Code(code) => ("code", code),
        Coupon::Unique(start) => ("unique", start),
    };
    // The longest first: that is the one that was hardly meant.
    let mut ends = own.char_indices().rev().map(|(at, char)| at + char.len_utf8());
    let found = ends.find_map(|end| {
        let start = own.get(..end)?;
        let is_own = key == "unique" && end == own.len();
        uniques.get(start).filter(|_| !is_own).map(|other| (start, *other))
    });
    if let Some((start, other)) = found {
        let reason = format!(
            "it begins like the unique codes \"{start}\" of the promotion {other}: begin one of \
             them differently, such as with a hyphen after the letters"
        );
        reader.keys(&["coupon", key], |reader| reader.fault("ambiguous_coupon", reason));
    }
}
