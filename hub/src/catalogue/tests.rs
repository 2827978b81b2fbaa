use store_core::catalogue::COLUMNS;

use super::*;

const HEADER: &str = "item,description,unit,price\n";

#[test]
fn the_readme_names_every_column() {
    let readme = include_str!("../../../README.md");
    let table = readme.split("## A catalogue").nth(1).unwrap().split("\n## ").next().unwrap();
    for (column, _) in COLUMNS {
        assert!(table.contains(&format!("`{column}`")), "{column}");
    }
}

#[test]
fn the_grocerys_catalogue_is_taken_as_it_is() {
    let csv = include_bytes!("../../../tests/data/sim/catalogue.csv");
    let catalogue = import(csv, Currency::EUR).unwrap();
    assert_eq!(catalogue.len(), csv.split(|byte| *byte == b'\n').count() - 2);
    assert!(catalogue.items().all(|item| item.barcode.is_some()));
}

#[test]
fn a_file_with_a_bad_row_leaves_the_old_one_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = places::catalogue(dir.path());
    let good = format!("{HEADER}a,A,piece,1\n");
    install(&path, good.as_bytes(), Currency::TWD).unwrap();
    let bad = format!("{HEADER}a,A,piece,1\nb,B,piece,1.5\n");
    let error = install(&path, bad.as_bytes(), Currency::TWD).unwrap_err();
    assert!(error.to_string().contains("line 3 of the catalogue, column price"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), good);
    assert_eq!(open(&path, Currency::TWD).unwrap().len(), 1);
    fs::write(&path, &bad).unwrap();
    assert!(open(&path, Currency::TWD).is_err(), "a file of its own never becomes a demonstration");
    fs::remove_file(&path).unwrap();
    assert_eq!(open(&path, Currency::TWD).unwrap().digest(), demonstration(Currency::TWD).digest());
}
