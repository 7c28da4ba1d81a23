//! What is known from the profiles of users: attributes and their titles, values to look up by, managers.
//!
//! `schemas` has user types, attributes and titles. `attribute_index` leads from a value to users, `managers` from a user
//! to the manager; `look_ups` updates both for a run, `look_up_damage` repairs them.

pub mod attribute_index;
pub mod look_up_damage;
pub mod look_ups;
pub mod managers;
pub mod schemas;
