//! Reads the slices of a run, with several requests in flight.
//!
//! `opening` chooses between one listing of all users and slices of it: `cut` makes the slices, and `economy`
//! limits what they may cost. `fetch` reads the `slices`, each an `open_slice`, with as many requests as
//! `in_flight` allows. `pace` estimates how many users were created in which time.

pub(super) mod cut;
pub(super) mod economy;
pub(super) mod fetch;
pub(super) mod in_flight;
mod open_slice;
pub(super) mod opening;
mod pace;
pub(super) mod slices;
#[cfg(test)]
mod tests;
