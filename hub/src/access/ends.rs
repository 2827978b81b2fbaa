use tokio::sync::broadcast;

/// A session that ended, and why.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub token_hash: String,
    pub notice: &'static str,
}

/// Hears of the end of one session.
pub struct SessionWatch {
    token_hash: String,
    ends: broadcast::Receiver<Ended>,
}

impl SessionWatch {
    pub(super) const fn new(token_hash: String, ends: broadcast::Receiver<Ended>) -> Self {
        Self { token_hash, ends }
    }

    /// Waits until the session ends and answers why, as a stable code.
    pub async fn ended(&mut self) -> &'static str {
        loop {
            match self.ends.recv().await {
                Ok(ended) if ended.token_hash == self.token_hash => return ended.notice,
                Ok(_) => {}
                // Too many ends at once: the page signs in again if it was one of them.
                Err(broadcast::error::RecvError::Lagged(_)) => return "session_ended",
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
