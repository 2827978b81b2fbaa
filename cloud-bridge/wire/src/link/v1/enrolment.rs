use std::fmt;

use serde::{Deserialize, Serialize};

/// What a store is given to reach headquarters: the link file, as TOML. Whoever has it can speak
/// as the store, so it is for its owner alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkFile {
    /// Where the broker is: `mqtts://host:port`; `mqtt://` on the same machine only.
    pub broker: String,
    /// The chain.
    pub chain: String,
    /// The store: the user at the broker, and the third level of its topics.
    pub store: String,
    /// What the broker knows the store by: 256 bits in hexadecimal.
    pub secret: String,
    /// The public key that bundles of policy are signed with: Ed25519, in hexadecimal.
    pub policy_key: String,
    /// The authority that vouches for the broker, in PEM. Needed with `mqtts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    /// The certificate that the store shows, in PEM. Needed with `mqtts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The certificate's key, in PEM. Needed with `mqtts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl fmt::Debug for LinkFile {
    /// Without what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkFile")
            .field("broker", &self.broker)
            .field("chain", &self.chain)
            .field("store", &self.store)
            .field("policy_key", &self.policy_key)
            .finish_non_exhaustive()
    }
}
