use store_core::{CommandId, StoreId, TransactionId};
use uuid::Uuid;

/// The space in which the replay names its transactions; never changed, or a second start would
/// sell everything again.
const SPACE: Uuid = Uuid::from_u128(0x0b6f_21c4_7a53_5e0f_9d1c_4a8e_63b2_f017);

/// The transaction of a store's basket: the same at every start.
#[must_use]
pub fn transaction_id(store: &StoreId, key: &str) -> TransactionId {
    // The length keeps store `1`, basket `2/3` apart from store `1/2`, basket `3`.
    let store = store.as_str();
    let name = format!("{}/{store}/{key}", store.len());
    TransactionId::new(Uuid::new_v5(&SPACE, name.as_bytes()))
}

/// The command at this place of a transaction, from 0: the same at every start.
#[must_use]
pub fn command_id(transaction: TransactionId, step: usize) -> CommandId {
    CommandId::new(Uuid::new_v5(&transaction.uuid(), step.to_string().as_bytes()))
}
