//! Every scale with every fault: it is told, nothing wrong is sold meanwhile, it comes back.

use super::super::{ReadingState, ScaleProtocol, Trouble};
use super::line::Counter;
use crate::simulated::Fault;
use crate::worker::Condition;

fn comes_back_from_every_fault(protocol: ScaleProtocol) {
    let mut counter = Counter::new(protocol);
    counter.scale.set_load(1_250);
    counter.wait("a load at rest", |counter| counter.shows(1_250));
    let mut load = 1_250;
    for fault in Fault::ALL.into_iter().filter(|fault| *fault != Fault::None) {
        counter.sold.clear();
        counter.plug.set_fault(fault);
        let told = counter.wait("told", |counter| counter.condition != Condition::Ready);
        let condition = counter.condition;
        if fault == Fault::Unplugged {
            let gone = ReadingState::Fault(Trouble::Gone);
            counter.wait("no weight outlives its scale", |counter| counter.state == gone);
        }
        let before = load;
        load = 3_750 - load;
        counter.scale.set_load(load);
        counter.plug.set_fault(Fault::None);
        let back = counter.wait("back", |counter| counter.shows(load));
        println!(
            "{protocol:?} {fault:?}: {} after {told:?}, back after {back:?}",
            condition.code()
        );
        let strange =
            counter.sold.iter().find(|sold| ![before, load].map(i64::from).contains(sold));
        assert_eq!(strange, None, "{protocol:?} {fault:?}");
    }
    counter.scale.talks_nonsense(true);
    let told = counter.wait("nonsense", |counter| counter.condition == Condition::Silent);
    counter.scale.talks_nonsense(false);
    let back = counter.wait("sense", |counter| counter.shows(load));
    println!("{protocol:?} talks nonsense: told after {told:?}, back after {back:?}");
    let strange = counter.sold.iter().find(|sold| **sold != i64::from(load));
    assert_eq!(strange, None, "{protocol:?} talks nonsense");
}

#[test]
fn a_toledo_8217_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::Toledo8217);
}

#[test]
fn an_sma_scale_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::Sma);
}

#[test]
fn a_cas_scale_that_tells_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::CasStream);
}

#[test]
fn a_cas_scale_that_is_asked_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::CasEcr);
}

#[test]
fn a_dibal_scale_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::Dibal);
}

#[test]
fn a_dialog_06_scale_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::Dialog06);
}

#[test]
fn a_usb_scale_comes_back() {
    comes_back_from_every_fault(ScaleProtocol::UsbHid);
}
