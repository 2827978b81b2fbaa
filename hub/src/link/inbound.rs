use std::io;
use std::sync::Arc;
use std::thread;

use cloud_bridge::Inbound;
use cloud_bridge::policy::Input;
use tokio::sync::mpsc;

use crate::policy::Clerk;

/// Most pieces of policy that wait to be kept: then no more is read off the connection.
const WAITING_MAX: usize = 64;

/// Hands what headquarters decided to the clerk, in a thread of its own: keeping it takes syncs of
/// the disk, which rows of sales need not wait for. The thread ends with the link.
///
/// # Errors
/// Where the system has no thread left.
pub fn hand_on(clerk: Option<Arc<Clerk>>) -> io::Result<mpsc::Sender<Inbound>> {
    let (sender, mut received) = mpsc::channel(WAITING_MAX);
    let Some(clerk) = clerk else { return Ok(sender) };
    thread::Builder::new().name("policy".to_owned()).spawn(move || {
        cloud_bridge::stand_back();
        while let Some(inbound) = received.blocking_recv() {
            clerk.input(match inbound {
                Inbound::PolicyOffer(offer) => Input::Offered(offer),
                Inbound::PolicyPiece { id, piece: number, content: piece } => {
                    Input::Piece { id, number, piece }
                }
            });
        }
    })?;
    Ok(sender)
}
