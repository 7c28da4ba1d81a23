//! Settings that a directory keeps, for Java.
//!
//! `NativeSettings.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jlong};

use super::reply::{engine, nothing, reply, text};
use crate::contract::errors::{Error, ErrorCode};
use crate::contract::records;

/// Every setting with its value and where that comes from.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeSettings_all(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::settings(&engine(handle)?.settings()?)))
}

/// Keeps a setting in the directory.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeSettings_store(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    key: JByteArray<'_>,
    value: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let (key, value) = (text(env, &key, "the key")?, text(env, &value, "the value")?);
        engine(handle)?.store_setting(&key, &value).map(|()| nothing())
    })
}

/// Keeps a setting no more.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeSettings_unset(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    key: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let key = text(env, &key, "the key")?;
        match engine(handle)?.unset_setting(&key)? {
            true => Ok(nothing()),
            false => Err(Error::new(ErrorCode::NotFound)),
        }
    })
}
