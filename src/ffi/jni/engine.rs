//! Opening, settings, validating, running and closing, for Java.
//!
//! `NativeEngine.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use std::path::Path;

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{bytes, engine, nothing, optional_key, reply, text};
use crate::contract::columns::Column;
use crate::contract::errors::Result;
use crate::contract::records;
use crate::contract::settings::Settings;
use crate::engine::Engine;
use crate::ffi::handles::ENGINES;
use crate::ffi::{ABI_VERSION, selectors, wire};

/// The version of the boundary; checked by Java before anything else.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_abiVersion(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jint {
    ABI_VERSION.cast_signed()
}

/// The version of the library, by name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_version(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::named_text("version", env!("CARGO_PKG_VERSION")))
    })
}

/// Opens a directory with settings (a page of names and values) and the host's sealing key or null; one
/// row with the handle.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_open(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    path: JByteArray<'_>,
    settings: JByteArray<'_>,
    sealing_key: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let path = text(env, &path, "the path")?;
        let path = Path::new(path.as_str());
        let settings = read_settings(&bytes(env, &settings, "the settings")?)?;
        let engine = match optional_key(env, &sealing_key)? {
            Some(key) => Engine::open_with_key(path, settings, key)?,
            None => Engine::open(path, settings)?,
        };
        let report = engine.open_report().clone();
        Ok(records::opened(ENGINES.insert(engine), &report))
    })
}

/// Closes the engine: cancels what runs on it, waits and closes every file.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_close(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        ENGINES
            .remove(handle.cast_unsigned())?
            .close()
            .map(|()| nothing())
    })
}

/// Changes a setting.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_set(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    key: JByteArray<'_>,
    value: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let (key, value) = (text(env, &key, "the key")?, text(env, &value, "the value")?);
        engine(handle)?.set(&key, &value).map(|()| nothing())
    })
}

/// The value of a setting, by name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_setting(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    key: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let key = text(env, &key, "the key")?;
        Ok(records::named_text(&key, &engine(handle)?.setting(&key)?))
    })
}

/// Checks org, credential and every capability.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_validate(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::validation(&engine(handle)?.validate()?)))
}

/// Brings the directory up to date; blocks until the end.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_sync(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    flags: jint,
) -> jbyteArray {
    reply(env, |_| {
        let options = selectors::sync_options(flags.cast_unsigned())?;
        Ok(records::runs(&[engine(handle)?.sync(options)?]))
    })
}

/// How far the running sync is; never blocks.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_progress(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::progress(&engine(handle)?.progress())))
}

/// Stops the calls that run on the engine now.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_cancel(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        engine(handle)?.cancel();
        Ok(nothing())
    })
}

/// Lines of the log after a position.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_log(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    after: jlong,
    limit: jint,
) -> jbyteArray {
    reply(env, |_| {
        let after = u64::try_from(after).unwrap_or(0);
        Ok(records::log(
            &engine(handle)?.log(after, selectors::limit(limit)?),
        ))
    })
}

/// Settings from a page of names and values.
fn read_settings(bytes: &[u8]) -> Result<Settings> {
    let mut settings = Settings::default();
    let names = wire::read_texts(bytes, Column::Name)?;
    let values = wire::read_texts(bytes, Column::Value)?;
    for (name, value) in names.iter().zip(&values) {
        settings.set(name, value)?;
    }
    Ok(settings)
}
