use serde_json::Value;

use super::reader::Reader;
use super::{Fault, Part};
use crate::OperatorId;
use crate::permission::Role;

/// Most people of one bundle: a hypermarket has 800.
const PEOPLE_MAX: usize = 5_000;
/// Longest name of a person, in characters.
const NAME_CHARS_MAX: usize = 64;
/// Most memory of one PIN's hash, in KiB: the smallest hub has to check it at a sign-in.
const MEMORY_KIB_MAX: u32 = 64 * 1024;
/// Most rounds of a hash.
const ROUNDS_MAX: u32 = 10;
/// Most lanes of a hash.
const LANES_MAX: u32 = 4;

/// The roles as they are written.
const ROLES: [(&str, Role); 3] =
    [("cashier", Role::Cashier), ("supervisor", Role::Supervisor), ("manager", Role::Manager)];

/// Somebody who works in the store.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The id that stands in rows.
    pub id: OperatorId,
    /// The name on the screen.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of their PIN: Argon2id in the PHC string format.
    pub pin_hash: String,
    /// The SHA-256 of their badge's code in hexadecimal, where they have one.
    pub badge_hash: Option<String>,
}

impl std::fmt::Debug for Person {
    /// Without the name and the hash: neither belongs in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Everybody who may sign in, at least one of them a manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People(pub Vec<Person>);

impl People {
    /// Reads `{"people": [{"id", "name", "role", "pin_hash", "badge_hash"}]}`; the badge may be
    /// missing.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(value: &Value) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(Part::People);
        let people = read(&mut reader, value);
        reader.finish(people.map(Self))
    }
}

fn read(reader: &mut Reader, value: &Value) -> Option<Vec<Person>> {
    let table = reader.table(value, &["people"])?;
    let list = reader.required(table, "people")?;
    reader.key("people", |reader| {
        let people = reader.list(list, PEOPLE_MAX, person)?;
        reader.unique(list, Some("id"));
        if let Value::Array(entries) = list {
            let is_manager = |entry: &Value| entry.get("role") == Some(&Value::from("manager"));
            if !entries.iter().any(is_manager) {
                reader.fault("no_manager", "nobody in it is a manager: name one at least");
            }
        }
        Some(people)
    })
}

fn person(reader: &mut Reader, value: &Value) -> Option<Person> {
    let table = reader.table(value, &["id", "name", "role", "pin_hash", "badge_hash"])?;
    let mut field = |key: &str| reader.required(table, key);
    let (id, name, role, hash) = (field("id"), field("name"), field("role"), field("pin_hash"));
    let id = id.and_then(|id| reader.key("id", |reader| reader.id(id, OperatorId::new)));
    let name = name.and_then(|name| reader.key("name", |reader| reader.text(name, NAME_CHARS_MAX)));
    let role = role.and_then(|role| reader.key("role", |reader| reader.word(role, &ROLES)));
    let pin_hash = hash.and_then(|hash| reader.key("pin_hash", |reader| pin_hash(reader, hash)));
    let badge_hash = match table.get("badge_hash") {
        Some(hash) => Some(reader.key("badge_hash", |reader| badge_hash(reader, hash))?),
        None => None,
    };
    Some(Person { id: id?, name: name?, role: role?, pin_hash: pin_hash?, badge_hash })
}

fn badge_hash(reader: &mut Reader, value: &Value) -> Option<String> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_hash = |text: &&str| text.len() == 64 && text.bytes().all(is_digit);
    let hash = value.as_str().filter(is_hash);
    if hash.is_none() {
        reader.fault("bad_badge_hash", "this is not the SHA-256 of a badge: 64 digits of 0-9, a-f");
    }
    hash.map(str::to_owned)
}

fn pin_hash(reader: &mut Reader, value: &Value) -> Option<String> {
    let hash = value.as_str().filter(|text| is_affordable_hash(text));
    if hash.is_none() {
        reader.fault(
            "bad_pin_hash",
            "this is not a hash that a hub can check: \
             $argon2id$v=19$m=…,t=…,p=…$salt$hash of at most 64 MiB, 10 rounds and 4 lanes",
        );
    }
    hash.map(str::to_owned)
}

/// Whether a text is an Argon2id hash that takes no more than a small machine has.
fn is_affordable_hash(text: &str) -> bool {
    let fields: Vec<&str> = text.split('$').collect();
    let ["", "argon2id", "v=19", params, salt, hash] = fields.as_slice() else { return false };
    let params: Vec<&str> = params.split(',').collect();
    let [memory, rounds, lanes] = params.as_slice() else { return false };
    let number = |field: &str, name: &str, least: u32, most: u32| {
        let number = field.strip_prefix(name).and_then(|number| number.parse().ok());
        number.is_some_and(|number: u32| (least..=most).contains(&number))
    };
    let is_base64 = |text: &str, least: usize| {
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        (least..=88).contains(&text.len()) && text.bytes().all(is_digit)
    };
    number(memory, "m=", 8, MEMORY_KIB_MAX)
        && number(rounds, "t=", 1, ROUNDS_MAX)
        && number(lanes, "p=", 1, LANES_MAX)
        && is_base64(salt, 11)
        && is_base64(hash, 22)
}
