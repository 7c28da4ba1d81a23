//! What is known from the profiles of users: attributes and their titles, values to look up by, managers.

pub mod attribute_index;
pub mod look_up_damage;
pub mod look_ups;
pub mod managers;
pub mod schemas;
