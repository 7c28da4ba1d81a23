//! The inbox: the objects that Okta's events named and that were not read again yet.
//!
//! An event is never a patch: it says what to read again. So an object that moved has one row, however often it moved.
//! The row stays until the object was read after its newest event arrived; the transaction that publishes that
//! reading removes the row.
//!
//! `arrive` takes events in, each once; `due` lists what to read; `settle` removes what was read; `state` is the one
//! row about the source of events and how well it works. A delivery that the database cannot take at once waits in a
//! file, in the form that `kept` gives it: beside the directory (`spool`), or on the shared folder of a cluster
//! (`shared_spool`). `listening` notes when deliveries are refused, `daily_cap` counts them against Okta's cap.

mod arrive;
mod daily_cap;
mod due;
mod kept;
mod listening;
mod settle;
mod shared_spool;
mod spool;
mod state;

pub use arrive::{Arrived, CAPACITY, Capacity, arrive, ask_for_everything};
pub use daily_cap::{CAP_NEAR_FROM, CapReached, DAILY_CAP, count_delivered, delivered_today};
pub use due::{InboxKind, InboxRow, Pending, due, due_by_id, due_groups, is_waiting, pending};
pub use kept::KeptDelivery;
pub use listening::{listen_to_hook, stop_listening};
pub use settle::{
    Settling, ask_again, hold, postpone, rest, settle, settle_groups, settle_listed, settle_seen,
};
pub use shared_spool::SharedSpool;
pub use spool::Spool;
#[cfg(feature = "fuzzing")]
pub(super) use spool::deliveries as fuzzed_deliveries;
pub use state::{
    Gap, LiveState, note_deleted, note_gap, note_lag, note_missed, note_source, set_state, state,
};

#[cfg(test)]
mod tests;
