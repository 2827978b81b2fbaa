//! The codes on paper, read back by a program that has nothing to do with ours.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use devices::printer::decode::{Decoder, Printed};
use devices::printer::{
    Bitmap, Encoder, FontStack, PrintJobId, PrinterProfile, PrinterSettings, sample,
};

use crate::support;

/// Bytes of white round the picture: a reader wants a quiet zone, as paper has its margins.
const MARGIN_BYTES: usize = 4;

/// What a printer of so many dots was sent, as it comes out of it.
fn printed(dots: u16) -> Bitmap {
    let profile = PrinterProfile { width_dots: dots, ..PrinterProfile::default() };
    let settings = PrinterSettings { profile, ..PrinterSettings::default() };
    let encoder = Encoder::new(settings, Some(Arc::new(FontStack::system())));
    let bytes = encoder.encode_parts(&sample::parts(&encoder), PrintJobId(1)).concat();
    let mut paper = Bitmap::new(dots.into(), 0);
    for printed in Decoder::default().push(&bytes) {
        if let Printed::Raster(band) = printed {
            paper.append(&band);
        }
    }
    paper
}

/// Every code that it finds in a picture.
pub fn read(picture: &Path) -> BTreeSet<String> {
    let output = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_code_of_a_receipt_of_384_and_576_dots_is_read_back_from_its_dots() {
    if !support::finds_program("zbarimg") {
        return;
    }
    let dir = support::temp_dir("codes");
    let codes = [sample::BAR_CODE, sample::LEFT_QR, sample::RIGHT_QR].map(str::to_owned);
    for dots in [384, 576] {
        let picture = dir.path().join(format!("{dots}.png"));
        std::fs::write(&picture, printed(dots).to_png(MARGIN_BYTES).unwrap()).unwrap();
        assert_eq!(read(&picture), BTreeSet::from(codes.clone()), "{dots} dots");
    }
}
