use crate::cli::ReplayArgs;
use crate::replay::command;
use service_kit::exit::Failure;

pub(super) fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    command::replay(args)
}
