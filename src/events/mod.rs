//! What Okta tells by itself: deliveries of its event hook, and entries of its System Log, read into one thing.
//!
//! - [`read_delivery`] reads what Okta posts to the hook's address, [`read_log_entry`] one row of the log; both
//!   give an [`Event`](crate::model::Event).
//! - [`EVENT_TYPES`] is the one table of what each type of event says; [`hook_event_types`] and [`log_filter`] ask
//!   Okta for these.
//!
//! Pure: bytes in, events out. Anything may be missing, null, of another type or unknown; that is harmless and
//! never an error of the whole, since a hint that is not understood costs no more than a hint that was lost.

mod delivery;
mod entry;
mod event_types;
#[cfg(test)]
mod tests;

pub use delivery::{Delivery, read_delivery};
pub use entry::read_log_entry;
pub use event_types::{EVENT_TYPES, EventType, Says, hook_event_types, log_filter};
