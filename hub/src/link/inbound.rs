use std::io;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

use cloud_bridge::Inbound;
use cloud_bridge::policy::Input;

use crate::policy::Clerk;

/// Most pieces of policy that wait to be kept: then the link waits too, for the disk.
const WAITING_MAX: usize = 64;

/// Takes a piece of policy and returns at once.
pub type HandOn = Box<dyn FnMut(Inbound) + Send>;

/// Hands what headquarters decided to the clerk, in a thread of its own: keeping it takes syncs of
/// the disk, which rows of sales need not wait for. The thread ends with the link.
///
/// # Errors
/// Where the system has no thread left.
pub fn hand_on(clerk: Option<Arc<Clerk>>) -> io::Result<HandOn> {
    let Some(clerk) = clerk else { return Ok(Box::new(drop)) };
    let (sender, received) = sync_channel(WAITING_MAX);
    thread::Builder::new().name("policy".to_owned()).spawn(move || {
        received.into_iter().for_each(|inbound| clerk.input(inbound));
    })?;
    Ok(Box::new(move |inbound| {
        let input = match inbound {
            Inbound::PolicyOffer(offer) => Input::Offered(offer),
            Inbound::PolicyPiece { id, piece: number, content: piece } => {
                Input::Piece { id, number, piece }
            }
        };
        // The thread ends only with this sender.
        let _ = sender.send(input);
    }))
}
