//! What a program answers to words that it does not understand, and what makes a shell complete
//! those that it does.

use clap::CommandFactory;
use clap::error::ErrorKind;
pub use clap_complete::Shell;

use crate::exit::{self, ExitCode, Failure};

/// Answers a command line that asks for help, or is not understood.
///
/// # Errors
/// [`Failure`] in one line, where it is not understood.
pub fn answer(program: &str, error: &clap::Error) -> Result<(), Failure> {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => exit::say(text.trim_end()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Err(Failure::new(ExitCode::Usage, "a command is missing")
                .hint(format!("`{program} help` lists them all")))
        }
        _ => {
            let said = text.split("\n\nUsage:").next().unwrap_or_default();
            let said = said.split("\n\nFor more").next().unwrap_or_default();
            let hint =
                format!("`{program} help` lists the commands, `{program} help COMMAND` its flags");
            Err(Failure::new(ExitCode::Usage, said.trim_start_matches("error: ")).hint(hint))
        }
    }
}

/// Prints what makes a shell complete a program's words.
///
/// # Errors
/// [`Failure`] where it cannot be written.
pub fn complete<Words: CommandFactory>(program: &str, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Words::command(), program, &mut script);
    exit::say(String::from_utf8_lossy(&script).trim_end())
}
