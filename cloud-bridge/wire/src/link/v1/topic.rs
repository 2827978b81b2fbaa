use std::fmt;

/// Which store of which chain: the first levels of every topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The chain.
    pub chain: String,
    /// The store.
    pub store: String,
}

/// What a topic below a [`Place`] is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Rows of a stream, or of a branch.
    Facts(String),
    /// The last known of a thing: `link`, `policy`, `registers`, `stock`, `alerts`.
    State(String),
    /// Birth and last will.
    Status,
    /// How far headquarters has a stream.
    Ack(String),
    /// Which bundles are on offer.
    Policy,
    /// A piece of a bundle: `{id}/{part}`.
    PolicyPiece {
        /// The bundle.
        id: String,
        /// The piece, 0, 1, 2 … over all parts of the bundle.
        piece: u32,
    },
    /// Asked of a store.
    Command(String),
    /// What a store answers.
    Reply(String),
    /// Asked of headquarters.
    Query(String),
    /// What headquarters answers.
    Answer(String),
}

/// Why a topic is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicError(pub String);

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a topic of version 1", self.0)
    }
}

impl std::error::Error for TopicError {}

/// Whether a text may stand between two slashes of a topic: 1 to 64 bytes of printable ASCII, none
/// of which MQTT gives a meaning to.
#[must_use]
pub fn is_level(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"/+#$".contains(&byte))
}

impl Place {
    /// What every topic of this store begins with, without the last slash.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("v1/{}/{}", self.chain, self.store)
    }

    /// The full topic.
    #[must_use]
    pub fn topic(&self, topic: &Topic) -> String {
        format!("{}/{topic}", self.prefix())
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Facts(stream) => write!(f, "facts/{stream}"),
            Self::State(thing) => write!(f, "state/{thing}"),
            Self::Status => f.write_str("status"),
            Self::Ack(stream) => write!(f, "ack/{stream}"),
            Self::Policy => f.write_str("policy"),
            Self::PolicyPiece { id, piece } => write!(f, "policy/{id}/{piece}"),
            Self::Command(name) => write!(f, "command/{name}"),
            Self::Reply(name) => write!(f, "reply/{name}"),
            Self::Query(name) => write!(f, "query/{name}"),
            Self::Answer(name) => write!(f, "answer/{name}"),
        }
    }
}

impl Topic {
    /// Reads a full topic.
    ///
    /// # Errors
    /// Where it is not one of version 1, or a level of it is not [`is_level`].
    pub fn read(text: &str) -> Result<(Place, Self), TopicError> {
        let error = || TopicError(text.to_owned());
        let levels: Vec<&str> = text.split('/').collect();
        if !levels.iter().all(|level| is_level(level)) {
            return Err(error());
        }
        let ["v1", chain, store, rest @ ..] = levels.as_slice() else { return Err(error()) };
        let place = Place { chain: (*chain).to_owned(), store: (*store).to_owned() };
        let topic = match *rest {
            ["status"] => Self::Status,
            ["policy"] => Self::Policy,
            ["facts", stream] => Self::Facts(stream.to_owned()),
            ["state", thing] => Self::State(thing.to_owned()),
            ["ack", stream] => Self::Ack(stream.to_owned()),
            ["policy", id, piece] => {
                let number: u32 = piece.parse().map_err(|_| error())?;
                // `07` would be a second topic, with a retained message of its own.
                if number.to_string() != piece {
                    return Err(error());
                }
                Self::PolicyPiece { id: id.to_owned(), piece: number }
            }
            ["command", name] => Self::Command(name.to_owned()),
            ["reply", name] => Self::Reply(name.to_owned()),
            ["query", name] => Self::Query(name.to_owned()),
            ["answer", name] => Self::Answer(name.to_owned()),
            _ => return Err(error()),
        };
        Ok((place, topic))
    }
}
