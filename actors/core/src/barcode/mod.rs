//! What a barcode says.
