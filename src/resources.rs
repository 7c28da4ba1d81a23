//! What becomes of a call when the system gives no more memory, threads or descriptors.
//!
//! Rust ends the process where a small allocation fails, and the process is a JVM. So large ones (bodies, replies)
//! are asked for with [`grow`], which may fail, and for small ones the allocator keeps a reserve
//! (`ffi::allocator`): when the system refuses, it takes the reserve and says so here. Work that repeats asks
//! [`check`] every time around and gives up while the reserve still feeds it.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::Errno;

use crate::contract::errors::{Error, ErrorCode, Result};

/// Whether the reserve is being used up. One for the process: memory belongs to the process.
static SHORT: AtomicBool = AtomicBool::new(false);

/// The allocator begins to use its reserve. Allocates nothing.
pub fn note_shortage() {
    SHORT.store(true, Ordering::Relaxed);
}

/// The reserve is whole again.
pub fn note_relief() {
    SHORT.store(false, Ordering::Relaxed);
}

/// Fails while memory is short.
pub fn check() -> Result<()> {
    match SHORT.load(Ordering::Relaxed) {
        true => Err(exhausted()),
        false => Ok(()),
    }
}

/// Makes room for `more` elements, or fails.
pub fn grow<T>(vector: &mut Vec<T>, more: usize) -> Result<()> {
    vector.try_reserve(more).map_err(|_| exhausted())
}

/// As [`grow`], for a text, in bytes.
pub fn grow_text(text: &mut String, more: usize) -> Result<()> {
    text.try_reserve(more).map_err(|_| exhausted())
}

/// Whether an error of the system says that this process, or the machine, has no more of something.
pub fn is_exhausted(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(Errno::from_raw_os_error);
    let limits = [Errno::MFILE, Errno::NFILE, Errno::NOMEM];
    code.is_some_and(|code| limits.contains(&code)) || error.kind() == io::ErrorKind::OutOfMemory
}

/// Whether nothing can be opened any more: asked by opening what is always there.
pub fn no_descriptor_left() -> bool {
    File::open("/dev/null").is_err_and(|error| is_exhausted(&error))
}

/// The error for a thread or a poll that the system refuses; `what` names it.
pub fn refused(what: &str) -> Error {
    Error::about(ErrorCode::ResourcesExhausted, what)
}

fn exhausted() -> Error {
    refused("memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_give_is_an_error() {
        let mut bytes: Vec<u8> = Vec::new();
        let error = grow(&mut bytes, usize::MAX / 2).expect_err("too much");
        assert_eq!(error.code(), ErrorCode::ResourcesExhausted);
        grow(&mut bytes, 10).expect("little");
        assert!(bytes.capacity() >= 10);
    }
}
