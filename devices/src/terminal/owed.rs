use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::codec::Message;

/// How long an answer that did not come is still expected: no terminal keeps one for longer.
const OWED_MAX: Duration = Duration::from_secs(5 * 60);
/// Answers that are remembered: more requests in five minutes got none than anybody would make.
const ANSWERS_MAX: usize = 16;

/// Answers that did not come, where answers do not say which request they are to. Each carries the
/// amount that was asked for, and one of its kind and amount may come in the place of another's.
#[derive(Default)]
pub(super) struct Owed {
    /// From the oldest, which is given up first.
    answers: VecDeque<Answer>,
    /// Until then any answer may be one that is remembered no more.
    any_until: Option<Instant>,
}

struct Answer {
    kind: String,
    amount: i64,
    until: Instant,
}

impl Owed {
    /// Remembers that the answer to a request may still come.
    pub(super) fn add(&mut self, asked: &Message, now: Instant) {
        self.answers.retain(|answer| now < answer.until);
        if self.answers.len() == ANSWERS_MAX
            && let Some(oldest) = self.answers.pop_front()
        {
            self.any_until = Some(oldest.until);
        }
        let until = now + OWED_MAX;
        self.answers.push_back(Answer { kind: asked.kind.clone(), amount: asked.amount, until });
    }

    /// Whether an answer may be one of these.
    pub(super) fn may_be(&self, answer: &Message, now: Instant) -> bool {
        self.any_until.is_some_and(|until| now < until)
            || self.answers.iter().any(|owed| owed.is(answer) && now < owed.until)
    }

    /// An answer came that can be to nothing but what is remembered here, or to that and to what
    /// is added next: one less is owed, the one that was given up first. Answers whether it was
    /// owed.
    pub(super) fn settle(&mut self, answer: &Message) -> bool {
        let place = self.answers.iter().position(|owed| owed.is(answer));
        place.and_then(|place| self.answers.remove(place)).is_some()
    }
}

impl Answer {
    fn is(&self, answer: &Message) -> bool {
        self.kind == answer.kind && self.amount == answer.amount
    }
}
