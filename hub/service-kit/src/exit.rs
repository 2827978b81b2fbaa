//! How a command ends: sysexits codes and one line that says what to do.

use std::fmt;
use std::io::{self, Write as _};
use std::net::SocketAddr;

/// The exit codes of every command, as `sysexits.h` numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Two sums that should agree do not.
    Differs = 1,
    /// The command line was not understood.
    Usage = 64,
    /// What was read does not hold: a journal, a file of trade.
    BadInput = 65,
    /// A file that was named is not there or cannot be read.
    NoInput = 66,
    /// Something that is needed is not available: a port that is taken.
    Unavailable = 69,
    /// A fault of the program itself.
    Software = 70,
    /// The operating system refused something.
    System = 71,
    /// A file could not be written.
    CannotCreate = 73,
    /// Reading or writing failed.
    InputOutput = 74,
    /// It may work later.
    TryAgain = 75,
    /// Something may not be done with these rights.
    NoPermission = 77,
    /// The settings do not hold.
    Settings = 78,
}

/// Why a command ended without having done its work: one line for the one who started it.
#[derive(Debug)]
pub struct Failure {
    code: ExitCode,
    text: String,
    hint: Option<String>,
}

impl Failure {
    /// A failure that says what went wrong with which thing.
    #[must_use]
    pub fn new(code: ExitCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), hint: None }
    }

    /// A failure out of an error, its sources chained.
    #[must_use]
    pub fn because(code: ExitCode, doing: &str, error: &dyn std::error::Error) -> Self {
        let mut text = format!("{doing}: {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::new(code, text)
    }

    /// The same failure with the one thing worth trying next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A port that could not be listened on.
    #[must_use]
    pub fn listening(address: SocketAddr, key: &str, error: &io::Error) -> Self {
        let port = address.port();
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::new(
                ExitCode::Unavailable,
                format!("port {port} on {} is taken by another program", address.ip()),
            )
            .hint(format!("stop that program, or choose another port with {key}")),
            io::ErrorKind::PermissionDenied => {
                Self::new(ExitCode::NoPermission, format!("port {port} may not be listened on"))
                    .hint(format!("choose a port above 1023 with {key}"))
            }
            io::ErrorKind::AddrNotAvailable => Self::new(
                ExitCode::Unavailable,
                format!("{} is not an address of this machine", address.ip()),
            )
            .hint("set http.listen to one of its addresses, or to 0.0.0.0"),
            _ => Self::because(ExitCode::System, &format!("listening on port {port}"), error),
        }
    }

    /// Its exit code.
    #[must_use]
    pub const fn code(&self) -> ExitCode {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", one_line(&self.text))?;
        match &self.hint {
            Some(hint) => write!(f, " (hint: {})", one_line(hint)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

/// The text with its line ends and runs of white space made single spaces.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes a result to standard output, with a line's end. Whoever stopped reading has seen enough.
///
/// # Errors
/// [`Failure`] where it cannot be written.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::because(ExitCode::InputOutput, "writing the result", &error))
        }
        _ => Ok(()),
    }
}

/// Prints what goes beside the result to the error output. Nobody needs it, so whoever does not
/// listen does not end the command either: `eprintln!` would.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The exit code that fits what the system said of a file: what it is otherwise, or that it may
/// not be used with these rights.
#[must_use]
pub fn code_of(error: &io::Error, otherwise: ExitCode) -> ExitCode {
    match error.kind() {
        io::ErrorKind::PermissionDenied => ExitCode::NoPermission,
        io::ErrorKind::ReadOnlyFilesystem => ExitCode::CannotCreate,
        _ => otherwise,
    }
}

/// Ends a command: prints its failure, if any, as one line, and gives the exit code.
#[must_use]
pub fn finish(outcome: Result<(), Failure>) -> std::process::ExitCode {
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => {
            note(&failure.to_string());
            std::process::ExitCode::from(failure.code as u8)
        }
    }
}

#[cfg(test)]
mod tests;
