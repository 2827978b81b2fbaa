//! How many live views one session may follow: whoever opens more ends the oldest.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Live views of one session: a browser keeps six connections to one server, and a wall of screens
/// may share a session.
const PER_SESSION_MAX: usize = 8;

/// Who follows a live view, by session, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Seats(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    last: u64,
    by_session: BTreeMap<String, VecDeque<(u64, oneshot::Sender<()>)>>,
}

/// The place of one live view; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    session: String,
    number: u64,
    given_away: oneshot::Receiver<()>,
}

impl Seats {
    /// Takes a place for one more view of a session, the oldest one's where there is none left.
    pub(super) fn take(&self, session: &str) -> Seat {
        let (sender, given_away) = oneshot::channel();
        let mut taken = self.taken();
        taken.last += 1;
        let number = taken.last;
        let of_session = taken.by_session.entry(session.to_owned()).or_default();
        while of_session.len() >= PER_SESSION_MAX {
            let Some((_, oldest)) = of_session.pop_front() else { break };
            // It may have gone by itself.
            let _ = oldest.send(());
        }
        of_session.push_back((number, sender));
        drop(taken);
        Seat { seats: self.clone(), session: session.to_owned(), number, given_away }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Waits until another view has this place.
    pub(super) async fn given_away(&mut self) {
        // The other end is kept until it is used, or until this one is dropped.
        let _ = (&mut self.given_away).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(of_session) = taken.by_session.get_mut(&self.session) {
            of_session.retain(|(number, _)| *number != self.number);
            if of_session.is_empty() {
                taken.by_session.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_immediate;

    use super::*;

    async fn is_given_away(seat: &mut Seat) -> bool {
        poll_immediate(Box::pin(seat.given_away())).await.is_some()
    }

    #[tokio::test]
    async fn one_too_many_ends_the_oldest_of_its_own_session() {
        let seats = Seats::default();
        let mut other = seats.take("other");
        let mut taken: Vec<Seat> = (0..PER_SESSION_MAX).map(|_| seats.take("one")).collect();
        assert!(!is_given_away(&mut taken[0]).await, "there is room for all of them");
        let mut last = seats.take("one");
        assert!(is_given_away(&mut taken[0]).await);
        for seat in &mut taken[1..] {
            assert!(!is_given_away(seat).await);
        }
        // Whoever leaves makes room.
        drop(taken.remove(3));
        taken.push(seats.take("one"));
        assert!(!is_given_away(&mut taken[1]).await);
        assert!(!is_given_away(&mut last).await && !is_given_away(&mut other).await);
        drop((taken, last, other));
        assert!(seats.taken().by_session.is_empty(), "nothing is kept of who has gone");
    }
}
