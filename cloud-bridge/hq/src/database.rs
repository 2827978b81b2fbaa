//! The database as asynchronous code reaches it: a few connections, asked where that may block.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::store::{HqStore, StoreError};

/// Connections for the page and for the broker's gate. A page asks briefly; the live views are
/// computed once for everybody.
const CONNECTIONS: usize = 4;

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The database could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The question ended in a panic: a defect, of that question alone.
    #[error("a question to the database ended in a panic")]
    Panicked,
    /// Headquarters is closing.
    #[error("headquarters is closing")]
    Closing,
}

/// A few connections to one database; a clone shares them.
#[derive(Clone, Debug)]
pub struct Database(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    free: Mutex<Vec<HqStore>>,
    turns: Arc<Semaphore>,
}

impl Database {
    /// Connects, as often as it will be asked at once.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub fn of(store: &HqStore) -> Result<Self, StoreError> {
        let free = (0..CONNECTIONS).map(|_| store.another()).collect::<Result<_, _>>()?;
        let turns = Arc::new(Semaphore::new(CONNECTIONS));
        Ok(Self(Arc::new(Pool { free: Mutex::new(free), turns })))
    }

    /// Asks, on a thread where that may block.
    ///
    /// # Errors
    /// [`AskError`].
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut HqStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, AskError> {
        let turn = self.0.turns.clone().acquire_owned().await.map_err(|_| AskError::Closing)?;
        let pool = self.0.clone();
        // The turn goes with the question: whoever asked may have gone, and it is asked still.
        let asked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let mut store = pool.take().ok_or(AskError::Closing)?;
            // What a question had in its hands when it panicked is looked at no more; a transaction
            // that it had begun is undone, so the connection is as good as before.
            let answer = catch_unwind(AssertUnwindSafe(|| question(&mut store)));
            pool.give_back(store);
            Ok(answer.map_err(|_| AskError::Panicked)??)
        });
        asked.await.map_err(|_| AskError::Closing)?
    }
}

impl Pool {
    fn take(&self) -> Option<HqStore> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, store: HqStore) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(store);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreAt;

    #[tokio::test]
    async fn a_question_that_panics_costs_no_connection_and_leaves_no_transaction_open() {
        let store = HqStore::open(&StoreAt::Memory).unwrap();
        let database = Database::of(&store).unwrap();
        for _ in 0..2 * CONNECTIONS {
            let asked = database.ask(|store| {
                store.sql().write(|sql| {
                    sql.execute("insert into numbers (name, last) values ('x', 1)", &[])?;
                    panic!("on purpose")
                })
            });
            let asked: Result<(), AskError> = asked.await;
            assert!(matches!(asked, Err(AskError::Panicked)), "{asked:?}");
        }
        let count = "select last from numbers where name = 'x'";
        for _ in 0..2 * CONNECTIONS {
            let write = |store: &mut HqStore| {
                let left = store.sql().query(count, &[], |row| row.int(0))?;
                store
                    .sql()
                    .write(|sql| sql.execute("delete from numbers where name = 'x'", &[]))?;
                Ok(left)
            };
            assert_eq!(database.ask(write).await.unwrap(), [0_i64; 0]);
        }
    }
}
