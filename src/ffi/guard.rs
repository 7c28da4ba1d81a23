//! No panic crosses the boundary: every entry point runs inside [`guarded`].
//!
//! A panic becomes an internal error. Its text may quote data, so only the place of the panic is passed on and printed.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::contract::errors::{Error, Result};
use crate::contract::page::OutOfMemory;
use crate::ffi::allocator;
use crate::resources;

/// Runs `work`; a panic inside becomes an error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(print_places_only);
    allocator::hold_reserve();
    // Unwind-safe: state that a panic leaves half changed is behind locks, and code that takes a lock expects that.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(what_panicked(&*panic)))
}

/// The error for a panic: a bug of ours, unless tokio panicked because the system has no thread for its resolver.
fn what_panicked(panic: &(dyn Any + Send)) -> Error {
    if panic.is::<OutOfMemory>() {
        return resources::refused("memory for the answer");
    }
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    match text.is_some_and(|text| text.contains("can't spawn worker thread")) {
        true => resources::refused("a thread for the resolver"),
        false => Error::internal("a call panicked"),
    }
}

/// Replaces the panic hook. This library has its own copy of the standard library, so no other code loses its hook.
fn print_places_only() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        // Too little memory is no bug, and the call returns it as an error.
        if panic.payload().is::<OutOfMemory>() {
            return;
        }
        // The library prints nothing else, but a bug must not vanish.
        #[allow(clippy::print_stderr)]
        {
            eprintln!("okta-profiles: internal fault{place}");
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::errors::ErrorCode;

    #[test]
    fn a_panic_becomes_an_error_without_its_text() {
        let error = guarded::<()>(|| panic!("user0001@example.com")).expect_err("it panicked");
        assert_eq!(error.code(), ErrorCode::Internal);
        assert!(!error.to_string().contains('@'));
        let no_thread = guarded::<()>(|| panic!("OS can't spawn worker thread: busy"));
        let no_memory = guarded::<()>(|| std::panic::panic_any(OutOfMemory));
        for refused in [no_thread, no_memory] {
            let code = refused.expect_err("it panicked").code();
            assert_eq!(code, ErrorCode::ResourcesExhausted);
        }
        assert!(guarded(|| Ok(1)).is_ok());
    }
}
