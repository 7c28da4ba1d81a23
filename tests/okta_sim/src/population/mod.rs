//! The people of the simulated org: everything about a user as a function of (seed, index).

pub(crate) mod draw;
pub(crate) mod ids;
pub(crate) mod names;
pub(crate) mod profile;
pub(crate) mod status;
pub(crate) mod timeline;
pub(crate) mod timestamps;

mod spec;

pub use spec::OrgSpec;
