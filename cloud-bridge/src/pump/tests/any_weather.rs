//! Whatever the weather was: once it is good, everything is at headquarters.

use proptest::prelude::*;

use super::world::World;

#[derive(Clone, Debug)]
enum Weather {
    Write(usize),
    Wait(u64),
    Confirm,
    Take { at: usize, may_ack: bool },
    Double,
    LoseUp,
    Hear(usize),
    LoseDown,
    Cut,
    BrokerWiped,
    HqBackup,
    HqRestored,
    Copy,
    PutBack,
    Restart,
    Restored,
}

fn weather() -> impl Strategy<Value = Weather> {
    use Weather::*;
    prop_oneof![
        8 => (1_usize..100).prop_map(Write),
        8 => (100_u64..7_000).prop_map(Wait),
        8 => Just(Confirm),
        12 => (0_usize..4, any::<bool>()).prop_map(|(at, may_ack)| Take { at, may_ack }),
        2 => Just(Double),
        3 => Just(LoseUp),
        12 => (0_usize..4).prop_map(Hear),
        3 => Just(LoseDown),
        2 => Just(Cut),
        1 => Just(BrokerWiped),
        1 => Just(HqBackup),
        1 => Just(HqRestored),
        1 => Just(Copy),
        1 => Just(PutBack),
        1 => Just(Restart),
        1 => Just(Restored),
    ]
}

fn live_through(weathers: Vec<Weather>) {
    let mut world = World::new();
    let mut backup = world.hq.clone();
    let mut copy = (world.journal.clone(), world.cursors.clone());
    for weather in weathers {
        match weather {
            Weather::Write(count) => world.write(count),
            Weather::Wait(ms) => world.wait(ms),
            Weather::Confirm => world.confirm(),
            Weather::Take { at, may_ack } => world.take(at, may_ack),
            Weather::Double => {
                if let Some(first) = world.up.front().cloned() {
                    world.up.push_back(first);
                }
            }
            Weather::LoseUp => drop(world.up.pop_front()),
            Weather::Hear(at) => world.hear(at),
            Weather::LoseDown => drop(world.down.pop_front()),
            Weather::Cut => world.cut(),
            Weather::BrokerWiped => {
                world.cut();
                world.up.clear();
                world.retained.clear();
            }
            Weather::HqBackup => backup = world.hq.clone(),
            Weather::HqRestored => world.restore_hq(backup.clone()),
            Weather::Copy => copy = (world.journal.clone(), world.cursors.clone()),
            Weather::PutBack => world.put_back(copy.clone()),
            Weather::Restart => world.start(),
            Weather::Restored => {
                world.begin_stream();
                world.start();
            }
        }
    }
    world.heal();
    assert!(!world.misses_something());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn everything_arrives(weathers in prop::collection::vec(weather(), 1..120)) {
        live_through(weathers);
    }
}
