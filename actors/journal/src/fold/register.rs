use store_core::fact::Fact;
use store_core::{TransactionNumber, WorkstationId};

use crate::{RegisterRecord, WriteError};

/// The workstation whose register a fact changes.
pub fn workstation(fact: &Fact) -> Option<&WorkstationId> {
    match fact {
        Fact::OperatorSignedOn { workstation, .. }
        | Fact::OperatorChanged { workstation, .. }
        | Fact::OperatorSignedOff { workstation, .. } => Some(workstation),
        Fact::SaleCompleted(sale) => Some(&sale.workstation),
        _ => None,
    }
}

/// The register after a fact. The number of a sale follows the last one of its workstation; a gap
/// or a repeat is refused.
pub fn register_after(
    before: Option<RegisterRecord>,
    workstation: &WorkstationId,
    fact: &Fact,
) -> Result<RegisterRecord, WriteError> {
    let mut register = before.unwrap_or_else(|| RegisterRecord {
        workstation: workstation.clone(),
        last_number: TransactionNumber(0),
        operator: None,
    });
    match fact {
        Fact::OperatorSignedOn { operator, .. } | Fact::OperatorChanged { operator, .. } => {
            register.operator = Some(operator.clone())
        }
        Fact::OperatorSignedOff { .. } => register.operator = None,
        Fact::SaleCompleted(sale) => {
            let expected = register.last_number.next();
            if sale.number != Some(expected) {
                let number = sale.number.map_or_else(|| "none".to_owned(), |it| it.to_string());
                return Err(WriteError::Rejected(format!(
                    "the next number of workstation {workstation} is {expected}, not {number}"
                )));
            }
            register.last_number = expected;
        }
        _ => {}
    }
    Ok(register)
}
