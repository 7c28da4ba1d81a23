//! The matching rules and how values are folded.
