//! The JNI entry points: one native method of `com.mumosystems.oktaprofiles.internal.NativeEngine` each.
//!
//! Only `long`, `int` and `byte[]` cross. No class is looked up, no reference is kept and no exception is
//! thrown: a failed call answers with its error record, and Java throws its own exception.

mod directory;
mod engine;
mod jira_users;
mod reply;
