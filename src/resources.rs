//! What a call does when the system gives no more memory, threads or descriptors.
//!
//! Rust ends the process if a small allocation fails, and the process is a JVM. So large allocations (bodies,
//! replies) use [`grow`], which may fail. For small ones the allocator keeps a reserve (`ffi::allocator`): when the
//! system refuses memory, the allocator uses the reserve and reports that here. Work that repeats calls [`check`]
//! in every round and gives up while the reserve still lasts.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::Errno;

use crate::contract::errors::{Error, ErrorCode, Result};

/// Whether the reserve is in use. There is one flag for the process, because memory belongs to the process.
static SHORT: AtomicBool = AtomicBool::new(false);

/// Notes that the allocator begins to use its reserve. Allocates nothing.
pub fn note_shortage() {
    SHORT.store(true, Ordering::Relaxed);
}

/// Notes that the reserve is complete again.
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

/// Reserves memory for `more` elements, or fails.
pub fn grow<T>(vector: &mut Vec<T>, more: usize) -> Result<()> {
    vector.try_reserve(more).map_err(|_| exhausted())
}

/// Reserves `more` bytes for a text, or fails.
pub fn grow_text(text: &mut String, more: usize) -> Result<()> {
    text.try_reserve(more).map_err(|_| exhausted())
}

/// Whether an error of the system says that this process or the machine has run out of something.
pub fn is_exhausted(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(Errno::from_raw_os_error);
    let limits = [Errno::MFILE, Errno::NFILE, Errno::NOMEM];
    code.is_some_and(|code| limits.contains(&code)) || error.kind() == io::ErrorKind::OutOfMemory
}

/// Whether no file can be opened any more. It tries to open a file that always exists.
pub fn no_descriptor_left() -> bool {
    File::open("/dev/null").is_err_and(|error| is_exhausted(&error))
}

/// The error for a thread or a poll that the system refuses; `what` names the refused thing.
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
