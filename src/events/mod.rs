//! Decodes Okta's events, from deliveries of the event hook and from entries of the System Log, into one form.
//!
//! - [`read_delivery`] reads what Okta posts to the hook's address, [`read_log_entry`] one row of the log; both
//!   give an [`Event`](crate::model::Event).
//! - [`EVENT_TYPES`] is the one table of what each type of event says; [`hook_event_types`] and [`log_filter`] make
//!   from it what Okta is asked for.
//!
//! Pure: bytes in, events out. Any member may be missing, null, of another type or unknown. That never makes the whole
//! delivery fail: an event that is not understood costs no more than an event that was lost.

mod delivery;
mod entry;
mod event_types;
#[cfg(test)]
mod tests;

pub use delivery::{Delivery, read_delivery};
pub use entry::read_log_entry;
pub use event_types::{EVENT_TYPES, EventType, Says, hook_event_types, log_filter};
