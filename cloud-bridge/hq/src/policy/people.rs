//! `people.toml`: a PIN in it is hashed, and stands in nothing that is kept or signed.

use std::sync::Arc;

use serde_json::Value;
use service_kit::security::{hashing, pin};
use store_core::policy::{People, Step};

/// A hash of the right form that is nobody's: it stands for PINs until all else is known to hold.
const TO_BE_HASHED: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A PIN to be hashed: whose, by their place in the list.
pub(super) struct Pin {
    index: usize,
    pin: String,
}

/// Where something is wrong, as a code and a sentence.
pub(super) type PinFault = (Vec<Step>, &'static str, String);

/// Takes the PINs out.
pub(super) fn take_pins(value: &mut Value) -> (Vec<Pin>, Vec<PinFault>) {
    let (mut pins, mut faults) = (Vec::new(), Vec::new());
    let people = value.get_mut("people").and_then(Value::as_array_mut);
    for (index, person) in people.into_iter().flatten().enumerate() {
        let Some(person) = person.as_object_mut() else { continue };
        let Some(found) = person.remove("pin") else { continue };
        let key = |key: &str| Step::Key(Arc::from(key));
        let path = vec![key("people"), Step::Index(index), key("pin")];
        if person.contains_key("pin_hash") {
            let reason = "either the PIN or its hash, not both".to_owned();
            faults.push((path, "pin_twice", reason));
            continue;
        }
        person.insert("pin_hash".to_owned(), Value::from(TO_BE_HASHED));
        match found {
            Value::String(text) => match pin::check(&text) {
                Ok(()) => pins.push(Pin { index, pin: text }),
                Err(weak) => faults.push((path, "weak_pin", weak.to_string())),
            },
            _ => faults.push((path, "not_a_text", "a PIN is a text, in quotes".to_owned())),
        }
    }
    (pins, faults)
}

/// Puts the hashes in. Somebody whose PIN is still the same keeps the hash that they had, so that
/// nobody has to sign in again because of a push.
///
/// # Errors
/// Where a PIN cannot be hashed.
pub(super) fn put_hashes(
    value: &mut Value,
    pins: &[Pin],
    known: Option<&People>,
) -> Result<(), hashing::HashError> {
    let people = value.get_mut("people").and_then(Value::as_array_mut);
    let Some(people) = people else { return Ok(()) };
    for Pin { index, pin } in pins {
        let Some(person) = people.get_mut(*index).and_then(Value::as_object_mut) else { continue };
        let id = person.get("id").and_then(Value::as_str).unwrap_or_default();
        let known = known.and_then(|known| known.0.iter().find(|one| one.id.as_str() == id));
        let known = known.filter(|known| hashing::verify(pin, Some(&known.pin_hash)));
        let hash = match known {
            Some(known) => known.pin_hash.clone(),
            None => hashing::hash(pin)?,
        };
        person.insert("pin_hash".to_owned(), Value::from(hash));
    }
    Ok(())
}
