//! What became of one command, from the draft or from what was kept of an ended basket.

use store_core::register::AbsorbedCommand;
use store_core::{CommandId, TransactionId, WorkstationId};
use store_journal::{LedgerReads as _, ReadError, Reader};

#[derive(serde::Deserialize)]
struct DraftBody {
    absorbed: Vec<AbsorbedCommand>,
}

/// The command, if the basket has taken it in.
///
/// # Errors
/// Where the journal cannot be read.
pub fn find(
    reader: &Reader,
    workstation: &WorkstationId,
    transaction: TransactionId,
    id: CommandId,
) -> Result<Option<AbsorbedCommand>, ReadError> {
    let draft = reader.draft(workstation)?.filter(|draft| draft.transaction == transaction);
    let absorbed: Vec<AbsorbedCommand> = match draft {
        Some(draft) => serde_json::from_str::<DraftBody>(&draft.body)
            .map(|body| body.absorbed)
            .unwrap_or_default(),
        None => match reader.ended(transaction)? {
            Some(ended) => serde_json::from_str(&ended.absorbed).unwrap_or_default(),
            None => Vec::new(),
        },
    };
    Ok(absorbed.into_iter().find(|absorbed| absorbed.id == id))
}
