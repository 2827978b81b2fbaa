//! Everything that is on its way in a simulated world, by the moment at which it arrives.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What arrives.
pub trait Arrives {
    /// Whether it dies with the process that it was meant for.
    fn dies_with_process(&self) -> bool;
}

#[derive(Debug)]
struct Due<E> {
    at_ms: u64,
    order: u64,
    run: u32,
    event: E,
}

impl<E> PartialEq for Due<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<E> Eq for Due<E> {}
impl<E> PartialOrd for Due<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Due<E> {
    /// The heap gives the greatest first: that is to be the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_ms, other.order).cmp(&(self.at_ms, self.order))
    }
}

/// Everything that is on its way.
#[derive(Debug)]
pub struct Queue<E> {
    heap: BinaryHeap<Due<E>>,
    order: u64,
    pub now_ms: u64,
    /// How often the process was started: what was inside an earlier run is gone.
    pub run: u32,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), order: 0, now_ms: 0, run: 0 }
    }
}

impl<E: Arrives> Queue<E> {
    pub fn after(&mut self, delay_ms: u64, event: E) {
        self.order += 1;
        let (at_ms, order, run) = (self.now_ms + delay_ms, self.order, self.run);
        self.heap.push(Due { at_ms, order, run, event });
    }

    /// The next event; time goes on to it.
    pub fn next(&mut self) -> Option<E> {
        while let Some(due) = self.heap.pop() {
            self.now_ms = due.at_ms;
            if due.run == self.run || !due.event.dies_with_process() {
                return Some(due.event);
            }
        }
        None
    }

    /// What does not stay is lost.
    pub fn retain(&mut self, stays: impl Fn(&E) -> bool) {
        self.heap.retain(|due| stays(&due.event));
    }

    /// Whether anything like this is still under way.
    pub fn holds(&self, wanted: impl Fn(&E) -> bool) -> bool {
        self.heap.iter().any(|due| due.run == self.run && wanted(&due.event))
    }
}
