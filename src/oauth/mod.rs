//! OAuth 2.0 with Okta's org authorization server: sign-ins, tokens and the proofs that go with them.
//!
//! - [`authorization_request`] begins a sign-in and reads Okta's answer; `sign_in` turns it into tokens.
//! - [`TokenSource`] hands out a valid access token. `renewer` renews it before it expires, one renewal at a time,
//!   and saves a rotated refresh token before anybody uses the new access token.
//! - `replacement` replaces one credential by another and revokes the old one.
//! - `grant` forms the requests (crate oauth2), `exchange` sends them with client authentication, DPoP
//!   proof and retries, `refusal` turns every refusal into the engine's errors.
//!
//! Tokens and secrets go to the org's own host only. The crate oauth2 is named in this folder only.

pub mod authorization_request;
mod client_assertion;
mod dpop;
mod endpoints;
mod exchange;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
mod grant;
mod jws;
mod proven_hosts;
mod refusal;
mod renewer;
mod replacement;
mod revocation;
mod shared_tokens;
mod sign_in;
mod token_answer;
mod token_source;
mod under_way;

pub use client_assertion::{check_private_key, make_private_key, public_jwk};
pub use dpop::{DpopKey, Proof};
pub use exchange::Context;
pub use proven_hosts::{HostProof, ProvenHosts};
pub use shared_tokens::SharedTokens;
pub use token_source::{Access, TokenSource};
pub use under_way::UnderWay;
