//! Tests of the simulated org through its front door: real requests over loopback.

mod binary;
mod callers;
mod client;
mod faults;
mod listing;
mod mutations;
