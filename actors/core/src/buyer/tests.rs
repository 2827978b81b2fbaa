use proptest::prelude::*;

use super::*;

/// The tax authority's own examples, and one of each case of the rule.
const BANS: &[&str] = &[
    "04595252", // a multiple of five and not of ten
    "10458570", "04595257", "10458575", "00000005",
    "12345675", // a seven in the seventh place: 39 counts as 40
    "12345676", // the same with 40 itself
    "10458574", // 29 counts as 30
    "40000070", "00000074", // 14 counts as 15
];
const NO_BANS: &[&str] = &[
    "12345678",
    "90000011",
    "90000099", // the sum does not fit
    "00000000", // fits any sum and is nobody's
    "1234567",
    "123456755",
    "1234567a",
    "12 34567",
    "１２３４５６７５",
    "",
    " ",
];

#[test]
fn a_companys_number_has_eight_digits_and_their_sum() {
    for text in BANS {
        assert_eq!(Ban::new(text).map(|ban| ban.as_str().to_owned()), Ok((*text).to_owned()));
    }
    for text in NO_BANS {
        assert_eq!(Ban::new(text), Err(BuyerError::Ban), "{text:?}");
    }
    assert_eq!(Ban::new(" 04595252\n").unwrap().to_string(), "04595252");
}

#[test]
fn a_carrier_is_a_mobile_barcode_or_a_certificate() {
    use CarrierKind::{Certificate, MobileBarcode};
    for (text, kind, read) in [
        ("/17MEWYP", MobileBarcode, "/17MEWYP"),
        ("/AB.+-12", MobileBarcode, "/AB.+-12"),
        (" /ab12+.- ", MobileBarcode, "/AB12+.-"),
        ("TP03000001234567", Certificate, "TP03000001234567"),
        ("ab12345678901234", Certificate, "AB12345678901234"),
    ] {
        let carrier = Carrier::new(text).unwrap();
        assert_eq!((carrier.kind(), carrier.as_str()), (kind, read));
    }
    for text in [
        "17MEWYP",
        "/17MEWY",
        "/17MEWYPP",
        "/17MEW P",
        "/17MEW_P",
        "/17MEW/P",
        "/17MEW*P",
        "TP0300000123456",
        "TP030000012345678",
        "T003000001234567",
        "TP0300000123456A",
        "卡03000001234567",
        "/１７MEWY",
        "",
        "/",
    ] {
        assert_eq!(Carrier::new(text), Err(BuyerError::Carrier), "{text:?}");
    }
}

#[test]
fn a_donation_code_has_three_to_seven_digits() {
    for text in ["919", "8999", "25885", "1234567", " 0001 "] {
        assert_eq!(DonationCode::new(text).unwrap().as_str(), text.trim());
    }
    for text in ["12", "12345678", "12a", "1.2", "-12", "", "１２３"] {
        assert_eq!(DonationCode::new(text), Err(BuyerError::Donation), "{text:?}");
    }
}

#[test]
fn a_company_gives_nothing_away_and_has_no_citizens_certificate() {
    let ban = Ban::new("04595252").unwrap();
    let mobile = Some(Carrier::new("/17MEWYP").unwrap());
    let certificate = Some(Carrier::new("TP03000001234567").unwrap());
    let donation = Some(DonationCode::new("8999").unwrap());
    let code = |carrier: &Option<Carrier>, donation: &Option<DonationCode>, ban: Option<&Ban>| {
        let wish = BuyerWish { carrier: carrier.clone(), donation: donation.clone() };
        wish.check(ban).err().map(|refusal| refusal.code)
    };
    let by_company = Some(&ban);
    assert_eq!(code(&None, &None, by_company), None);
    assert_eq!(code(&mobile, &None, by_company), None);
    assert_eq!(code(&certificate, &None, by_company), Some(RefusalCode::CertificateWithBan));
    for carrier in [&None, &mobile, &certificate] {
        assert_eq!(code(carrier, &donation, by_company), Some(RefusalCode::DonationWithBan));
        assert_eq!(code(carrier, &donation, None), None, "a person's invoice may be given away");
        assert_eq!(code(carrier, &None, None), None);
    }
}

#[test]
fn what_is_about_a_person_is_not_written_by_accident() {
    let wish = BuyerWish {
        carrier: Some(Carrier::new("/17MEWYP").unwrap()),
        donation: Some(DonationCode::new("8999").unwrap()),
    };
    let shown = format!("{wish:?}");
    assert!(!shown.contains("17MEWYP") && !shown.contains("8999"), "{shown}");
    let json = serde_json::to_string(&wish).unwrap();
    assert_eq!(json, r#"{"carrier":"/17MEWYP","donation":"8999"}"#);
    assert_eq!(serde_json::from_str::<BuyerWish>(&json).unwrap(), wish);
    assert!(serde_json::from_str::<BuyerWish>(r#"{"carrier":"8999"}"#).is_err());
}

/// The rule once more, from its words: every product's digits one by one, and a seven in the
/// seventh place counts as nought or as one.
fn is_ban_by_the_book(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().map(|one| one.to_digit(10).unwrap()).collect();
    let mut sums = vec![0];
    for (at, (digit, weight)) in digits.iter().zip([1, 2, 1, 2, 1, 2, 4, 1]).enumerate() {
        let product = (digit * weight).to_string();
        let sum: u32 = product.chars().map(|one| one.to_digit(10).unwrap()).sum();
        let counts = if at == 6 && *digit == 7 { vec![0, 1] } else { vec![sum] };
        sums = sums.iter().flat_map(|so_far| counts.iter().map(move |one| so_far + one)).collect();
    }
    text != "00000000" && sums.iter().any(|sum| sum % 5 == 0)
}

proptest! {
    #[test]
    fn the_check_of_a_companys_number_is_the_one_in_words(number in 0_u32..100_000_000) {
        let text = format!("{number:08}");
        prop_assert_eq!(Ban::new(&text).is_ok(), is_ban_by_the_book(&text));
    }

    #[test]
    fn no_text_is_too_odd_to_be_refused(text in ".{0,20}") {
        let _ = (Ban::new(&text), DonationCode::new(&text));
        if let Ok(carrier) = Carrier::new(&text) {
            prop_assert!(carrier.as_str().is_ascii());
            prop_assert_eq!(Carrier::new(carrier.as_str()), Ok(carrier));
        }
    }
}
