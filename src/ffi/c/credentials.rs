//! Connecting, sign-ins, tokens and keys, for C.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, slice, text};
use super::error::okp_error;
use super::{okp_engine, okp_page};
use crate::contract::errors::Result;
use crate::contract::records;
use crate::engine::{OAuthClient, SealingKey, ServiceApp};
use crate::ffi::selectors;
use crate::secret::Secret;

/// Connects with the Okta org and an API token, for the calls that begin from now on. A token that replaces another
/// credential is tried first; if Okta refuses it, the other stays in force. The first credential is kept without a
/// request to Okta. The org URL may be given as pasted: issuer URI, address of the admin console, without scheme. The
/// token is kept sealed in the directory, so an engine that is opened again is connected again.
///
/// @return 0, OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_ORG_URL_NOT_HTTPS, OKP_ERROR_CREDENTIAL_MALFORMED,
/// OKP_ERROR_NOT_AN_OKTA_ORG, OKP_ERROR_ORG_MISMATCH, OKP_ERROR_TOKEN_REJECTED,
/// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_connect(
    handle: okp_engine,
    org_url: *const c_char,
    org_url_length: usize,
    api_token: *const c_char,
    api_token_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let url = unsafe { text(org_url, org_url_length, "the Okta URL") }?;
        // SAFETY: as above.
        let token = unsafe { text(api_token, api_token_length, "the API token") }?;
        engine(handle)?.connect(url, token)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// As `okp_engine_connect`, with a choice when the token is tried.
///
/// @param flags 0, OKP_CONNECT_TRIED (also the first credential) or OKP_CONNECT_UNTRIED (never).
/// @return as `okp_engine_connect`, and OKP_ERROR_INVALID_ARGUMENT.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_connect_with(
    handle: okp_engine,
    org_url: *const c_char,
    org_url_length: usize,
    api_token: *const c_char,
    api_token_length: usize,
    flags: u32,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let url = unsafe { text(org_url, org_url_length, "the Okta URL") }?;
        // SAFETY: as above.
        let token = unsafe { text(api_token, api_token_length, "the API token") }?;
        engine(handle)?.connect_with(url, token, selectors::trial(flags)?)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Connects with a service app (Okta: API Services, public key / private key). The key is checked; an app that replaces
/// another credential is tried first, as in `okp_engine_connect`.
///
/// @param private_key_pem RSA of at least 2048 bits or EC on P-256, PEM, not encrypted.
/// @param key_id the id of the app's public key in Okta; empty if the app has only one.
/// @param flags 0 or OKP_CONNECT_DPOP, and one of OKP_CONNECT_TRIED and OKP_CONNECT_UNTRIED. If the app demands DPoP,
/// it happens without the flag. OKP_CONNECT_STORED_SECRET, with an empty key, uses the key that
/// `okp_engine_make_service_key` made last, or else the key that is stored for this app.
/// @return 0, OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_PRIVATE_KEY_INVALID, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_ASSERTION_REJECTED, OKP_ERROR_CONSENT_REQUIRED, OKP_ERROR_ORG_MISMATCH,
/// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // Each text is two, as everywhere in this header.
pub unsafe extern "C" fn okp_engine_connect_service_app(
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
        let (dpop, trial) = selectors::service_app(&key, flags)?;
        let app = ServiceApp {
            org_url,
            client_id,
            private_key_pem: &key,
            key_id,
            dpop,
        };
        engine(handle)?.connect_service_app_with(&app, trial)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Begins a sign-in with Okta: one row with OKP_COLUMN_AUTHORIZATION_URL, OKP_COLUMN_AUTHORIZATION_STATE,
/// OKP_COLUMN_AUTHORIZATION_EXPIRES. Send the user's browser to the URL; Okta sends it back to the redirect
/// URI, whose query goes to `okp_engine_complete_authorization`. This call sends no request. The sign-in survives a
/// restart.
///
/// @param client_secret NULL with length 0 for a public client, or with OKP_CONNECT_STORED_SECRET.
/// @param redirect_uri as registered with the app, letter by letter.
/// @param flags 0, OKP_CONNECT_DPOP, OKP_CONNECT_STORED_SECRET or both. If the app demands DPoP, it happens without the
/// flag. OKP_CONNECT_STORED_SECRET signs in again with the client secret of the present sign-in, which must be for the
/// same client and org; otherwise the call returns OKP_ERROR_INVALID_ARGUMENT.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_CREDENTIAL_MALFORMED, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // Each text is two, as everywhere in this header.
pub unsafe extern "C" fn okp_engine_begin_authorization(
    handle: okp_engine,
    org_url: *const c_char,
    org_url_length: usize,
    client_id: *const c_char,
    client_id_length: usize,
    client_secret: *const c_char,
    client_secret_length: usize,
    redirect_uri: *const c_char,
    redirect_uri_length: usize,
    flags: u32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let client_secret = unsafe { secret(client_secret, client_secret_length, "the client secret") }?;
        // SAFETY: as above.
        let (org_url, client_id, redirect_uri) = unsafe {
            (
                text(org_url, org_url_length, "the Okta URL")?,
                text(client_id, client_id_length, "the client id")?,
                text(redirect_uri, redirect_uri_length, "the redirect URI")?,
            )
        };
        let given = Some(&client_secret).filter(|secret| !secret.expose().is_empty());
        let (client_secret, dpop) = selectors::sign_in(given, flags)?;
        let client = OAuthClient {
            org_url,
            client_id,
            client_secret,
            redirect_uri,
            dpop,
        };
        let request = engine(handle)?.begin_authorization(&client)?;
        Ok(records::authorization_request(&request))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Completes a sign-in with what Okta sent the user back with. From then on the engine is connected, and a sign-in that
/// it replaces is revoked at Okta. The answer is accepted once. Blocks while Okta is asked, usually less than a second.
///
/// @param callback the whole callback URL, or its query.
/// @param page receives the page of `okp_engine_token_status`; free it.
/// @return 0, OKP_ERROR_AUTHORIZATION_UNKNOWN, OKP_ERROR_AUTHORIZATION_DENIED, OKP_ERROR_CODE_REJECTED,
/// OKP_ERROR_CLIENT_REJECTED, OKP_ERROR_CONSENT_REQUIRED, OKP_ERROR_REFRESH_TOKEN_MISSING,
/// OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_complete_authorization(
    handle: okp_engine,
    callback: *const c_char,
    callback_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let callback = unsafe { text(callback, callback_length, "the callback URL") }?;
        let status = engine(handle)?.complete_authorization(callback)?;
        Ok(records::token_status(&status))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Renews the access token now, unless another call has just done so. Other calls renew it when they need to; this call
/// shows whether it works.
///
/// @param page receives the page of `okp_engine_token_status`; free it.
/// @return 0, OKP_ERROR_NOT_CONNECTED, OKP_ERROR_SIGN_IN_ENDED, OKP_ERROR_CLIENT_REJECTED,
/// OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_refresh_token(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::token_status(&engine(handle)?.refresh_token()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The credential and how long it is valid: one row with OKP_COLUMN_CREDENTIAL_KIND,
/// OKP_COLUMN_ORG_URL, OKP_COLUMN_CLIENT_ID, OKP_COLUMN_GRANTED_SCOPES, OKP_COLUMN_TOKEN_OBTAINED,
/// OKP_COLUMN_ACCESS_TOKEN_EXPIRES, OKP_COLUMN_SIGN_IN_ENDS, OKP_COLUMN_SIGN_IN_WARNING, OKP_COLUMN_DPOP,
/// OKP_COLUMN_CREDENTIAL_PROBLEM. Sends no request.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_token_status(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::token_status(&engine(handle)?.token_status()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Revokes the tokens at Okta and erases the credential with everything that belongs to it. An API token
/// is not revoked: it may be used elsewhere.
///
/// @return 0; OKP_ERROR_NOT_REVOKED if it was erased but Okta could not be told;
/// OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// `error` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_disconnect(handle: okp_engine, error: *mut okp_error) -> i32 {
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, || engine(handle)?.disconnect()) }
}

/// Seals every secret under a new key, in one transaction.
///
/// @param key the host's new key, 32 random bytes, to give to `okp_engine_open_with_key` from now on; NULL with length
/// 0 for a new key in the key file beside the directory.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_SEALING_KEY_WRONG, OKP_ERROR_CREDENTIAL_DAMAGED,
/// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_rekey(
    handle: okp_engine,
    key: *const u8,
    key_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's bytes, as documented.
        let bytes = unsafe { slice(key, key_length, "the sealing key") }?;
        let key = match bytes.is_empty() {
            true => None,
            false => Some(SealingKey::from_bytes(bytes)?),
        };
        engine(handle)?.rekey(key)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// A secret text, wiped after the call.
///
/// # Safety
/// As for `text`.
pub(super) unsafe fn secret(data: *const c_char, length: usize, name: &str) -> Result<Secret> {
    // SAFETY: promised by the caller.
    Ok(Secret::text(unsafe { text(data, length, name) }?.to_owned()))
}
