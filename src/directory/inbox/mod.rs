//! What Okta told by events and nobody has read again yet.
//!
//! An event is never a patch: it says what to read again. So a thing that moved has one row, however often it
//! moved, and the row goes only in the transaction that publishes what was read after its newest event had
//! arrived. `arrive` takes events in, each once; `due` tells what to read; `settle` removes what was read; `state`
//! is the one row about how well events come. `spool` and `shared_spool` keep deliveries in files until then.

mod arrive;
mod daily_cap;
mod due;
mod kept;
mod settle;
mod shared_spool;
mod spool;
mod state;

pub use arrive::{Arrived, CAPACITY, Capacity, arrive, ask_for_everything};
pub use daily_cap::{CAP_NEAR_FROM, CapReached, DAILY_CAP, count_delivered, delivered_today};
pub use due::{InboxKind, InboxRow, Pending, due, due_by_id, due_groups, is_waiting, pending};
pub use kept::KeptDelivery;
pub use settle::{Settling, ask_again, hold, postpone, settle, settle_groups, settle_listed, settle_seen};
pub use shared_spool::SharedSpool;
pub use spool::Spool;
#[cfg(feature = "fuzzing")]
pub(super) use spool::deliveries as fuzzed_deliveries;
pub use state::{
    Gap, LiveState, note_deleted, note_gap, note_lag, note_missed, note_source, set_state, state,
};

#[cfg(test)]
mod tests;
