//! Draws the sample receipt for 384 and 576 dots into a folder, and says how long forty rows take:
//! `cargo run --release -p devices --example receipt -- docs`.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use devices::printer::{Encoder, FontStack, PrintJobId, PrinterProfile, PrinterSettings, sample};
use store_core::receipt::{Element, ReceiptDocument};

/// Rows of a long receipt.
const ROWS: usize = 40;
/// Times that it is drawn, so that one slow one does not count.
const TIMES: u32 = 50;
/// Bytes of white round a picture.
const MARGIN_BYTES: usize = 2;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    for (name, fonts) in [("system", FontStack::system()), ("built-in", FontStack::built_in())] {
        let fonts = Arc::new(fonts);
        for dots in [384, 576] {
            let encoder = encoder(dots, &fonts);
            let paper = encoder.paint_parts(&sample::parts(&encoder));
            if name == "system" {
                let file = folder.join(format!("receipt-{dots}.png"));
                std::fs::write(file, paper.to_png(MARGIN_BYTES)?)?;
            }
            measure(name, dots, &encoder);
        }
    }
    Ok(())
}

fn encoder(dots: u16, fonts: &Arc<FontStack>) -> Encoder {
    let profile = PrinterProfile { width_dots: dots, ..PrinterProfile::default() };
    let settings = PrinterSettings { profile, ..PrinterSettings::default() };
    Encoder::new(settings, Some(Arc::clone(fonts)))
}

fn measure(font: &str, dots: u16, encoder: &Encoder) {
    let row = |number: usize| Element::Columns {
        left: format!("{number:02} 有機黑糖桂圓紅棗燕麥飲 超值包"),
        right: format!("{number},299"),
        indent: 0,
        is_bold: number.is_multiple_of(5),
        size: store_core::receipt::TextSize::Normal,
    };
    let document = ReceiptDocument::new((1..=ROWS).map(row).collect());
    let mut times: Vec<Duration> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            let bytes = encoder.encode(&document, PrintJobId(1));
            assert!(bytes.len() > 1);
            began.elapsed()
        })
        .collect();
    let first = times.first().copied().unwrap_or_default();
    times.sort_unstable();
    let (middle, worst) = (times.get(times.len() / 2), times.last());
    println!("{font} font, {dots} dots, {ROWS} rows: first {first:?}, {middle:?}, worst {worst:?}");
}
