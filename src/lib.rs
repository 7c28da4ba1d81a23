//! Okta user profiles inside Jira Data Center: an embedded engine with C and JNI entry points.
//!
//! [`engine::Engine`] is all that a host needs. It owns a directory (one SQLite file) and, once connected, a
//! connection to an Okta org:
//!
//! ```no_run
//! use std::path::Path;
//!
//! use okta_profiles::contract::settings::Settings;
//! use okta_profiles::engine::Engine;
//! use okta_profiles::model::{Lookup, SyncOptions, View};
//!
//! # fn main() -> okta_profiles::contract::errors::Result<()> {
//! let engine = Engine::open(Path::new("/var/jira/okta-profiles.db"), Settings::default())?;
//! engine.connect("https://example.okta.com", "00token")?;
//! assert!(engine.validate()?.usable);
//! let run = engine.sync(SyncOptions::default())?;
//! println!("{} users, {} match users in Jira", run.present, run.matches.matched);
//! for entry in engine.list(View::Matched, 0, 100)? {
//!     println!("{} by {}", entry.value, entry.rule);
//! }
//! let one = engine.find(Lookup::JiraKey("JIRAUSER10100"))?;
//! # drop(one);
//! engine.close()
//! # }
//! ```
//!
//! # The map, from the bottom up
//!
//! - the ground: [`contract`] (every error code, setting and column, once), [`secret`], [`clock`], [`cancel`],
//!   [`logging`], [`spelling`] (which known name an unknown one may mean), [`plain_file`] (opens files that others
//!   may have chosen), [`resources`] (what to do when memory, threads or descriptors run out)
//! - [`model`]: the data that flows between the parts
//! - siblings that never import each other: [`http`] (the network), [`directory`] (SQLite), [`matching`]
//!   (rules and folding), [`export`] (CSV and JSON lines)
//! - [`oauth`]: sign-ins and tokens
//! - [`events`]: Okta's events, decoded from deliveries of the hook and from the System Log
//! - [`okta`]: requests to Okta and how their answers are read
//! - [`sync`]: a run, the only place that knows both Okta and the directory
//! - [`engine`]: the façade
//! - [`ffi`]: C and JNI, the only place with unsafe code
//!
//! ARCHITECTURE.md has the same map file by file, the words used everywhere, and the decisions.

pub mod cancel;
pub mod clock;
pub mod contract;
pub mod directory;
pub mod engine;
pub mod events;
pub mod export;
pub mod ffi;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod hex;
pub mod http;
pub mod logging;
pub mod matching;
pub mod model;
pub mod oauth;
pub mod okta;
pub mod plain_file;
pub mod resources;
pub mod secret;
pub mod spelling;
pub mod sync;
