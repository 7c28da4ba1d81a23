//! Connecting, sign-ins, tokens and keys, for Java.
//!
//! `NativeCredentials.java` says what each argument is; here they are decoded, one call is made and its
//! answer encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{engine, nothing, optional_key, optional_text, reply, text};
use crate::contract::records;
use crate::engine::{OAuthClient, ServiceApp};
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
        let key = text(env, &private_key_pem, "the private key")?;
        let (dpop, trial) = selectors::service_app(flags.cast_unsigned())?;
        let app = ServiceApp {
            org_url: &text(env, &org_url, "the Okta URL")?,
            client_id: &text(env, &client_id, "the client id")?,
            private_key_pem: &Secret::text(key.as_str().to_owned()),
            key_id: &text(env, &key_id, "the key id")?,
            dpop,
        };
        engine(handle)?
            .connect_service_app_with(&app, trial)
            .map(|()| nothing())
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

/// What Okta is asked with; asks nobody.
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
