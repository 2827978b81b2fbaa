//! What becomes of people: another name, role, scope or password, and their end. Whoever may see or
//! do something else from now on, or has another password, signs in again: their sessions end with
//! the change, and so do the views that they look at.

use std::collections::BTreeSet;

use super::doors::{fits, named};
use super::tables::{self, Written};
use super::{Denied, People, Role, UserView};

/// What somebody is from now on.
pub struct Change {
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The regions or stores that they read.
    pub scopes: Vec<String>,
    /// Another password, in clear; it is hashed and forgotten. None keeps the one they have.
    pub password: Option<String>,
}

impl People {
    /// Makes somebody what the change says.
    ///
    /// # Errors
    /// [`Denied`]: nobody with this id, a weak password, a bad name, scopes that do not fit the
    /// role, or the last administrator, who stays one.
    pub async fn change(&self, id: &str, change: Change) -> Result<UserView, Denied> {
        let Change { name, role, scopes, password } = change;
        let name = named(&name)?;
        fits(role, &scopes)?;
        let hash = match password {
            Some(password) => Some(self.hash(password).await?),
            None => None,
        };
        let view = UserView { id: id.to_owned(), name, role, scope: scopes };
        let changed = view.clone();
        let written = self
            .0
            .database
            .ask(move |store| tables::change(store.sql(), &changed, hash.as_deref()));
        self.follow(written.await?)?;
        Ok(view)
    }

    /// Takes somebody off.
    ///
    /// # Errors
    /// [`Denied`]: nobody with this id, or the last administrator.
    pub async fn remove(&self, id: &str) -> Result<(), Denied> {
        let id = id.to_owned();
        let written = self.0.database.ask(move |store| tables::remove(store.sql(), &id));
        self.follow(written.await?)
    }

    /// Ends every session of somebody, wherever they are signed in.
    ///
    /// # Errors
    /// [`Denied`]: nobody with this id.
    pub async fn end_sessions(&self, id: &str) -> Result<(), Denied> {
        let id = id.to_owned();
        let written = self.0.database.ask(move |store| tables::end_sessions(store.sql(), &id));
        self.follow(written.await?)
    }

    /// Tells what was written to whoever looks.
    fn follow(&self, written: Written) -> Result<(), Denied> {
        match written {
            Written::Done { ended } => {
                let ended: BTreeSet<String> = ended.into_iter().collect();
                if !ended.is_empty() {
                    self.tell_ended(ended);
                }
                Ok(())
            }
            Written::NoSuchUser => Err(Denied::NoSuchUser),
            Written::LastAdmin => Err(Denied::LastAdmin),
        }
    }
}
