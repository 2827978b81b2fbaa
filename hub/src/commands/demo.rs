use crate::cli::{DemoArgs, DemoHqArgs};
#[cfg(feature = "demo")]
use crate::demo;
use service_kit::exit::Failure;

#[cfg(feature = "demo")]
pub(super) fn demo(args: &DemoArgs) -> Result<(), Failure> {
    demo::run(args)
}

#[cfg(feature = "demo")]
pub(super) fn headquarters(args: &DemoHqArgs) -> Result<(), Failure> {
    demo::run_headquarters(args)
}

#[cfg(not(feature = "demo"))]
pub(super) fn demo(_: &DemoArgs) -> Result<(), Failure> {
    Err(left_out())
}

#[cfg(not(feature = "demo"))]
pub(super) fn headquarters(_: &DemoHqArgs) -> Result<(), Failure> {
    Err(left_out())
}

#[cfg(not(feature = "demo"))]
fn left_out() -> Failure {
    let text = "this hub was built without the demonstration";
    Failure::new(service_kit::exit::ExitCode::Unavailable, text)
        .hint("build it with `--features demo`, as it is by default")
}
