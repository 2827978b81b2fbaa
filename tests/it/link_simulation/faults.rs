//! What goes wrong between stores and headquarters. Each counts only when it took effect, by the
//! rule beside it; where that is seen stands the line `world.took_effect(…)`.

use crate::simulation::counts::{self, faults};

faults! {
    /// Something that goes wrong around the pump and the ingest.
    Fault;
    /// A saved cursor was taken back, or rows were under way.
    PowerCut => "store: power cut",
    /// Rows were under way.
    Restart => "store: restart",
    /// Rows were lost to an older backup; the journal goes on in a new stream.
    Restore => "store: backup restored",
    /// Rows were lost to an older file; the journal goes on in its old stream.
    OldFile => "store: old file copied over",
    /// Two journals wrote different rows under one number.
    TwoOfOneFile => "store: two from one copied file",
    /// What a restore had lost was rung up again under the same id.
    RungUpAgain => "store: lost sale rung up again",
    /// The new stream of a journal that diverged could not be begun at once.
    DivergeFailed => "store: new stream put off",
    /// Rows were under way.
    LinkCut => "link: cut",
    /// The older of two connections with one name was ended by the younger.
    TakenOver => "link: taken over by a twin",
    /// Connections ended; the broker kept what it had retained.
    BrokerKilled => "broker: killed",
    /// Connections ended, and what was retained was gone.
    BrokerWiped => "broker: storage wiped",
    /// It held rows that headquarters lacked.
    BatchLost => "rows: message lost",
    /// The second copy came when headquarters had the rows.
    BatchDoubled => "rows: message doubled",
    /// A later one of its stream had come before it.
    BatchLate => "rows: message late",
    /// The broker's confirmation never came.
    PubackLost => "rows: confirmation lost",
    /// It would have moved a cursor.
    AckLost => "acknowledgement: lost",
    /// The second copy came to a store as well.
    AckDoubled => "acknowledgement: doubled",
    /// It moved a cursor back.
    AckLate => "acknowledgement: late",
    /// It was kept aside.
    Malformed => "hq: malformed message",
    /// Rows had come and were not committed.
    KilledBeforeCommit => "hq: killed before the commit",
    /// Rows were committed and not acknowledged.
    KilledBeforeAck => "hq: killed before acknowledging",
    /// Rows were gone.
    HqRestored => "hq: backup restored",
    /// A commit was refused.
    HqFull => "hq: storage full",
}

pub type Counts = counts::Counts<Fault>;
