use proptest::prelude::*;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::*;
use crate::receipt::tests::golden;
use crate::receipt::tests::sale::{plain, taiwan};

/// The secret key of RFC 8032's first test, so that anybody can make the vectors again.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const KEY: ReturnKeyId = ReturnKeyId([0x21, 0xfe, 0x31, 0xdf]);

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&hex(SEED)).unwrap()
}

fn signed(code: &ReturnCode) -> String {
    code.text(&pair().sign(&code.message()).as_ref().try_into().unwrap())
}

fn holds(key: &[u8; 32], message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

fn checked(text: &str) -> Result<ReturnCode, ReturnCodeError> {
    let public: [u8; 32] = pair().public_key().as_ref().try_into().unwrap();
    verify(text, |key| (key == KEY).then_some(public), holds)
}

#[test]
fn the_vectors_of_both_forms_are_these() {
    let codes = [ReturnCode::of(&plain(), KEY), without_lines()];
    let texts = codes.clone().map(|code| signed(&code));
    golden::check("return-codes.txt", &texts.join("\n"));
    for (code, text) in codes.into_iter().zip(&texts) {
        assert_eq!(checked(text), Ok(code));
    }
}

fn without_lines() -> ReturnCode {
    let mut long = taiwan();
    long.lines = (0..60).flat_map(|_| long.lines.clone()).collect();
    ReturnCode::of(&long, KEY)
}

#[test]
fn lines_are_named_where_they_fit_and_never_make_a_code_too_long() {
    assert!(ReturnCode::of(&plain(), KEY).lines.is_some());
    assert_eq!(without_lines().lines, None);
    let mut growing = plain();
    let line = growing.lines[0].clone();
    let mut counts = Vec::new();
    for _ in 0..40 {
        let code = ReturnCode::of(&growing, KEY);
        assert!(signed(&code).len() <= RETURN_CODE_CHARACTERS_MAX);
        counts.push(code.lines.map(|lines| lines.len()));
        growing.lines.push(line.clone());
    }
    let fitting = counts.iter().flatten().count();
    assert!(counts[..fitting].iter().all(Option::is_some), "{counts:?}");
    assert!((5..40).contains(&fitting), "{fitting} lines fit");
}

#[test]
fn what_came_back_in_the_sale_or_was_voided_cannot_come_back() {
    let mut sale = plain();
    sale.lines[0].kind = LineKind::Return;
    assert_eq!(ReturnCode::of(&sale, KEY).lines, Some(Vec::new()));
}

#[test]
fn every_shorter_text_and_every_changed_letter_is_refused() {
    let text = signed(&ReturnCode::of(&plain(), KEY));
    for length in 0..text.len() {
        assert!(checked(&text[..length]).is_err(), "{length}");
    }
    for at in 0..text.len() {
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567:".chars() {
            let mut changed: Vec<char> = text.chars().collect();
            if changed[at] == letter {
                continue;
            }
            changed[at] = letter;
            let changed: String = changed.into_iter().collect();
            assert!(checked(&changed).is_err(), "{at} {letter}");
        }
    }
    assert!(checked(&format!("{text}A")).is_err());
    assert_eq!(checked(&format!("{text}\r\n")).map(|code| code.key), Ok(KEY));
}

#[test]
fn each_refusal_says_what_is_wrong() {
    let code = ReturnCode::of(&plain(), KEY);
    let text = signed(&code);
    assert_eq!(checked("4710088410207"), Err(ReturnCodeError::NotAReturnCode));
    let misread = format!("{}A{}", &text[..text.len() - 9], &text[text.len() - 8..]);
    assert_ne!(misread, text);
    assert_eq!(checked(&misread), Err(ReturnCodeError::BadSignature));
    assert_eq!(checked(&text[..60]), Err(ReturnCodeError::Damaged));
    let other = ReturnCode { key: ReturnKeyId([0; 4]), ..code.clone() };
    let unknown = Err(ReturnCodeError::UnknownKey(other.key));
    assert_eq!(checked(&signed(&other)), unknown);
    let dearer = ReturnCode { total: code.total.add(code.total).unwrap(), ..code.clone() };
    let signature = pair().sign(&code.message());
    let forged = dearer.text(&signature.as_ref().try_into().unwrap());
    assert_eq!(checked(&forged), Err(ReturnCodeError::BadSignature));
}

/// Ids of items: digits alone, and any text.
const ITEM: &str = "[0-9]{1,20}|[a-z][A-Za-z0-9 ]{0,6}x";

proptest! {
    #[test]
    fn any_code_comes_back_from_its_message(
        store in "[A-Z0-9-]{1,12}",
        id in any::<u128>(),
        (year, month, day) in (1_i16..=9999, 1_i8..=12, 1_i8..=28),
        total in -1_000_000_000_000_i64..1_000_000_000_000,
        lines in prop::option::of(prop::collection::vec(
            (ITEM, -9_999_999_i64..9_999_999, 0_usize..4, 0_i64..1000),
            0..9,
        )),
    ) {
        let currency = crate::Currency::TWD;
        let unit = |at| [crate::Unit::Piece, crate::Unit::Kilogram, crate::Unit::Litre,
            crate::Unit::Gallon][at];
        let code = ReturnCode {
            key: KEY,
            store: StoreId::new(&store).unwrap(),
            transaction: TransactionId::new(uuid::Uuid::from_u128(id)),
            business_day: BusinessDay::new(jiff::civil::date(year, month, day)),
            total: Money::from_minor(total, currency).unwrap(),
            lines: lines.map(|lines| lines.into_iter().zip(1..).map(|(each, line)| {
                let (item, amount, at, net) = each;
                let thousandths = if at == 0 { amount / 1000 * 1000 } else { amount };
                SoldLine {
                    line: LineNumber(line),
                    item: ItemId::new(&item).unwrap(),
                    quantity: Quantity::from_thousandths(thousandths, unit(at)).unwrap(),
                    net: Money::from_minor(net, currency).unwrap(),
                }
            }).collect()),
        };
        prop_assert_eq!(bytes::read(&code.message()), Some(code.clone()));
        prop_assert_eq!(code.characters(), signed(&code).len());
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "\\PC{0,80}", letters in "[A-Z2-7]{0,330}") {
        prop_assert!(checked(&text).is_err());
        let code = format!("RC1:{letters}");
        prop_assert!(checked(&code).is_err());
    }
}
