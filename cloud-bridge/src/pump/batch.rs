use hq_wire::row::v1::Row;

use super::{BATCH_ROWS, BATCH_TEXT};

/// What a row needs on the wire besides its body: names of fields, ids, numbers, the digest.
const ROW_TEXT: usize = 600;

/// Cuts rows into messages, none empty.
pub fn batches(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut batches: Vec<Vec<Row>> = Vec::new();
    let mut text = 0;
    for row in rows {
        let length = row.body.get().len() + ROW_TEXT;
        match batches.last_mut() {
            Some(last) if last.len() < BATCH_ROWS && text + length <= BATCH_TEXT => {
                text += length;
                last.push(row);
            }
            _ => {
                text = length;
                batches.push(vec![row]);
            }
        }
    }
    batches
}
