//! Several nodes with the same directory, for Java.
//!
//! `NativeCluster.java` says what each argument is; here they are decoded, one call is made and its answer encoded.

use std::path::Path;

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{engine, nothing, reply, text};
use crate::contract::records;

/// Publishes the directory on a folder that all nodes share.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCluster_publishTo(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    folder: JByteArray<'_>,
    note: JByteArray<'_>,
    anew: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (folder, note) = (text(env, &folder, "the folder")?, text(env, &note, "the note")?);
        let publication = engine(handle)?.publish_to(Path::new(folder.as_str()), &note, anew != 0)?;
        Ok(records::publication(&publication))
    })
}

/// Brings the directory to the newest state that was published on a folder.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCluster_follow(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    folder: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let folder = text(env, &folder, "the folder")?;
        Ok(records::followed(
            &engine(handle)?.follow(Path::new(folder.as_str()))?,
        ))
    })
}

/// Ends this directory's part in a cluster.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeCluster_leave(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| engine(handle)?.leave_cluster().map(|()| nothing()))
}
