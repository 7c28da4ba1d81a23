//! Live and the event hook, for Java.
//!
//! `NativeLive.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jboolean, jbyteArray, jlong};

use super::reply::{bytes, engine, nothing, reply, text};
use crate::contract::records;

/// How live works.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_status(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::live_status(&engine(handle)?.live_status()?)))
}

/// Takes a delivery of the event hook.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_receive(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    method: JByteArray<'_>,
    headers: JByteArray<'_>,
    body: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let (method, headers) = (text(env, &method, "method")?, text(env, &headers, "headers")?);
        let body = bytes(env, &body, "body")?;
        // Names and values by turns, a line each: neither can hold the end of a line.
        let lines: Vec<&str> = headers.split('\n').collect();
        let pairs: Vec<(&str, &str)> = lines.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        Ok(records::hook_answer(
            &engine(handle)?.receive_event(&method, &pairs, &body)?,
        ))
    })
}

/// Reads again what events name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_refresh(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::runs(engine(handle)?.refresh_pending()?.as_slice()))
    })
}

/// Reads what the System Log has that is new.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_poll(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::log_poll(&engine(handle)?.poll_log()?)))
}

/// Registers the event hook at Okta, or mends it.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_register(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    url: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let url = text(env, &url, "url")?;
        Ok(records::live_status(&engine(handle)?.register_hook(&url)?))
    })
}

/// Gives the event hook at Okta another secret.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_rotate(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::live_status(&engine(handle)?.rotate_hook_secret()?))
    })
}

/// Asks Okta whether the event hook is as it should be.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_check(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::live_status(&engine(handle)?.check_hook()?)))
}

/// Has Okta send its challenge once more.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_verify(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::live_status(&engine(handle)?.verify_hook()?)))
}

/// Removes the event hook at Okta.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_remove(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::live_status(&engine(handle)?.remove_hook()?)))
}

/// The secret that deliveries must carry.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_secret(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    renew: jboolean,
) -> jbyteArray {
    reply(env, |_| {
        let engine = engine(handle)?;
        let secret = match renew {
            false => engine.hook_secret(),
            true => engine.renew_hook_secret(),
        };
        Ok(records::hook_secret(&secret?))
    })
}

/// Digests of the secrets that a delivery may carry.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_secretDigests(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::hook_secret_digests(
            &engine(handle)?.hook_secret_digests()?,
        ))
    })
}

/// Says whether Okta could deliver to an address.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeLive_checkAddress(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    url: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let url = text(env, &url, "url")?;
        engine(handle)?.check_hook_address(&url).map(|()| nothing())
    })
}
