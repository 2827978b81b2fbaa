use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{FAULTS_MAX, Fault, Part, Place, Step};
use crate::TextIdError;
use crate::money::plain_decimal;

/// Reads the JSON of a part and collects what is wrong with it.
pub(super) struct Reader {
    part: Part,
    path: Vec<Step>,
    faults: Vec<Fault>,
}

pub(super) type Table = Map<String, Value>;

impl Reader {
    pub(super) const fn new(part: Part) -> Self {
        Self { part, path: Vec::new(), faults: Vec::new() }
    }

    /// What was read, if nothing was wrong.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, Vec<Fault>> {
        match read {
            Some(read) if self.faults.is_empty() => Ok(read),
            _ => Err(self.faults),
        }
    }

    pub(super) fn fault(&mut self, code: &'static str, reason: impl Into<String>) {
        if self.faults.len() < FAULTS_MAX {
            let place = Place::Path(self.path.clone());
            self.faults.push(Fault { part: self.part, place, code, reason: reason.into() });
        }
    }

    /// Reads what stands one step further.
    pub(super) fn at<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let found = read(self);
        self.path.pop();
        found
    }

    pub(super) fn key<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.at(Step::Key(Arc::from(key)), read)
    }

    /// Reads what stands some keys further.
    pub(super) fn keys<T>(&mut self, keys: &[&str], read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.extend(keys.iter().map(|key| Step::Key(Arc::from(*key))));
        let found = read(self);
        self.path.truncate(self.path.len() - keys.len());
        found
    }

    /// A table with no other keys than these.
    pub(super) fn table<'a>(&mut self, value: &'a Value, known: &[&str]) -> Option<&'a Table> {
        let Value::Object(table) = value else {
            self.fault("not_a_table", "a table is expected here");
            return None;
        };
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let shown: String = key.chars().take(64).collect();
            self.key(&shown, |reader| {
                reader.fault("unknown_key", format!("there is no such key; {}", one_of(known)));
            });
        }
        Some(table)
    }

    /// What stands under a key that has to be there.
    pub(super) fn required<'a>(&mut self, table: &'a Table, key: &str) -> Option<&'a Value> {
        let found = table.get(key);
        if found.is_none() {
            self.key(key, |reader| reader.fault("missing_key", "the key is missing"));
        }
        found
    }

    /// Reads what stands under a key that has to be there.
    pub(super) fn needed<T>(
        &mut self,
        table: &Table,
        key: &str,
        read: impl FnOnce(&mut Self, &Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.required(table, key)?;
        self.key(key, |reader| read(reader, value))
    }

    /// Reads what stands under a key that may be missing.
    pub(super) fn optional<T>(
        &mut self,
        table: &Table,
        key: &str,
        read: impl FnOnce(&mut Self, &Value) -> Option<T>,
    ) -> Option<T> {
        let value = table.get(key)?;
        self.key(key, |reader| read(reader, value))
    }

    /// The entries of a list that can be read; all of them are looked at.
    pub(super) fn list<T>(
        &mut self,
        value: &Value,
        max: usize,
        mut read: impl FnMut(&mut Self, &Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Array(entries) = value else {
            self.fault("not_a_list", "a list is expected here");
            return None;
        };
        if entries.len() > max {
            self.fault("too_many", format!("there are more than {max} entries"));
            return None;
        }
        let mut found = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            found.extend(self.at(Step::Index(index), |reader| read(reader, entry)));
        }
        Some(found)
    }

    /// A text of 1 to `chars_max` characters, none of them a control character.
    pub(super) fn text(&mut self, value: &Value, chars_max: usize) -> Option<String> {
        let Value::String(text) = value else {
            self.fault("not_a_text", "a text is expected here");
            return None;
        };
        if text.trim().is_empty() {
            self.fault("empty_text", "the text may not be empty");
        } else if text.chars().count() > chars_max {
            self.fault("text_too_long", format!("the text is longer than {chars_max} characters"));
        } else if text.chars().any(char::is_control) {
            self.fault("bad_character", "the text contains a line break or a control character");
        } else {
            return Some(text.trim().to_owned());
        }
        None
    }

    /// An id.
    pub(super) fn id<T>(
        &mut self,
        value: &Value,
        make: impl FnOnce(&str) -> Result<T, TextIdError>,
    ) -> Option<T> {
        let Value::String(text) = value else {
            self.fault("not_a_text", "an id is a text, in quotes");
            return None;
        };
        make(text).map_err(|error| self.fault("bad_id", error.to_string())).ok()
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, value: &Value, words: &[(&str, T)]) -> Option<T> {
        let known = value.as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if known.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.fault("unknown_word", one_of(&names));
        }
        known.map(|(_, meaning)| *meaning)
    }

    /// Yes or no; no where nothing is said.
    pub(super) fn flag(&mut self, table: &Table, key: &str) -> Option<bool> {
        let Some(value) = table.get(key) else { return Some(false) };
        let flag = value.as_bool();
        if flag.is_none() {
            self.key(key, |reader| reader.fault("not_a_flag", "true or false is expected here"));
        }
        flag
    }

    /// A whole number between two.
    pub(super) fn whole(&mut self, value: &Value, least: u32, most: u32) -> Option<u32> {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.fault("bad_number", format!("a whole number from {least} to {most} is expected"));
        }
        number
    }

    /// A decimal between two, as a number or in quotes.
    pub(super) fn decimal(&mut self, value: &Value, least: i64, most: i64) -> Option<Decimal> {
        let number = match value {
            Value::String(text) => plain_decimal(text),
            Value::Number(number) => plain_decimal(&number.to_string()),
            _ => None,
        };
        let range = Decimal::from(least)..=Decimal::from(most);
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            self.fault("bad_number", format!("a number from {least} to {most} is expected"));
        }
        number
    }

    /// Notes every entry of a list that another is already, or whose name under a key is another's.
    pub(super) fn unique(&mut self, list: &Value, key: Option<&str>) {
        let Value::Array(entries) = list else { return };
        let mut seen = BTreeSet::new();
        for (index, entry) in entries.iter().enumerate() {
            let name = key.map_or(Some(entry), |key| entry.get(key)).and_then(Value::as_str);
            let Some(name) = name.filter(|name| !seen.insert(*name)) else { continue };
            let reason = format!("{name} stands there twice");
            self.at(Step::Index(index), |reader| match key {
                Some(key) => reader.key(key, |reader| reader.fault("duplicate", reason)),
                None => reader.fault("duplicate", reason),
            });
        }
    }
}

fn one_of(names: &[&str]) -> String {
    format!("it has to be one of {}", names.join(", "))
}
