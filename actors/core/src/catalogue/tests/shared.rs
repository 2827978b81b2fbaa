//! Codes that mean another item, or several.

use super::*;

#[test]
fn a_code_is_never_another_items_id() {
    let milk = ean("040000000001");
    let header = "item,barcodes,plu,description,unit,price\n";
    // An id that a cashier could key as another item's code.
    let rows = "a,,5,A,piece,1\n5,,,B,piece,1\n";
    assert_eq!(fault(&format!("{header}{rows}")).2, "duplicate_plu");
    let rows = format!("a,{milk},,A,piece,1\n{milk},,,B,piece,1\n");
    assert_eq!(fault(&format!("{header}{rows}")).2, "duplicate_item");
    // As they are shown these two can be told apart.
    let csv = format!("{header}a,,05,A,piece,1\n5,,,B,piece,1\n");
    let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
    for item in shop.items() {
        assert_eq!(found(&shop, &item.main_code()), (item.id.as_str(), 1));
    }
    let rows = format!("{milk},{milk},5,A,piece,1\n6,,6,B,piece,1\n");
    assert!(import(format!("{header}{rows}").as_bytes(), Currency::TWD).is_ok());
}

#[test]
fn a_code_of_several_items_has_to_be_chosen_among() {
    let milk = ean("040000000001");
    let rows =
        format!("a,{milk},5,A,piece,1\nb,{milk}*6;OWN,05,B,piece,2@2027-01-01\nc,OWN,,C,piece,3\n");
    let csv = format!("item,barcodes,plu,description,unit,price\n{rows}");
    let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
    let shared: Vec<(String, Vec<String>)> = shop
        .shared_codes()
        .into_iter()
        .map(|one| (one.code, one.items.iter().map(ToString::to_string).collect()))
        .collect();
    let of = |ids: [&str; 2]| ids.map(str::to_owned).to_vec();
    let expected = [
        (milk.clone(), of(["a", "b"])),
        ("OWN".into(), of(["b", "c"])),
        ("5".into(), of(["a", "b"])),
    ];
    assert_eq!(shared, expected);
    for (code, ids) in &expected {
        assert_eq!(refused(&shop, code), RefusalCode::AmbiguousCode, "{code}");
        let day = date(2026, 12, 31);
        let refused = shop.find_chosen(code, None, &[], day).unwrap_err();
        let choices = refused.choices.iter().map(|one| one.item.as_str());
        assert!(choices.eq(ids.iter().map(String::as_str)), "{code}");
        assert_eq!(refused.details["code"], *code);
        let no_price = refused.choices.iter().find(|one| one.item.as_str() == "b");
        assert_eq!(no_price.unwrap().price, None, "not before its day");
        for id in ids {
            let id = ItemId::new(id).unwrap();
            assert_eq!(shop.find_chosen(code, Some(&id), &[], day).unwrap().item.id, id);
        }
        let other = ItemId::new("d").unwrap();
        let refused = shop.find_chosen(code, Some(&other), &[], day).unwrap_err();
        assert_eq!((refused.code, refused.choices.len()), (RefusalCode::AmbiguousCode, 2));
    }
    // Each with its own pack, and each found by its id.
    let pack = |id: &str| {
        let chosen = ItemId::new(id).unwrap();
        shop.find_chosen(&milk, Some(&chosen), &[], date(2027, 1, 1)).unwrap().pack
    };
    assert_eq!((pack("a"), pack("b")), (1, 6));
    assert_eq!(found(&shop, "b"), ("b", 1));
}
