use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest text id, in bytes: the longest seen in real catalogues is 20; room for a prefix.
const TEXT_ID_BYTES_MAX: usize = 64;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that somebody else made.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The id itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// A retail transaction, named by the terminal that may have to retry it (`UUIDv7`).
    TransactionId
}
uuid_id! {
    /// One command of a terminal, named by it: the idempotency key.
    CommandId
}
uuid_id! {
    /// One request to a payment terminal, named by the command that asked for it: it is made once.
    CardRequestId
}
uuid_id! {
    /// One life of a journal file: minted when the file is created or restored.
    StreamId
}
uuid_id! {
    /// One run of the hub's machine.
    BootId
}

/// Why a text cannot be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextIdError {
    /// Nothing between the quotes.
    #[error("an id may not be empty")]
    Empty,
    /// More than 64 bytes.
    #[error("an id may not be longer than 64 bytes")]
    TooLong,
    /// A control character or white space at an end.
    #[error("an id may not contain control characters or begin or end with a space")]
    BadCharacter,
}

fn checked(text: &str) -> Result<Arc<str>, TextIdError> {
    if text.is_empty() {
        return Err(TextIdError::Empty);
    }
    if text.len() > TEXT_ID_BYTES_MAX {
        return Err(TextIdError::TooLong);
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(TextIdError::BadCharacter);
    }
    Ok(Arc::from(text))
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes 1 to 64 bytes of text without control characters or spaces at the ends.
            ///
            /// # Errors
            /// What is wrong with the text.
            pub fn new(text: &str) -> Result<Self, TextIdError> {
                checked(text).map(Self)
            }

            /// An id that stands in the source and is known to be well formed.
            #[must_use]
            pub fn from_static(text: &'static str) -> Self {
                debug_assert!(checked(text).is_ok(), "{text:?} is not an id");
                Self(Arc::from(text))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl FromStr for $name {
            type Err = TextIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextIdError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }
    };
}

text_id! {
    /// A peripheral, as the settings name it.
    DeviceId
}
text_id! {
    /// A payment terminal, as the settings name it.
    TerminalId
}
text_id! {
    /// A store of the chain (門市; ARTS `RetailStoreID`).
    StoreId
}
text_id! {
    /// A register's place in the store (收銀台; ARTS `WorkstationID`).
    WorkstationId
}
text_id! {
    /// A person who works in the store (收銀員; ARTS `OperatorID`).
    OperatorId
}
text_id! {
    /// An item of the catalogue (商品).
    ItemId
}
text_id! {
    /// A customer whom the chain knows (會員).
    MemberId
}
text_id! {
    /// A promotion (促銷).
    PromotionId
}
text_id! {
    /// Why somebody did something, as a stable code; its text stands in the settings.
    ReasonCode
}

/// The number of a row within its stream: 1, 2, 3 … without a gap.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct JournalSequence(pub u64);

/// The number printed on the receipt: gap-free per workstation, taken at completion.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct TransactionNumber(pub u64);

/// A line of a basket: 1, 2, 3 … in the order of entry; never given twice in one basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineNumber(pub u32);

macro_rules! number_display {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}
number_display!(JournalSequence, TransactionNumber, LineNumber);

impl JournalSequence {
    /// The number of the next row.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl TransactionNumber {
    /// The number of the next receipt.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The day a sale is booked on (營業日); need not be the calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BusinessDay(Date);

impl BusinessDay {
    /// The business day with this date.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        Self(date)
    }

    /// Its date.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }
}

impl fmt::Display for BusinessDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
