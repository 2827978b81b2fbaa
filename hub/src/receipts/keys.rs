//! What makes a store's receipts its own: the key that signs return codes, and the addresses of
//! electronic receipts that nobody can guess.

use std::io;
use std::path::Path;

use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use service_kit::files;
use service_kit::security::token;
use store_core::receipt::return_code::{
    self, ReturnCode, ReturnCodeError, ReturnKeyId, SIGNATURE_BYTES,
};
use store_core::transaction::RetailTransaction;
use store_core::{TransactionId, WorkstationId};
use uuid::Uuid;

/// Bytes of the secret.
const SEED_BYTES: usize = 32;
/// Bytes of a transaction's id, and of what proves that the store named it.
const TOKEN_PART_BYTES: usize = 16;
/// Keeps the use of one secret for addresses apart from that for signatures.
const ADDRESSES: &[u8] = b"store hub: addresses of receipts";
/// Keeps screens apart from addresses: no id of a sale is as long.
const SCREENS: &[u8] = b"store hub: screen of register ";

/// The keys, all made of one secret in the data directory.
pub struct ReceiptKeys {
    signing: Ed25519KeyPair,
    id: ReturnKeyId,
    addresses: hmac::Key,
}

impl ReceiptKeys {
    /// Reads the secret, or makes one where there is none; only its owner can read the file.
    ///
    /// # Errors
    /// Where the file cannot be read or written, or holds something else. It is never replaced:
    /// the codes on paper that it signed would not hold any more.
    pub fn open(path: &Path) -> io::Result<Self> {
        let seed = match std::fs::read(path) {
            Ok(seed) => seed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut seed = [0; SEED_BYTES];
                getrandom::fill(&mut seed).map_err(|error| io::Error::other(error.to_string()))?;
                files::replace_file(path, &seed)?;
                seed.to_vec()
            }
            Err(error) => return Err(error),
        };
        let unreadable =
            || io::Error::new(io::ErrorKind::InvalidData, "it is not a secret of ours");
        let signing = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| unreadable())?;
        let hashed = digest(&SHA256, signing.public_key().as_ref());
        let id = hashed.as_ref().first_chunk().copied().ok_or_else(unreadable)?;
        let addresses = hmac::Key::new(hmac::HMAC_SHA256, &seed);
        let derived = hmac::sign(&addresses, ADDRESSES);
        let addresses = hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref());
        Ok(Self { signing, id: ReturnKeyId(id), addresses })
    }

    /// Which key signs.
    #[must_use]
    pub const fn id(&self) -> ReturnKeyId {
        self.id
    }

    /// The public half, as it is published: 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.signing.public_key().as_ref()
    }

    /// A sale's signed return code.
    #[must_use]
    pub fn return_code(&self, sale: &RetailTransaction) -> Option<String> {
        let code = ReturnCode::of(sale, self.id);
        let signature = self.signing.sign(&code.message());
        let signature: &[u8; SIGNATURE_BYTES] = signature.as_ref().first_chunk()?;
        Some(code.text(signature))
    }

    /// What a return code says that this store signed.
    ///
    /// # Errors
    /// Why it is not taken: another store's is of an unknown key.
    pub fn read(&self, text: &str) -> Result<ReturnCode, ReturnCodeError> {
        let own = <[u8; 32]>::try_from(self.public_key()).ok();
        return_code::verify(
            text,
            |id| own.filter(|_| id == self.id),
            |key, message, signature| {
                UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
            },
        )
    }

    /// What the address of a sale's electronic receipt ends with: its id, and what only this store
    /// can say of it, in hexadecimal.
    #[must_use]
    pub fn token(&self, transaction: TransactionId) -> String {
        let id = transaction.uuid().as_bytes().to_owned();
        let proof = hmac::sign(&self.addresses, &id);
        let proof = proof.as_ref().iter().take(TOKEN_PART_BYTES);
        id.iter().chain(proof).map(|byte| format!("{byte:02X}")).collect()
    }

    /// The secret of the browser that is a register's screen for customers, in one generation of
    /// its screens.
    #[must_use]
    pub fn screen(&self, workstation: &WorkstationId, generation: u64) -> String {
        let generation = generation.to_be_bytes();
        let named = [SCREENS, &generation, workstation.as_str().as_bytes()].concat();
        token::hex(hmac::sign(&self.addresses, &named).as_ref())
    }

    /// The sale of such an address; nothing where the store did not make it.
    #[must_use]
    pub fn transaction_of(&self, token: &str) -> Option<TransactionId> {
        let id = Uuid::try_parse(token.get(..2 * TOKEN_PART_BYTES)?).ok()?;
        let transaction = TransactionId::new(id);
        let ours = self.token(transaction);
        // Compared by their tags, so that the time says nothing of how much was right.
        let tag = hmac::sign(&self.addresses, token.as_bytes());
        hmac::verify(&self.addresses, ours.as_bytes(), tag.as_ref()).ok().map(|()| transaction)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_secret_is_made_once_is_its_owners_alone_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("receipts.key");
        let first = ReceiptKeys::open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = ReceiptKeys::open(&path).unwrap();
        assert_eq!((first.id(), first.public_key()), (again.id(), again.public_key()));
        let other = ReceiptKeys::open(&dir.path().join("other.key")).unwrap();
        assert_ne!(first.id(), other.id());
        std::fs::write(&path, "torn").unwrap();
        assert!(ReceiptKeys::open(&path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"torn");
    }

    #[test]
    fn another_stores_code_is_not_taken() {
        let dir = tempfile::tempdir().unwrap();
        let keys = ReceiptKeys::open(&dir.path().join("receipts.key")).unwrap();
        let other = ReceiptKeys::open(&dir.path().join("other.key")).unwrap();
        let said = ReturnCode {
            key: keys.id(),
            store: store_core::StoreId::from_static("1"),
            transaction: TransactionId::new(Uuid::from_u128(7)),
            business_day: store_core::BusinessDay::new(jiff::civil::date(2026, 11, 26)),
            total: store_core::Money::zero(store_core::Currency::TWD),
            lines: None,
        };
        let signed = |by: &ReceiptKeys, said: &ReturnCode| {
            let signature = by.signing.sign(&said.message());
            said.text(signature.as_ref().first_chunk().unwrap())
        };
        assert_eq!(keys.read(&signed(&keys, &said)), Ok(said.clone()));
        // Neither one that says whose it is, nor one that claims to be ours.
        let theirs = ReturnCode { key: other.id(), ..said.clone() };
        let unknown = ReturnCodeError::UnknownKey(other.id());
        assert_eq!(keys.read(&signed(&other, &theirs)), Err(unknown));
        assert_eq!(keys.read(&signed(&other, &said)), Err(ReturnCodeError::BadSignature));
    }

    #[test]
    fn a_screens_secret_is_its_registers_in_its_generation_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let keys = ReceiptKeys::open(&dir.path().join("receipts.key")).unwrap();
        let at = |workstation| WorkstationId::new(workstation).unwrap();
        let secret = keys.screen(&at("1"), 0);
        assert_eq!(secret, keys.screen(&at("1"), 0));
        assert_ne!(secret, keys.screen(&at("1"), 1), "sent away");
        assert_ne!(secret, keys.screen(&at("2"), 0));
    }

    #[test]
    fn an_address_names_its_sale_and_no_other_and_is_not_to_be_guessed() {
        let dir = tempfile::tempdir().unwrap();
        let keys = ReceiptKeys::open(&dir.path().join("receipts.key")).unwrap();
        let other = ReceiptKeys::open(&dir.path().join("other.key")).unwrap();
        let sale = TransactionId::new(Uuid::from_u128(7));
        let token = keys.token(sale);
        assert_eq!(keys.transaction_of(&token), Some(sale));
        assert_eq!(other.transaction_of(&token), None);
        assert_ne!(token[32..], keys.token(TransactionId::new(Uuid::from_u128(8)))[32..]);
        for at in 0..token.len() {
            assert_eq!(keys.transaction_of(&token[..at]), None);
            let changed = if token.as_bytes()[at] == b'0' { "1" } else { "0" };
            let changed = format!("{}{changed}{}", &token[..at], &token[at + 1..]);
            assert_eq!(keys.transaction_of(&changed), None, "{changed}");
        }
        assert_eq!(keys.transaction_of(&format!("{token}0")), None);
        assert_eq!(keys.transaction_of(&token.to_lowercase()), None);
        assert_eq!(keys.transaction_of("臺臺臺臺臺臺臺臺臺臺臺臺"), None);
    }
}
