//! The connections that were let in, and which of them have to end: what is known of them, without
//! a clock and without the broker.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Most connections of one store at a time. It needs one; a second is there for as long as a
/// broken one has not been noticed, the rest is room for whoever looks into it by hand.
const OF_ONE_STORE_MAX: usize = 4;
/// How long a connection that was let in may take until the broker has it, and how long one that
/// has to end is remembered. The broker gives a connection 10 s to begin.
const REMEMBERED: Duration = Duration::from_secs(30);

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was let in.
    LetIn,
    /// It has to end, if it has not.
    Ended,
    /// It was never let in, or is long gone.
    Unknown,
}

#[derive(Debug)]
struct Guest {
    user: String,
    /// What its secret was known by when it was let in.
    secret_hash: String,
    /// When it was let in, or told to end.
    since: Instant,
    /// Orders those that were let in.
    number: u64,
    /// Whether the broker had it at the last look.
    is_there: bool,
    has_to_end: bool,
}

impl Guest {
    /// Whether it is of this user, where one is meant.
    fn is_of(&self, user: Option<&str>) -> bool {
        user.is_none_or(|user| self.user == user)
    }
}

/// The connections of stores, by client id.
#[derive(Debug, Default)]
pub(super) struct Guests {
    by_client: BTreeMap<String, Guest>,
    let_in: u64,
}

impl Guests {
    /// The client ids of the connections of one user, or of all.
    pub fn clients(&self, user: Option<&str>) -> Vec<String> {
        let own = self.by_client.iter().filter(|(_, guest)| guest.is_of(user));
        own.map(|(client, _)| client.clone()).collect()
    }

    /// How a user's connection with this client id stands.
    pub fn standing(&self, user: &str, client: &str) -> Standing {
        match self.by_client.get(client).filter(|guest| guest.user == user) {
            None => Standing::Unknown,
            Some(Guest { has_to_end: true, .. }) => Standing::Ended,
            Some(_) => Standing::LetIn,
        }
    }

    /// Lets a connection in, in place of one with the same client id, and answers which others of
    /// the same store have to end for it: the oldest. Were the newest refused, connections that
    /// broke without a word would keep the store out until they are noticed; and whoever has its
    /// secret can end its connections anyway, by their client ids. `connected` are those of its
    /// client ids that the broker has.
    pub fn let_in(
        &mut self,
        (user, client): (&str, &str),
        secret_hash: String,
        connected: &BTreeSet<String>,
        now: Instant,
    ) -> Vec<String> {
        self.look(Some(user), connected, now);
        self.let_in += 1;
        let guest = Guest {
            user: user.to_owned(),
            secret_hash,
            since: now,
            number: self.let_in,
            is_there: false,
            has_to_end: false,
        };
        self.by_client.insert(client.to_owned(), guest);
        let own = self.by_client.iter().filter(|(_, it)| it.user == user && !it.has_to_end);
        let mut own: Vec<(u64, String)> = own.map(|(id, it)| (it.number, id.clone())).collect();
        own.sort_unstable();
        own.truncate(own.len().saturating_sub(OF_ONE_STORE_MAX));
        own.into_iter().map(|(_, id)| id).inspect(|id| self.end(id, now)).collect()
    }

    /// Which connections have to end by what the stores are known by now. `connected` are all
    /// client ids that the broker has.
    pub fn check(
        &mut self,
        secret_hashes: &BTreeMap<String, String>,
        connected: &BTreeSet<String>,
        now: Instant,
    ) -> Vec<String> {
        self.look(None, connected, now);
        let is_known =
            |guest: &Guest| secret_hashes.get(&guest.user) == Some(&guest.secret_hash);
        for guest in self.by_client.values_mut().filter(|it| !it.has_to_end && !is_known(it)) {
            guest.has_to_end = true;
            guest.since = now;
        }
        // One that was not yet there when it was told to end is told again.
        let ending = self.by_client.iter().filter(|(_, guest)| guest.has_to_end);
        ending.map(|(client, _)| client.clone()).filter(|id| connected.contains(id)).collect()
    }

    fn end(&mut self, client: &str, now: Instant) {
        if let Some(guest) = self.by_client.get_mut(client) {
            guest.has_to_end = true;
            guest.since = now;
        }
    }

    /// Notes which connections the broker has, and forgets those that are gone.
    fn look(&mut self, user: Option<&str>, connected: &BTreeSet<String>, now: Instant) {
        self.by_client.retain(|client, guest| {
            if !guest.is_of(user) {
                return true;
            }
            let was_there = guest.is_there;
            guest.is_there = connected.contains(client);
            let is_gone = was_there && !guest.is_there && !guest.has_to_end;
            guest.is_there || (!is_gone && now.duration_since(guest.since) < REMEMBERED)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn hashes(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        of.iter().map(|(store, hash)| ((*store).to_owned(), (*hash).to_owned())).collect()
    }

    /// Guests to whom these connections of `s` came, one after another, and what had to end.
    fn came(clients: &[&str], connected: &[&str], now: Instant) -> (Guests, Vec<String>) {
        let mut guests = Guests::default();
        let mut let_in =
            |client: &&str| guests.let_in(("s", client), "h".to_owned(), &set(connected), now);
        let ended = clients.iter().flat_map(&mut let_in).collect();
        (guests, ended)
    }

    #[test]
    fn of_one_store_the_oldest_connections_end() {
        let now = Instant::now();
        let (mut guests, ended) = came(&["d", "c", "b", "a", "e", "f"], &[], now);
        assert_eq!(ended, ["d", "c"]);
        assert_eq!(guests.standing("s", "d"), Standing::Ended);
        assert_eq!(guests.standing("s", "f"), Standing::LetIn);
        assert_eq!(guests.standing("t", "f"), Standing::Unknown, "another's");
        let of_other = guests.let_in(("t", "x"), "h".to_owned(), &set(&[]), now);
        assert_eq!(of_other, [""; 0], "another store's count apart");
    }

    #[test]
    fn those_that_went_do_not_count_and_a_client_id_counts_once() {
        let now = Instant::now();
        let (mut guests, ended) = came(&["a", "b", "c", "d", "d", "d"], &["a", "b", "c", "d"], now);
        assert_eq!(ended, [""; 0]);
        let more = guests.let_in(("s", "e"), "h".to_owned(), &set(&["a", "c", "d"]), now);
        assert_eq!(more, [""; 0], "b went");
        assert_eq!(guests.standing("s", "b"), Standing::Unknown);
    }

    #[test]
    fn whoever_is_known_otherwise_than_it_was_let_in_has_to_end() {
        let now = Instant::now();
        let (mut guests, _) = came(&["a"], &[], now);
        let there = set(&["a"]);
        assert_eq!(guests.check(&hashes(&[("s", "h"), ("t", "x")]), &there, now), [""; 0]);
        for otherwise in [hashes(&[("t", "h")]), hashes(&[("s", "i")])] {
            let (mut guests, _) = came(&["a"], &[], now);
            assert_eq!(guests.check(&otherwise, &there, now), ["a"]);
            assert_eq!(guests.standing("s", "a"), Standing::Ended);
            // As long as the broker has it, it is told again.
            let later = now + 2 * REMEMBERED;
            assert_eq!(guests.check(&hashes(&[("s", "h")]), &there, later), ["a"]);
        }
    }

    #[test]
    fn nothing_is_kept_of_those_who_never_came_or_are_long_gone() {
        let now = Instant::now();
        let (mut guests, _) = came(&["a", "b", "c", "d", "e"], &[], now);
        let known = hashes(&[("s", "h")]);
        assert_eq!(guests.check(&known, &set(&["a", "e"]), now), ["a"]);
        let later = now + REMEMBERED;
        assert_eq!(guests.check(&known, &set(&["e"]), later), [""; 0]);
        assert_eq!(guests.clients(None), ["e"]);
        assert_eq!(guests.check(&known, &set(&[]), later), [""; 0]);
        assert_eq!(guests.clients(None), [""; 0]);
    }
}
