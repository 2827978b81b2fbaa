//! Memory that does not grow, whatever comes.

use std::time::Duration;

use proptest::prelude::*;

use super::receipt::text;
use super::rig::simulated;
use crate::port::{Port as _, memory_pair};
use crate::printer::{
    Mode, PROFILES, PrinterDriver, PrinterFamily, PrinterProfile, PrinterSettings, PrinterStatus,
};
use crate::simulated::SimulatedDevice as _;
use crate::worker::Driver as _;

proptest! {
    #[test]
    fn a_printer_that_is_sent_anything_goes_on(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..20),
        is_star in any::<bool>(),
    ) {
        let family = if is_star { PrinterFamily::Star } else { PrinterFamily::EscPos };
        let settings = PrinterSettings { family, ..text() };
        let mut printer = simulated(&settings);
        for piece in &pieces {
            let mut out = Vec::new();
            printer.hear(piece, &mut out);
            printer.tick(&mut out);
            prop_assert!(out.len() <= 20 * piece.len() + 20);
        }
        printer.power_cut();
        let mut out = Vec::new();
        printer.hear(family.status(), &mut out);
        prop_assert!(!out.is_empty());
        let _ = printer.paper_png().unwrap();
    }

    #[test]
    fn a_driver_that_hears_anything_goes_on(
        noise in prop::collection::vec(any::<u8>(), 0..400),
        is_star in any::<bool>(),
    ) {
        let family = if is_star { PrinterFamily::Star } else { PrinterFamily::EscPos };
        let mut driver = PrinterDriver::new(
            PrinterSettings { family, ..text() },
            Some(super::receipt::fonts()),
            Box::new(|_| ()),
        );
        let (mut near, mut far) = memory_pair();
        far.write(&noise).unwrap();
        for _ in 0..noise.len() / 64 + 1 {
            let _ = driver.look(&mut near).unwrap();
        }
        let mut buffer = [0; 64];
        let asked = far.read(&mut buffer, Duration::ZERO).unwrap();
        prop_assert!(asked >= family.status().len());
    }
}

#[test]
fn every_status_has_its_code_and_its_condition() {
    for status in [
        PrinterStatus::Online,
        PrinterStatus::PaperLow,
        PrinterStatus::PaperOut,
        PrinterStatus::CoverOpen,
        PrinterStatus::Cutter,
        PrinterStatus::Error,
        PrinterStatus::Offline,
    ] {
        assert_eq!(status.condition().works(), status.fault().is_none(), "{status:?}");
        if status != PrinterStatus::Online {
            assert_eq!(status.condition().code(), status.code());
        }
        let written = serde_json::to_string(&status).unwrap();
        assert_eq!(serde_json::from_str::<PrinterStatus>(&written).unwrap(), status);
    }
}

#[test]
fn settings_know_the_ways_of_printing_by_their_names() {
    for (name, mode) in [
        ("raster", Mode::Raster),
        ("text", Mode::Big5),
        ("big5", Mode::Big5),
        ("gb18030", Mode::Gb18030),
    ] {
        assert_eq!(serde_json::from_str::<Mode>(&format!("{name:?}")).unwrap(), mode);
    }
}

#[test]
fn every_kind_of_printer_has_a_name_of_its_own_and_columns_that_fit() {
    for (number, profile) in PROFILES.iter().enumerate() {
        assert_eq!(PrinterProfile::named(profile.name), Some(*profile));
        assert!(PROFILES.iter().skip(number + 1).all(|other| other.name != profile.name));
        assert!(profile.columns() * 12 <= usize::from(profile.width_dots), "{}", profile.name);
    }
    let widths = [384, 408, 432, 512, 576];
    let columns = [32, 34, 36, 42, 48];
    for (width_dots, columns) in widths.into_iter().zip(columns) {
        let profile = PROFILES.iter().find(|profile| profile.width_dots == width_dots).unwrap();
        assert_eq!(profile.columns(), columns);
        assert_eq!(PrinterProfile::of_columns(columns).columns(), columns);
    }
}
