//! Validating what is not stored, and keys for service apps, for C.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, text};
use super::credentials::secret;
use super::error::okp_error;
use super::{okp_engine, okp_page};
use crate::contract::records;
use crate::engine::{OAuthClient, ServiceApp};
use crate::ffi::selectors;

/// Validates an API token without storing it, as `okp_engine_validate` does with the credential in force, which stays.
///
/// @param page receives the page; free it.
/// @return as `okp_engine_validate`, and OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_ORG_URL_NOT_HTTPS,
/// OKP_ERROR_CREDENTIAL_MALFORMED.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_validate_token(
    handle: okp_engine,
    org_url: *const c_char,
    org_url_length: usize,
    api_token: *const c_char,
    api_token_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let url = unsafe { text(org_url, org_url_length, "the Okta URL") }?;
        // SAFETY: as above.
        let token = unsafe { text(api_token, api_token_length, "the API token") }?;
        Ok(records::validation(&engine(handle)?.validate_token(url, token)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Validates a service app without storing it. The app gets an access token, which is not kept.
///
/// @param flags as for `okp_engine_connect_service_app`.
/// @param page receives the page; free it.
/// @return as `okp_engine_validate`, and OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_PRIVATE_KEY_INVALID,
/// OKP_ERROR_INVALID_ARGUMENT.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // Each text is two, as everywhere in this header.
pub unsafe extern "C" fn okp_engine_validate_service_app(
    handle: okp_engine,
    org_url: *const c_char,
    org_url_length: usize,
    client_id: *const c_char,
    client_id_length: usize,
    private_key_pem: *const c_char,
    private_key_pem_length: usize,
    key_id: *const c_char,
    key_id_length: usize,
    flags: u32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let key = unsafe { secret(private_key_pem, private_key_pem_length, "the private key") }?;
        // SAFETY: as above.
        let (org_url, client_id, key_id) = unsafe {
            (
                text(org_url, org_url_length, "the Okta URL")?,
                text(client_id, client_id_length, "the client id")?,
                text(key_id, key_id_length, "the key id")?,
            )
        };
        let (dpop, _) = selectors::service_app(&key, flags)?;
        let app = ServiceApp {
            org_url,
            client_id,
            private_key_pem: &key,
            key_id,
            dpop,
        };
        Ok(records::validation(&engine(handle)?.validate_service_app(&app)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Validates an app before anybody has signed in with it: whether the host is an Okta org, and whether the org accepts
/// client id and secret. The other checks are not tried.
///
/// @param client_secret NULL with length 0 for a public client, or with OKP_CONNECT_STORED_SECRET.
/// @param flags 0 or OKP_CONNECT_STORED_SECRET.
/// @param page receives the page; free it.
/// @return as `okp_engine_validate`, and OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_CREDENTIAL_MALFORMED.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // Each text is two, as everywhere in this header.
pub unsafe extern "C" fn okp_engine_validate_client(
    handle: okp_engine,
    org_url: *const c_char,
    org_url_length: usize,
    client_id: *const c_char,
    client_id_length: usize,
    client_secret: *const c_char,
    client_secret_length: usize,
    flags: u32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let given = unsafe { secret(client_secret, client_secret_length, "the client secret") }?;
        let given = Some(&given).filter(|_| !client_secret.is_null());
        // SAFETY: as above.
        let (org_url, client_id) = unsafe {
            (
                text(org_url, org_url_length, "the Okta URL")?,
                text(client_id, client_id_length, "the client id")?,
            )
        };
        let (client_secret, dpop) = selectors::sign_in(given, flags)?;
        let client = OAuthClient {
            org_url,
            client_id,
            client_secret,
            redirect_uri: "",
            dpop,
        };
        Ok(records::validation(&engine(handle)?.validate_client(&client)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Makes a key for a service app: one row, named jwk, with the public part, which you add to the app in Okta. The
/// private part waits in memory for `okp_engine_connect_service_app` with OKP_CONNECT_STORED_SECRET, until another key
/// is made or the engine is closed. No call returns it.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_make_service_key(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::named_text("jwk", &engine(handle)?.make_service_key()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The public part of a private key: one row, named jwk.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_PRIVATE_KEY_INVALID, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_public_service_key(
    handle: okp_engine,
    private_key_pem: *const c_char,
    private_key_pem_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let key = unsafe { secret(private_key_pem, private_key_pem_length, "the private key") }?;
        Ok(records::named_text(
            "jwk",
            &engine(handle)?.public_service_key(&key)?,
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
