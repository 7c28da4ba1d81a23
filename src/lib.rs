//! Okta user profiles inside Jira Data Center: an embedded engine with C and JNI entry points.

pub mod cancel;
pub mod clock;
pub mod config;
pub mod directory;
pub mod engine;
pub mod error;
pub mod ffi;
pub mod http;
pub mod logging;
pub mod matching;
pub mod model;
pub mod okta;
pub mod secret;
pub mod sync;
