//! Connecting, sign-ins, tokens and keys, for Java.
//!
//! `NativeCredentials.java` says what each argument is; here they are decoded, one call is made and its
//! answer encoded.

use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};
use jni::{Env, EnvUnowned};

use super::reply::{engine, nothing, optional_key, optional_text, reply, text};
use crate::contract::errors::Result;
use crate::contract::records;
use crate::engine::{OAuthClient, ServiceApp, Trial};
use crate::ffi::selectors;
use crate::secret::Secret;

/// Connects with org URL and API token.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_connect(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    org_url: JByteArray<'_>,
    api_token: JByteArray<'_>,
    flags: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (url, token) = (
            text(env, &org_url, "the Okta URL")?,
            text(env, &api_token, "the API token")?,
        );
        let trial = selectors::trial(flags.cast_unsigned())?;
        engine(handle)?
            .connect_with(&url, &token, trial)
            .map(|()| nothing())
    })
}

/// Connects with a service app.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_connectServiceApp(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    org_url: JByteArray<'_>,
    client_id: JByteArray<'_>,
    private_key_pem: JByteArray<'_>,
    key_id: JByteArray<'_>,
    flags: jint,
) -> jbyteArray {
    reply(env, |env| {
        let engine = engine(handle)?;
        let connect = |app: &ServiceApp<'_>, trial| engine.connect_service_app_with(app, trial);
        let texts = [&org_url, &client_id, &private_key_pem, &key_id];
        with_service_app(env, texts, flags, connect).map(|()| nothing())
    })
}

/// Decodes a service app and makes a call with it.
fn with_service_app<T>(
    env: &Env<'_>,
    [org_url, client_id, private_key_pem, key_id]: [&JByteArray<'_>; 4],
    flags: jint,
    call: impl FnOnce(&ServiceApp<'_>, Trial) -> Result<T>,
) -> Result<T> {
    let org_url = text(env, org_url, "the Okta URL")?;
    let client_id = text(env, client_id, "the client id")?;
    let key_id = text(env, key_id, "the key id")?;
    let key = optional_text(env, private_key_pem, "the private key")?;
    let key = Secret::text(key.map(|key| key.as_str().to_owned()).unwrap_or_default());
    let (dpop, trial) = selectors::service_app(&key, flags.cast_unsigned())?;
    let app = ServiceApp {
        org_url: &org_url,
        client_id: &client_id,
        private_key_pem: &key,
        key_id: &key_id,
        dpop,
    };
    call(&app, trial)
}

/// Validates an API token that is not stored.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_validateToken(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    org_url: JByteArray<'_>,
    api_token: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let (url, token) = (
            text(env, &org_url, "the Okta URL")?,
            text(env, &api_token, "the API token")?,
        );
        Ok(records::validation(
            &engine(handle)?.validate_token(&url, &token)?,
        ))
    })
}

/// Validates a service app that is not stored.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_validateServiceApp(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    org_url: JByteArray<'_>,
    client_id: JByteArray<'_>,
    private_key_pem: JByteArray<'_>,
    key_id: JByteArray<'_>,
    flags: jint,
) -> jbyteArray {
    reply(env, |env| {
        let engine = engine(handle)?;
        let texts = [&org_url, &client_id, &private_key_pem, &key_id];
        let report = with_service_app(env, texts, flags, |app, _| engine.validate_service_app(app))?;
        Ok(records::validation(&report))
    })
}

/// Validates an app with which nobody has signed in.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_validateClient(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    org_url: JByteArray<'_>,
    client_id: JByteArray<'_>,
    client_secret: JByteArray<'_>,
    flags: jint,
) -> jbyteArray {
    reply(env, |env| {
        let secret = optional_text(env, &client_secret, "the client secret")?;
        let secret = secret.map(|secret| Secret::text(secret.as_str().to_owned()));
        let (client_secret, dpop) = selectors::sign_in(secret.as_ref(), flags.cast_unsigned())?;
        let client = OAuthClient {
            org_url: &text(env, &org_url, "the Okta URL")?,
            client_id: &text(env, &client_id, "the client id")?,
            client_secret,
            redirect_uri: "",
            dpop,
        };
        Ok(records::validation(&engine(handle)?.validate_client(&client)?))
    })
}

/// Makes a key for a service app.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_makeServiceKey(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::named_text("jwk", &engine(handle)?.make_service_key()?))
    })
}

/// The public part of a private key.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_publicServiceKey(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    private_key_pem: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let key = text(env, &private_key_pem, "the private key")?;
        let key = Secret::text(key.as_str().to_owned());
        Ok(records::named_text(
            "jwk",
            &engine(handle)?.public_service_key(&key)?,
        ))
    })
}

/// Begins a sign-in.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_beginAuthorization(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    org_url: JByteArray<'_>,
    client_id: JByteArray<'_>,
    client_secret: JByteArray<'_>,
    redirect_uri: JByteArray<'_>,
    flags: jint,
) -> jbyteArray {
    reply(env, |env| {
        let secret = optional_text(env, &client_secret, "the client secret")?;
        let secret = secret.map(|secret| Secret::text(secret.as_str().to_owned()));
        let (client_secret, dpop) = selectors::sign_in(secret.as_ref(), flags.cast_unsigned())?;
        let client = OAuthClient {
            org_url: &text(env, &org_url, "the Okta URL")?,
            client_id: &text(env, &client_id, "the client id")?,
            client_secret,
            redirect_uri: &text(env, &redirect_uri, "the redirect URI")?,
            dpop,
        };
        let request = engine(handle)?.begin_authorization(&client)?;
        Ok(records::authorization_request(&request))
    })
}

/// Completes a sign-in with the callback URL or its query.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_completeAuthorization(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    callback: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let callback = text(env, &callback, "the callback URL")?;
        let status = engine(handle)?.complete_authorization(&callback)?;
        Ok(records::token_status(&status))
    })
}

/// Renews the access token now.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_refresh(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::token_status(&engine(handle)?.refresh_token()?))
    })
}

/// The credential and how long it is valid; sends no request.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_status(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::token_status(&engine(handle)?.token_status()?))
    })
}

/// Revokes the tokens and erases the credential.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_disconnect(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| engine(handle)?.disconnect().map(|()| nothing()))
}

/// Seals every secret anew, under the host's new key or, for null, a new one in the key file.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCredentials_rekey(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    new_key: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let key = optional_key(env, &new_key)?;
        engine(handle)?.rekey(key).map(|()| nothing())
    })
}
