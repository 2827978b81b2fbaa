//! How long baskets are.

use crate::random::Random;

/// Evenly between 0 and 1, without either.
fn fraction(random: &mut Random) -> f64 {
    ((random.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// How many lines a basket has: the logarithm is normally distributed, as that of the recorded
/// baskets nearly is, with their median 6 and their 99th percentile 58.
pub fn basket_lines(random: &mut Random) -> usize {
    const MEDIAN: f64 = 6.0;
    const SPREAD: f64 = 0.9752; // ln(58 / 6) / 2.3263
    const LINES_MAX: f64 = 123.0; // the longest recorded basket
    let (a, b) = (fraction(random), fraction(random));
    let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
    let lines = (MEDIAN * (SPREAD * normal).exp()).round().clamp(1.0, LINES_MAX);
    lines as usize
}
