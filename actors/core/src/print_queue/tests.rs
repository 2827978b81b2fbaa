use proptest::prelude::*;

use super::*;
use crate::device::Device;

const OWN: &str = "front";
const OTHER: &str = "back";

fn id(text: &str) -> DeviceId {
    DeviceId::new(text).unwrap()
}

fn register(number: u16) -> WorkstationId {
    WorkstationId::new(&number.to_string()).unwrap()
}

/// Registers 1 and 2 print in front, and at the back where that cannot; 3 prints at the back.
fn devices() -> Devices {
    let all: Vec<Device> = serde_json::from_str(
        r#"[
        {"id": "front", "kind": "receipt_printer", "port": "a", "registers": [1, 2],
         "fallback": "back"},
        {"id": "back", "kind": "receipt_printer", "port": "b", "registers": [3]}
    ]"#,
    )
    .unwrap();
    Devices::of(all, 3).unwrap()
}

fn waiting(registers: &[u16]) -> Vec<Waiting<usize>> {
    let paper =
        |(key, number): (usize, &u16)| Waiting { key, workstation: Some(register(*number)) };
    registers.iter().enumerate().map(paper).collect()
}

fn printers(front: Standing, back: Standing) -> BTreeMap<DeviceId, Standing> {
    BTreeMap::from([(id(OWN), front), (id(OTHER), back)])
}

fn given(plan: &Plan<usize>) -> Vec<(usize, &str, bool)> {
    let of = |it: &Assignment<usize>| (it.key, it.stands_in);
    let name = |it: &Assignment<usize>| if it.printer == id(OWN) { OWN } else { OTHER };
    plan.assignments.iter().map(|it| (of(it).0, name(it), of(it).1)).collect()
}

#[test]
fn each_paper_comes_out_where_its_register_prints_in_order() {
    let free = Standing::default();
    let plan = plan(&waiting(&[1, 2, 3]), &printers(free, free), &devices(), 0);
    assert_eq!(given(&plan), [(0, OWN, false), (2, OTHER, false)]);
    assert_eq!(plan.again_at_ms, None, "the second waits for the first, not for the time");
}

#[test]
fn another_prints_what_waited_too_long_and_its_own_paper_keeps_its_turn() {
    let free = Standing::default();
    let down = Standing { down_since_ms: Some(1_000), ..free };
    let early = plan(&waiting(&[1]), &printers(down, free), &devices(), 5_999);
    assert_eq!((given(&early), early.again_at_ms), (vec![], Some(6_000)));
    let late = |order: &[u16]| {
        let late = plan(&waiting(order), &printers(down, free), &devices(), 6_000);
        given(&late).iter().map(|(key, _, stands_in)| (*key, *stands_in)).collect::<Vec<_>>()
    };
    assert_eq!(late(&[1, 3]), [(0, true)]);
    assert_eq!(late(&[3, 1]), [(0, false)]);
}

#[test]
fn a_printer_that_rests_is_left_alone_and_one_that_is_busy_is_not_asked_for_by_time() {
    let free = Standing::default();
    let rests = Standing { rests_until_ms: 700, ..free };
    let resting = plan(&waiting(&[1]), &printers(rests, free), &devices(), 699);
    assert_eq!((given(&resting), resting.again_at_ms), (vec![], Some(700)));
    let busy = Standing { is_busy: true, ..free };
    let busy = plan(&waiting(&[1]), &printers(busy, free), &devices(), 700);
    assert_eq!((given(&busy), busy.again_at_ms), (vec![], None));
}

#[test]
fn a_store_without_a_printer_plans_nothing() {
    let none = plan(&waiting(&[1]), &BTreeMap::new(), &Devices::default(), 9);
    assert_eq!(none, Plan { assignments: Vec::new(), again_at_ms: None });
}

fn any_standing() -> impl Strategy<Value = Standing> {
    let down = prop::option::of(0u64..20_000);
    (down, any::<bool>(), 0u64..20_000).prop_map(|(down_since_ms, is_busy, rests_until_ms)| {
        Standing { down_since_ms, is_busy, rests_until_ms }
    })
}

proptest! {
    #[test]
    fn nothing_is_given_twice_to_a_printer_that_cannot_or_out_of_turn(
        registers in prop::collection::vec(1u16..=3, 0..12),
        front in any_standing(),
        back in any_standing(),
        now in 0u64..20_000,
    ) {
        let papers = waiting(&registers);
        let standings = printers(front, back);
        let plan = plan(&papers, &standings, &devices(), now);
        let keys: BTreeSet<usize> = plan.assignments.iter().map(|it| it.key).collect();
        let printers: BTreeSet<&DeviceId> = plan.assignments.iter().map(|it| &it.printer).collect();
        prop_assert_eq!(keys.len(), plan.assignments.len());
        prop_assert_eq!(printers.len(), plan.assignments.len());
        for given in &plan.assignments {
            prop_assert!(standings[&given.printer].is_free(now));
            // Nobody before it waits for the same printer.
            let route = |key: usize| devices().paper_printers_of(papers[key].workstation.as_ref());
            let may = |key: usize| {
                let own_is_down = |since: u64| since + FAILOVER_AFTER_MS <= now;
                let down = standings[&route(key)[0]].down_since_ms;
                match down {
                    None => route(key).first() == Some(&given.printer),
                    Some(since) => own_is_down(since) && route(key).get(1) == Some(&given.printer),
                }
            };
            prop_assert!(may(given.key));
            prop_assert!((0..given.key).all(|earlier| !may(earlier)));
            prop_assert_eq!(given.stands_in, route(given.key)[0] != given.printer);
        }
        prop_assert!(plan.again_at_ms.is_none_or(|at| at > now));
    }
}
