//! The inbox: the objects that Okta's events named and that were not read again yet.
//!
//! An event only says what to read again; its content is never used. So an object has one row, however often it
//! changed. The row stays until the object was read after its newest event arrived. The transaction that publishes that
//! reading removes the row.
//!
//! `arrive` adds events, each once; `due` lists the objects to read; `settle` removes the objects that were read;
//! `state` is the one row about the source of events and how well it works. If the database cannot take a delivery
//! immediately, a file stores it in the form of `kept`: beside the directory (`spool`), or on the shared folder of a
//! cluster (`shared_spool`). `listening` notes when deliveries are refused, and `daily_cap` counts events against
//! Okta's cap.

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
