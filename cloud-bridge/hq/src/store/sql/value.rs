use crate::store::StoreError;

/// What a parameter is, borrowed from wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text. A NUL, which PostgreSQL does not take, becomes U+FFFD in both databases.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// Parameters of a statement, by their order: `params![store, 7, None::<i64>]`.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::sql::Param::from($value)),*] };
}
pub(crate) use params;

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

/// Counts and sequences; beyond 2^63 they are refused where messages are read.
impl From<u64> for Param<'_> {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Bytes(value)
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row that was read; columns are counted from 0.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its columns.
    pub(super) values: Vec<Value>,
}

impl Row {
    fn not(&self, column: usize, expected: &'static str) -> StoreError {
        let found = format!("{:?}", self.values.get(column));
        StoreError::Shape { column, expected, found: found.chars().take(64).collect() }
    }

    /// A number.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| self.not(column, "a number"))
    }

    /// A number, or nothing.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.values.get(column) {
            Some(Value::Int(value)) => Ok(Some(*value)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.not(column, "a number")),
        }
    }

    /// A number that is not negative.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn count(&self, column: usize) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| self.not(column, "a count"))
    }

    /// A number that is not 0.
    ///
    /// # Errors
    /// Where there is something else than a number.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A text.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        match self.values.get(column) {
            Some(Value::Text(value)) => Ok(value),
            _ => Err(self.not(column, "a text")),
        }
    }

    /// A text of its own.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn string(&self, column: usize) -> Result<String, StoreError> {
        self.text(column).map(str::to_owned)
    }

    /// A text of its own, or nothing.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn opt_string(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.values.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.string(column).map(Some),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// Where there is something else.
    pub fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        match self.values.get(column) {
            Some(Value::Bytes(value)) => Ok(value),
            _ => Err(self.not(column, "bytes")),
        }
    }

    /// So many bytes.
    ///
    /// # Errors
    /// Where there is something else, or another number of them.
    pub fn array<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        self.bytes(column)?.try_into().map_err(|_| self.not(column, "bytes of another length"))
    }

    /// So many bytes, or nothing.
    ///
    /// # Errors
    /// As [`Row::array`].
    pub fn opt_array<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, StoreError> {
        match self.values.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.array(column).map(Some),
        }
    }
}
