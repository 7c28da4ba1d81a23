//! The boundary: C and JNI entry points over [`crate::engine::Engine`]. Unsafe code lives here only.
//!
//! Both faces do the same three things: decode the arguments, make one call, encode the answer. They share the field
//! table ([`crate::contract::columns`]), the pages that records cross as ([`crate::contract::records`]), the handle
//! table (`handles`) and the guard that lets no panic through (`guard`).

mod allocator;
pub mod c;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
mod guard;
mod handles;
#[cfg(feature = "jni")]
mod jni;
mod selectors;
#[cfg(any(feature = "jni", feature = "fuzzing"))]
mod wire;

/// The version of the boundary: major in the upper 16 bits, minor in the lower. A caller with another
/// major, or a greater minor, than the library was built for something else.
pub const ABI_VERSION: u32 = (1 << 16) + 1;
