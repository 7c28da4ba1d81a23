//! The C entry points. Their documentation becomes `include/okta_profiles.h`, so it speaks to the C
//! reader; every function is written out so that cbindgen sees it.

mod arguments;
mod cluster;
mod credentials;
mod directory;
mod engine;
mod erasure;
mod error;
mod export;
mod groups;
mod live;
mod matching;
mod page;
mod people;
mod planning;
mod schemas;
mod settings;
mod sync;
mod trials;

pub use cluster::*;
pub use credentials::*;
pub use directory::*;
pub use engine::*;
pub use erasure::*;
pub use error::*;
pub use export::*;
pub use groups::*;
pub use live::*;
pub use matching::*;
pub use page::*;
pub use people::*;
pub use planning::*;
pub use schemas::*;
pub use settings::*;
pub use sync::*;
