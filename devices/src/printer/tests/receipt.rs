//! Documents to print.

use std::sync::{Arc, OnceLock};

use store_core::receipt::{Align, Element, ReceiptDocument, TextSize};

use crate::printer::{
    Encoder, FontStack, Mode, PrintJob, PrintJobId, PrinterProfile, PrinterSettings,
};

pub const COLUMNS: usize = 48;

/// The machine's fonts, read once; where there are none, the one that is built in.
pub fn fonts() -> Arc<FontStack> {
    static FONTS: OnceLock<Arc<FontStack>> = OnceLock::new();
    FONTS.get_or_init(|| Arc::new(FontStack::system())).clone()
}

pub fn columns(left: &str, right: &str) -> Element {
    Element::Columns {
        left: left.to_owned(),
        right: right.to_owned(),
        indent: 0,
        is_bold: false,
        size: TextSize::Normal,
    }
}

pub fn document() -> ReceiptDocument {
    let title = |text: &str, size| Element::Text {
        text: text.to_owned(),
        align: Align::Centre,
        is_bold: true,
        size,
    };
    ReceiptDocument::new(vec![
        Element::DrawerPulse,
        title("幸福超市 信義店", TextSize::Double),
        title("臺北市信義區市府路1號", TextSize::Normal),
        Element::Feed { rows: 1 },
        columns("交易序號 1-42", "2026-11-24 10:05 +08:00"),
        Element::Rule,
        columns("鮮乳 936ml", "190"),
        columns("有機黑糖桂圓紅棗養生燕麥穀物早餐沖泡飲品家庭號超值分享包 30 入", "1,299"),
        columns("Crème brûlée 堃記", "85"),
        Element::Rule,
        Element::Columns {
            left: "合計 TWD".to_owned(),
            right: "1,574".to_owned(),
            indent: 0,
            is_bold: true,
            size: TextSize::Double,
        },
        columns("現金", "2,000"),
        columns("找零", "426"),
        title("謝謝光臨", TextSize::Normal),
        Element::Cut,
    ])
}

pub fn job(id: u64) -> PrintJob {
    PrintJob { id: PrintJobId(id), document: document() }
}

/// A printer that sends text.
pub fn text() -> PrinterSettings {
    PrinterSettings { mode: Mode::Big5, ..PrinterSettings::default() }
}

pub fn encoder(settings: PrinterSettings) -> Encoder {
    Encoder::new(settings, Some(fonts()))
}

pub fn text_encoder() -> Encoder {
    encoder(text())
}

/// A printer with so many columns that draws nothing by itself.
pub fn drawing(columns: usize, mode: Mode) -> PrinterSettings {
    let profile = PrinterProfile::of_columns(columns);
    PrinterSettings { profile, mode, native_symbols: false, ..PrinterSettings::default() }
}
