//! Tests of the client as a whole, against real sockets.

pub(in crate::okta) mod asking;
mod listings;
mod refusals;
