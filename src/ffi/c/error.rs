//! Errors for C: a struct that the caller owns, and the sentences of the codes.

use std::ffi::{CString, c_char};

use once_cell::sync::Lazy;

use crate::contract::errors::{Error, ErrorCode};

/// What went wrong. The caller owns it: put one on the stack with `okp_error error = OKP_ERROR_INIT;`
/// and pass its address, or pass NULL if the code alone is enough. It is written only when a call
/// fails. Texts are UTF-8, end with NUL and are cut if they are longer than their field. They never
/// contain a token, a login or an e-mail address.
#[repr(C)]
pub struct okp_error {
    /// Set to `sizeof(okp_error)` by `OKP_ERROR_INIT`. The library writes no further than this.
    pub struct_size: u32,
    /// The code, one of `OKP_ERROR_*`.
    pub code: i32,
    /// After how many milliseconds a retry makes sense; -1 if unknown.
    pub retry_after_ms: i64,
    /// What happened, where, and what to do next.
    pub message: [c_char; 512],
    /// Okta's own errorCode, such as E0000006; empty if Okta gave none.
    pub okta_error_code: [c_char; 48],
    /// Okta's request id, to be quoted to Okta support; empty if there is none.
    pub okta_request_id: [c_char; 72],
    /// The OAuth scope that Okta found missing; empty if none.
    pub missing_scope: [c_char; 208],
}

/// Fills the caller's struct and returns the code. A struct of an older, smaller size is filled as far as it goes. A
/// struct that cannot even hold the code is not written.
///
/// # Safety
/// `out` is null or points to an `okp_error` whose `struct_size` says how much may be written.
pub unsafe fn report(out: *mut okp_error, error: &Error) -> i32 {
    let code = error.code().number();
    if out.is_null() || !out.is_aligned() {
        return code;
    }
    // SAFETY: not null and aligned (checked above); the caller promises a readable `struct_size`.
    let size = unsafe { (*out).struct_size } as usize;
    let retry_after = error
        .retry_after_hint()
        .map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    let filled = okp_error {
        struct_size: u32::try_from(size).unwrap_or(0),
        code,
        retry_after_ms: retry_after.unwrap_or(-1),
        message: field(error.message()),
        okta_error_code: field(error.okta_error().unwrap_or_default()),
        okta_request_id: field(error.request_id().unwrap_or_default()),
        missing_scope: field(error.scope().unwrap_or_default()),
    };
    let length = size.min(size_of::<okp_error>());
    if length >= std::mem::offset_of!(okp_error, retry_after_ms) {
        // SAFETY: both are valid for `length` bytes: `filled` by its size, `out` by its `struct_size`.
        unsafe { std::ptr::copy_nonoverlapping((&raw const filled).cast::<u8>(), out.cast::<u8>(), length) };
    }
    code
}

/// The text cut at a character, with a NUL behind it.
fn field<const N: usize>(text: &str) -> [c_char; N] {
    let end = (0..=text.len().min(N - 1))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let mut field = [0; N];
    for (place, byte) in field.iter_mut().zip(&text.as_bytes()[..end]) {
        // A char of C has a sign on x86-64 and none on aarch64.
        *place = c_char::from_ne_bytes([*byte]);
    }
    field
}

static TEXTS: Lazy<Vec<(i32, CString)>> = Lazy::new(|| {
    let text = |code: &ErrorCode| CString::new(code.text()).unwrap_or_default();
    ErrorCode::ALL
        .iter()
        .map(|code| (code.number(), text(code)))
        .collect()
});

/// The general sentence of a code, UTF-8 with a NUL at its end; NULL for a number that is no code.
///
/// The text is static: never free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn okp_error_text(code: i32) -> *const c_char {
    let found = TEXTS.iter().find(|(number, _)| *number == code);
    found.map_or(std::ptr::null(), |(_, text)| text.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_a_character_and_end_with_nul() {
        let field: [c_char; 6] = field("abcdé");
        assert_eq!(field.map(|byte| byte.cast_unsigned()), *b"abcd\0\0");
    }
}
