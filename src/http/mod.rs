//! HTTP for requests to Okta: one transport with TLS, proxy and size rules, and the pure rules about
//! what to do with an answer.
//!
//! - [`Transport`] sends one [`Request`] and reads one [`Response`]; no redirects, no cookies.
//! - [`retry`] decides what follows a failed attempt; [`rate_limit`] and [`rate_window`] read the limits.
//! - [`link_header`] finds the next page; [`Meter`] counts requests and says why a call waits, for a host that
//!   polls the progress; `failure` writes the messages of network errors.
//!
//! Nothing here knows what an Okta user is. reqwest is named in this folder only.

mod body;
mod failure;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
mod headers;
pub mod link_header;
mod message;
mod meter;
mod proxy;
mod proxy_login;
pub mod quoted;
pub mod rate_limit;
pub mod rate_window;
pub mod retry;
mod tls;
mod transport;

#[cfg(test)]
pub(crate) mod loopback;
#[cfg(test)]
mod tests;

pub use headers::Headers;
pub use message::{Authorization, Method, Request, Response};
pub use meter::{Meter, MeterReading, RateSeen, ServerClock};

pub use proxy::is_loopback;
pub use tls::{MAX_CA_BYTES, TlsCache};
pub use transport::Transport;
