//! Shared by all native methods: decodes arguments from Java arrays, encodes a reply into one.

use std::sync::Arc;

use jni::objects::JByteArray;
use jni::sys::jbyteArray;
use jni::{Env, EnvUnowned, Outcome};
use zeroize::Zeroizing;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::page::Page;
use crate::engine::{Engine, SealingKey};
use crate::ffi::guard::guarded;
use crate::ffi::handles::ENGINES;
use crate::ffi::wire;

/// Runs one call and returns its reply. Null only if the JVM has no memory for the array; then its `OutOfMemoryError`
/// is pending.
pub fn reply(mut env: EnvUnowned<'_>, work: impl FnOnce(&mut Env<'_>) -> Result<Page>) -> jbyteArray {
    // The guard catches panics of the call; encoding and the array itself cannot panic.
    let outcome = env.with_env_no_catch(|env| -> jni::errors::Result<jbyteArray> {
        let bytes = wire::reply(&guarded(|| work(env)));
        Ok(env.byte_array_from_slice(&bytes)?.into_raw())
    });
    match outcome.into_outcome() {
        Outcome::Ok(array) => array,
        Outcome::Err(_) | Outcome::Panic(_) => std::ptr::null_mut(),
    }
}

/// The engine of a handle; Java's `long` holds the unsigned number bit by bit.
pub fn engine(handle: i64) -> Result<Arc<Engine>> {
    ENGINES.get(handle.cast_unsigned())
}

/// A page without columns, for calls without a result.
pub fn nothing() -> Page {
    Page::default()
}

/// The bytes of an array, wiped after use since a token may be among them; null is refused.
pub fn bytes(env: &Env<'_>, array: &JByteArray<'_>, name: &str) -> Result<Zeroizing<Vec<u8>>> {
    if array.is_null() {
        return Err(Error::about(ErrorCode::InvalidArgument, name));
    }
    let bytes = env
        .convert_byte_array(array)
        .map_err(|_| Error::about(ErrorCode::InvalidArgument, name))?;
    Ok(Zeroizing::new(bytes))
}

/// The text of an array of UTF-8; null is refused.
pub fn text(env: &Env<'_>, array: &JByteArray<'_>, name: &str) -> Result<Zeroizing<String>> {
    let bytes = bytes(env, array, name)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::about(ErrorCode::InvalidUtf8, name))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// The text of an array; none if the array is null.
pub fn optional_text(env: &Env<'_>, array: &JByteArray<'_>, name: &str) -> Result<Option<Zeroizing<String>>> {
    if array.is_null() {
        Ok(None)
    } else {
        text(env, array, name).map(Some)
    }
}

/// A sealing key; none if the array is null.
pub fn optional_key(env: &Env<'_>, array: &JByteArray<'_>) -> Result<Option<SealingKey>> {
    if array.is_null() {
        return Ok(None);
    }
    SealingKey::from_bytes(&bytes(env, array, "the sealing key")?).map(Some)
}
