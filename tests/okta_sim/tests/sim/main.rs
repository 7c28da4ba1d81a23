//! Tests of the simulated org through its front door: real requests over loopback.

mod binary;
mod callers;
mod client;
mod dpop;
mod faults;
mod listing;
mod live;
mod mutations;
mod oauth;
mod refresh;
mod sign_in;
mod token_faults;
