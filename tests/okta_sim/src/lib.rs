//! tmp
mod population;
mod world;
pub use population::OrgSpec;
