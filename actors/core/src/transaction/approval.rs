use serde::{Deserialize, Serialize};

use crate::OperatorId;
use crate::permission::Permission;

/// A second person allowed at a register what its cashier may not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// What the cashier lacked.
    pub permission: Permission,
    /// Who approved it.
    pub approved_by: OperatorId,
}
