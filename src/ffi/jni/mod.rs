//! The JNI entry points: one native method each of the classes `Native…` in
//! `com.mumosystems.oktaprofiles.internal`.
//!
//! Only `long`, `int` and `byte[]` cross. No class is looked up, no reference is kept and no exception is
//! thrown: a failed call answers with its error record, and Java throws its own exception.

mod cluster;
mod credentials;
mod directory;
mod engine;
mod erasure;
mod export;
mod groups;
mod live;
mod matching;
mod people;
mod planning;
mod reply;
mod schemas;
mod settings;
