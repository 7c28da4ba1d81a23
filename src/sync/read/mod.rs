//! Reading: the slices of a run, several requests side by side.
//!
//! `opening` chooses between one listing of everybody and slices of it: `cut` makes the slices, `economy` limits what
//! they may cost. `fetch` reads the `slices`, each an `open_slice`, with as many requests as `in_flight` allows. `pace`
//! estimates how densely users lie along `created`.

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
