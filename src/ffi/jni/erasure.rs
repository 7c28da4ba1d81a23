//! Erasing a person on request, for Java.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jlong};

use super::reply::{engine, nothing, reply, text};

/// Erases a person everywhere and keeps the person out.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_eraseUser(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    okta_id: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let okta_id = text(env, &okta_id, "the Okta id")?;
        engine(handle)?.erase_user(&okta_id).map(|_| nothing())
    })
}

/// Lets a person in again who was erased.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_readmitUser(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    okta_id: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let okta_id = text(env, &okta_id, "the Okta id")?;
        engine(handle)?.readmit_user(&okta_id).map(|()| nothing())
    })
}
