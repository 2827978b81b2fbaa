use crate::cli::ReplayArgs;
use crate::replay::here;
use service_kit::exit::Failure;

pub(super) fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    here::replay(args)
}
