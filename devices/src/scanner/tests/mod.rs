mod frames;
mod keys;
mod line;

use super::Scan;

/// The codes alone.
fn codes(scans: &[Scan]) -> Vec<&str> {
    scans.iter().map(|scan| scan.code.as_str()).collect()
}
