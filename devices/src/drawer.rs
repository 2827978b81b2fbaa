use crate::printer::PrintError;

/// A cash drawer: the box, not the money in it.
pub trait CashDrawer: Send {
    /// Opens it. Returns when the pulse has been given; whether the box came out is for
    /// [`CashDrawer::is_open`] to say.
    ///
    /// # Errors
    /// Why the printer that it hangs on could not give the pulse.
    fn open(&mut self) -> Result<(), PrintError>;

    /// Whether it is open, where that can be known.
    ///
    /// # Errors
    /// Why the printer that it hangs on does not answer.
    fn is_open(&mut self) -> Result<bool, PrintError>;
}
