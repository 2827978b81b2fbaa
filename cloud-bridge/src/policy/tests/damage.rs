//! What was damaged, forged or meant for others.

use super::*;

fn flipped(bytes: &[u8], place: usize, bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[place] ^= 1 << bit;
    bytes
}

/// A store with version 1 in force.
fn shop() -> Shop {
    let mut shop = Shop::new();
    shop.deliver(&[&catalogue(1, 0)]);
    assert_eq!(shop.price(), Some(1));
    shop
}

#[test]
fn one_flipped_bit_anywhere_in_an_offer_and_the_old_one_stays() {
    let new = catalogue(2, 0);
    let whole = offer(&[&new]);
    for place in 0..whole.len() {
        // One bit of each byte by turns: every one of them in the whole, and quick.
        let mut shop = shop();
        shop.input(Input::Offered(flipped(&whole, place, place % 8)));
        (0..new.pieces.len()).for_each(|number| shop.piece(&new, number));
        let state = shop.desk.state();
        let reasons: Vec<&String> =
            state.offered.iter().filter_map(|one| one.reason.as_ref()).collect();
        let is_said = |reason: &&String| {
            reason.contains("bad_signature") || reason.contains("unreadable_offer")
        };
        assert!(reasons.iter().any(is_said), "byte {place}: {reasons:?}");
        assert_eq!(shop.price(), Some(1), "byte {place} was believed");
        shop.deliver(&[&new]);
        assert_eq!(shop.price(), Some(2), "byte {place}: the whole one is taken");
    }
}

#[test]
fn one_flipped_bit_anywhere_in_a_piece_and_the_old_one_stays_until_it_comes_whole() {
    let (old, new) = (catalogue(1, 0), catalogue(2, 0));
    for damaged in 0..new.pieces.len() {
        for place in 0..new.pieces[damaged].len() {
            let mut shop = shop();
            shop.input(Input::Offered(offer(&[&old, &new])));
            for number in 0..new.pieces.len() {
                let piece = &new.pieces[number];
                let piece = if number == damaged {
                    flipped(piece, place, place % 8)
                } else {
                    piece.clone()
                };
                let number = u32::try_from(number).unwrap();
                shop.input(Input::Piece { id: new.id.clone(), number, piece });
            }
            let expected =
                format!("refused: piece {damaged} is not the one that was signed (bad_piece)");
            assert_eq!((shop.price(), &shop.standings()[&2]), (Some(1), &expected));
            shop.restart();
            assert_eq!(shop.price(), Some(1));
            shop.deliver(&[&old, &new]);
            assert_eq!((shop.price(), &*shop.standings()[&2]), (Some(2), "in_force"));
        }
    }
}

#[test]
fn one_flipped_bit_anywhere_in_what_was_kept_and_it_is_not_believed_until_it_comes_again() {
    let bundle = catalogue(1, 0);
    let kept = shop().drawer.kept();
    let manifest = kept.bundles[0].manifest.len();
    let pieces: usize = kept.bundles[0].pieces.values().map(Vec::len).sum();
    for place in 0..manifest + pieces {
        let mut shop = shop();
        {
            let kept = &mut shop.drawer.0.lock().unwrap().0.bundles[0];
            let all = kept.pieces.values_mut().flatten();
            let byte = kept.manifest.iter_mut().chain(all).nth(place).unwrap();
            *byte ^= 1 << (place % 8);
        }
        // By its clock alone the store could not know that the moment has passed.
        shop.now = Now { clock_trusted: false, ..at(0) };
        shop.restart();
        assert_eq!(shop.price(), None, "byte {place} was believed");
        if place >= manifest {
            let said = "incomplete: what was kept of it is damaged; it is awaited again";
            assert_eq!(shop.standings()[&1], said);
        }
        shop.deliver(&[&bundle]);
        assert_eq!(shop.price(), Some(1), "byte {place}: it was in force, and is again");
        shop.restart();
        assert_eq!(shop.price(), Some(1), "byte {place}: and what is kept is whole");
    }
}

#[test]
fn what_is_signed_and_does_not_fit_is_refused_with_its_reason() {
    let parts: &[(&str, &str)] = &[("catalogue.csv", CATALOGUE)];
    let with = |change: &dyn Fn(&mut BundleManifest)| {
        let mut manifest = manifest(2, 0);
        change(&mut manifest);
        manifest
    };
    let cases = [
        (made(with(&|it| it.chain = "d".to_owned()), parts), "it is for the chain d (other_chain)"),
        (
            made(with(&|it| it.stores = vec!["s2".to_owned()]), parts),
            "it is not for this store (other_store)",
        ),
        (
            made(with(&|it| it.currency = Some("USD".to_owned())), parts),
            "its prices are in USD (other_currency)",
        ),
        (
            made(manifest(2, 0), &[("prizes.json", "{}")]),
            "it has a part \"prizes.json\", which this version does not know: update the hub \
             (unknown_part)",
        ),
        (
            made(with(&|it| it.id = "../../x".to_owned()), parts),
            "the manifest has a form that is not known here: it has no id or no version \
             (unknown_form)",
        ),
        (
            made(manifest(2, 0), &[parts[0], parts[0]]),
            "the manifest has a form that is not known here: catalogue.csv is there twice or too \
             large (unknown_form)",
        ),
    ];
    assert_refused(cases);
}

#[test]
fn a_part_that_does_not_hold_is_refused_with_its_reason() {
    let parts: &[(&str, &str)] = &[("catalogue.csv", CATALOGUE)];
    let bad = CATALOGUE.replace("65", "sixty");
    let cases = [
        (
            made(manifest(2, 0), &[("catalogue.csv", &bad)]),
            "catalogue.csv, line 2: column price: not an amount of money (bad_amount) (bad_part)",
        ),
        (
            made(manifest(2, 0), &[("reasons.json", r#"{"price":[""],"return":[],"abandom":[]}"#)]),
            "reasons.json, abandom: there is no such key; it has to be one of price, return, \
             abandon, cash, card (unknown_key), and 2 more (bad_part)",
        ),
        (
            made(manifest(2, 0), &[("promotions.json", r#"{"promotions":[{"id":"A"}]}"#)]),
            "promotions.json, promotions[1].name: the key is missing (missing_key), and 1 more \
             (bad_part)",
        ),
        (
            made(
                manifest(2, 0),
                &[
                    parts[0],
                    (
                        "favourites.json",
                        r#"{"groups":[{"label":"A","tiles":[{"item":"x","label":"X"}]}]}"#,
                    ),
                ],
            ),
            "favourites.json, groups[1].tiles[1].item: the catalogue has no item x (unknown_item) \
             (bad_part)",
        ),
    ];
    assert_refused(cases);
}

/// Each is refused for its reason, and what was in force before stays so.
fn assert_refused<const COUNT: usize>(cases: [(Made, &str); COUNT]) {
    for (bundle, reason) in cases {
        let mut shop = shop();
        shop.deliver(&[&bundle]);
        let state = shop.desk.state();
        let refused = state.offered.iter().find(|one| one.standing == "refused");
        let refused = refused.and_then(|one| one.reason.clone()).unwrap_or_default();
        assert_eq!(refused, reason);
        shop.moment(at(1));
        assert_eq!((shop.price(), state.in_force), (Some(1), Some(1)));
        shop.restart();
        assert_eq!(shop.price(), Some(1));
    }
}

#[test]
fn another_key_signs_nothing_here() {
    let other = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
    let mut forged = catalogue(2, 0);
    forged.signed.signature = sign_manifest(&other, forged.signed.manifest.get());
    let mut shop = shop();
    shop.deliver(&[&forged]);
    assert_eq!(shop.price(), Some(1));
    let capital = catalogue(3, 0);
    let mut written = capital.clone();
    written.signed.signature = capital.signed.signature.to_uppercase();
    shop.deliver(&[&written]);
    assert_eq!(shop.price(), Some(1), "a signature has one way to be written");
}
