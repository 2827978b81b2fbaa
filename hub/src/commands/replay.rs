use crate::cli::ReplayArgs;
use crate::exit::Failure;
use crate::replay::host;

pub(super) fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    host::replay(args)
}
