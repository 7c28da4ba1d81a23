//! The embedded SQLite directory.
