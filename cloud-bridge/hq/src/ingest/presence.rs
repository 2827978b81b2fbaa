//! Whether a store is there, from births and wills that may come late, twice or out of order.

use hq_wire::link::v1::Status;

/// What is known of a store's connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Whether it is there; nothing before its first birth.
    pub online: Option<bool>,
    /// Since when it is so, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// The connection of the last birth.
    pub boot: String,
    /// The last connection that ended.
    pub ended_boot: String,
}

impl Presence {
    /// Takes a birth or a will; true where it was news. A will of another connection than the
    /// present one ends nothing, and a birth of a connection that ended begins nothing.
    pub fn take(&mut self, status: &Status, now_ms: i64) -> bool {
        let boot = status.boot();
        let is_online = status.is_online();
        if is_online && boot == self.ended_boot {
            return false;
        }
        if !is_online {
            boot.clone_into(&mut self.ended_boot);
            if boot != self.boot {
                return false;
            }
        }
        let is_news = self.online != Some(is_online) || self.boot != boot;
        if self.online != Some(is_online) {
            self.since_ms = Some(now_ms);
        }
        self.online = Some(is_online);
        boot.clone_into(&mut self.boot);
        is_news
    }

    /// Nobody says any more whether it is there; true where it was. Its connection may live: when
    /// its birth is heard again, it is there.
    pub fn lose(&mut self, now_ms: i64) -> bool {
        let was_online = self.online == Some(true);
        if was_online {
            (self.online, self.since_ms) = (Some(false), Some(now_ms));
        }
        was_online
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth(boot: &str) -> Status {
        Status::Birth {
            online: true,
            boot: boot.to_owned(),
            version: String::new(),
            stream: String::new(),
            head: 0,
            name: String::new(),
            currency: String::new(),
            time_zone: String::new(),
        }
    }

    fn will(boot: &str) -> Status {
        Status::Will { online: false, boot: boot.to_owned() }
    }

    #[test]
    fn a_late_will_of_an_old_connection_ends_nothing() {
        let mut presence = Presence::default();
        assert!(presence.take(&birth("a"), 1));
        assert!(presence.take(&birth("b"), 2));
        assert!(!presence.take(&will("a"), 3));
        assert_eq!((presence.online, presence.since_ms), (Some(true), Some(1)));
        assert!(presence.take(&will("b"), 4));
        assert_eq!((presence.online, presence.since_ms), (Some(false), Some(4)));
    }

    #[test]
    fn who_is_lost_is_there_again_by_the_birth_of_the_same_connection() {
        let mut presence = Presence::default();
        assert!(!presence.lose(1));
        assert_eq!((presence.online, presence.since_ms), (None, None));
        assert!(presence.take(&birth("a"), 2));
        assert!(presence.lose(3));
        assert!(!presence.lose(4));
        assert_eq!((presence.online, presence.since_ms), (Some(false), Some(3)));
        assert!(presence.take(&birth("a"), 5));
        assert_eq!((presence.online, presence.since_ms), (Some(true), Some(5)));
    }

    #[test]
    fn a_birth_after_its_own_will_begins_nothing() {
        let mut presence = Presence::default();
        assert!(!presence.take(&will("a"), 1), "the will overtook its birth");
        assert!(!presence.take(&birth("a"), 2));
        assert_eq!(presence.online, None);
        assert!(presence.take(&birth("b"), 3));
        assert!(!presence.take(&birth("b"), 4), "doubled");
        assert_eq!((presence.online, presence.since_ms), (Some(true), Some(3)));
    }
}
