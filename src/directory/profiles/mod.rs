//! What the directory stores about the profiles of users: attributes and their titles, values for look-ups, managers.
//!
//! `schemas` has user types, attributes and titles. `attribute_index` finds users by a value, `managers` finds the
//! manager of a user. `look_ups` updates both for a run, and `look_up_damage` repairs them.

pub mod attribute_index;
pub mod look_up_damage;
pub mod look_ups;
pub mod managers;
pub mod schemas;
