use crate::cli::ReplayArgs;
use crate::exit::Failure;
use crate::replay::here;

pub(super) fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    here::replay(args)
}
