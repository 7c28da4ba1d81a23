//! HTTP for requests to Okta: one transport, and the pure decisions around it.
//!
//! [`transport`] sends one request and reads its answer; [`retry`] decides whether to try again,
//! [`rate_limit`] how long to wait, [`link_header`] where a listing goes on; [`meter`] counts.
//! Nothing here knows what is asked of Okta.

pub mod link_header;
mod meter;
pub mod rate_limit;
pub mod retry;
mod tls;
mod transport;

pub use meter::{Meter, MeterReading};
pub use transport::{Headers, Request, Response, Transport, is_loopback};
