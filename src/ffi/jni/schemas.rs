//! User types, attributes and titled profiles, for Java. None of these calls uses the network.
//!
//! `NativeSchemas.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jlong};

use super::reply::{engine, optional_text, reply, text};
use crate::contract::records;

/// The user types of the org.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeSchemas_userTypes(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::user_types(&engine(handle)?.user_types()?)))
}

/// The attributes of a type; null for the default type.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeSchemas_attributes(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    type_id: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let type_id = optional_text(env, &type_id, "the type id")?;
        let type_id = type_id.as_ref().map(|id| id.as_str());
        Ok(records::attributes(&engine(handle)?.attributes(type_id)?))
    })
}

/// A profile under titles.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeSchemas_titledProfile(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    okta_id: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let okta_id = text(env, &okta_id, "the Okta id")?;
        Ok(records::titled_profile(
            &engine(handle)?.titled_profile(&okta_id)?,
        ))
    })
}
