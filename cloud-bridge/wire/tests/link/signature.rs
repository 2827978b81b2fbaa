//! A manifest is believed by its signature alone.

use hq_wire::link::v1::{
    BundleManifest, BundlePart, PIECE_MAX, PolicyOffer, Signed, sign_manifest, text_of,
    verify_manifest,
};
use ring::signature::Ed25519KeyPair;
use serde_json::value::RawValue;

use crate::golden::all;

/// The first test vector of RFC 8032, section 7.1.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn bytes(text: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).expect("hexadecimal");
    (0..text.len() / 2).map(byte).collect()
}

fn key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_and_public_key(&bytes(SEED), &bytes(PUBLIC_KEY)).expect("a key")
}

/// The bundles of the golden offer, signed by another program (Node's OpenSSL).
fn offered() -> Vec<Signed> {
    let files = all();
    let golden =
        files.iter().find(|golden| golden.path.ends_with("policy.json")).expect("an offer");
    serde_json::from_str::<PolicyOffer>(&golden.text).expect("an offer").bundles
}

fn with(manifest: &str, signature: &str) -> Option<Signed> {
    let manifest = RawValue::from_string(manifest.to_owned()).ok()?;
    Some(Signed { manifest, signature: signature.to_owned() })
}

#[test]
fn what_another_program_signed_is_believed_and_our_signature_is_the_same() {
    let bundles = offered();
    assert_eq!(bundles.len(), 2);
    for signed in bundles {
        assert!(verify_manifest(PUBLIC_KEY, &signed));
        assert_eq!(sign_manifest(&key(), signed.manifest.get()), signed.signature);
        serde_json::from_str::<BundleManifest>(signed.manifest.get()).expect("a manifest");
    }
}

#[test]
fn one_flipped_bit_of_the_manifest_is_not_believed() {
    for signed in offered() {
        let text = signed.manifest.get();
        let mut tried = 0;
        for (at, bit) in (0..text.len()).flat_map(|at| (0..7).map(move |bit| (at, bit))) {
            let mut flipped = text.as_bytes().to_vec();
            flipped[at] ^= 1 << bit;
            let Ok(flipped) = String::from_utf8(flipped) else { continue };
            let Some(other) = with(&flipped, &signed.signature) else { continue };
            assert!(!verify_manifest(PUBLIC_KEY, &other), "byte {at}, bit {bit}: {flipped}");
            tried += 1;
        }
        assert!(tried > 500, "only {tried} were JSON");
    }
}

#[test]
fn one_flipped_byte_of_the_signature_or_of_the_key_is_not_believed() {
    let signed = &offered()[0];
    let flipped = |text: &str, at: usize| {
        let digit = if &text[at..=at] == "0" { "1" } else { "0" };
        format!("{}{digit}{}", &text[..at], &text[at + 1..])
    };
    for at in 0..signed.signature.len() {
        let other = with(signed.manifest.get(), &flipped(&signed.signature, at)).expect("JSON");
        assert!(!verify_manifest(PUBLIC_KEY, &other), "digit {at} of the signature");
    }
    for at in 0..PUBLIC_KEY.len() {
        assert!(!verify_manifest(&flipped(PUBLIC_KEY, at), signed), "digit {at} of the key");
    }
}

#[test]
fn what_is_no_signature_or_no_key_is_not_believed() {
    let signed = &offered()[0];
    let short = &signed.signature[..126];
    for text in ["", "zz", short, &"ü".repeat(64), &"g".repeat(128)] {
        let other = with(signed.manifest.get(), text).expect("JSON");
        assert!(!verify_manifest(PUBLIC_KEY, &other), "{text:?}");
    }
    for key in ["", &PUBLIC_KEY[..62], &"ü".repeat(32)] {
        assert!(!verify_manifest(key, signed), "{key:?}");
    }
    // Each byte has one text only: the public key's fourth byte is 1.
    assert_eq!(&PUBLIC_KEY[6..8], "01");
    let with_sign = format!("{}+1{}", &PUBLIC_KEY[..6], &PUBLIC_KEY[8..]);
    assert!(!verify_manifest(&with_sign, signed));
}

#[test]
fn the_same_manifest_with_other_white_space_is_another_text() {
    let signed = &offered()[0];
    let spaced = signed.manifest.get().replacen(':', ": ", 1);
    assert!(!verify_manifest(PUBLIC_KEY, &with(&spaced, &signed.signature).expect("JSON")));
}

#[test]
fn the_pieces_of_a_part_are_the_part() {
    // Text that does not compress, so that there are several pieces.
    let mut state = 1_u64;
    let content: Vec<u8> = (0..PIECE_MAX * 3)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    let (part, pieces) = BundlePart::cut("catalogue.csv", &content);
    assert!(pieces.len() > 2 && pieces.iter().all(|piece| piece.len() <= PIECE_MAX));
    assert_eq!(part.pieces.len(), pieces.len());
    assert_eq!(part.size, content.len() as u64);
    let mut unpacked = Vec::new();
    let packed = pieces.concat();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut unpacked)
        .expect("gzip");
    assert_eq!(unpacked, content);
    let (again, _) = BundlePart::cut("catalogue.csv", &unpacked);
    assert_eq!(again, part);
    let (empty, pieces) = BundlePart::cut("reasons.toml", b"");
    assert_eq!((empty.size, empty.pieces.len()), (0, pieces.len()));
    assert_eq!(text_of(&pieces.concat()).expect("gzip"), b"");
}
