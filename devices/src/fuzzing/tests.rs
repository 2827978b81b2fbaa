use super::*;

/// Enough to notice a parser that is broken, in a second.
const EXECUTIONS: u64 = 5_000;

#[test]
fn no_parser_of_device_input_is_harmed_by_any_bytes() {
    let asked = std::env::var("FUZZ_EXECUTIONS").ok().and_then(|count| count.parse().ok());
    for target in TARGETS {
        let mut inputs = Mutator::new(target, 1);
        for seed in (target.seeds)() {
            (target.run)(&seed);
        }
        for _ in 0..asked.unwrap_or(EXECUTIONS) {
            (target.run)(&inputs.next_input());
        }
    }
}

#[test]
fn every_target_has_a_name_of_its_own_and_something_to_begin_with() {
    for target in TARGETS {
        let found = super::target(target.name).unwrap();
        assert!(std::ptr::eq(found, target), "{} is named twice", target.name);
        assert!(!(target.seeds)().is_empty(), "{}", target.name);
    }
}

#[test]
fn the_same_number_makes_the_same_inputs_and_they_are_bounded() {
    let target = super::target("card_400").unwrap();
    let (mut one, mut other) = (Mutator::new(target, 7), Mutator::new(target, 7));
    for _ in 0..2_000 {
        let input = one.next_input();
        assert!(input.len() <= INPUT_BYTES_MAX);
        assert_eq!(input, other.next_input());
    }
}
