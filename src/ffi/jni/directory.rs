//! What the directory answers, for Java. None of these calls uses the network.
//!
//! `NativeEngine.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use std::path::Path;

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{engine, nothing, optional_text, reply, text};
use crate::contract::records;
use crate::ffi::selectors;
use crate::model::RunId;

/// The entry of one user: one row, or none.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_find(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    kind: jint,
    value: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let value = text(env, &value, "the value")?;
        let found = engine(handle)?.find(selectors::lookup(kind, &value)?)?;
        Ok(records::entries(found.as_slice(), None))
    })
}

/// Entries of a view after a cursor.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_list(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    view: jint,
    after: jlong,
    limit: jint,
) -> jbyteArray {
    reply(env, |_| {
        let listed = engine(handle)?.list(selectors::view(view)?, after, selectors::limit(limit)?)?;
        Ok(records::entries(&listed, None))
    })
}

/// Entries of a view whose field begins with a prefix.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_search(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    view: jint,
    field: jint,
    prefix: JByteArray<'_>,
    after: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (prefix, after) = (
            text(env, &prefix, "the prefix")?,
            text(env, &after, "the cursor")?,
        );
        let (view, field) = (selectors::view(view)?, selectors::search_field(field)?);
        let found = engine(handle)?.search(view, field, &prefix, &after, selectors::limit(limit)?)?;
        Ok(records::entries(&found.entries, found.next.as_deref()))
    })
}

/// The change feed after a position, of one user if an id is given.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_changes(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    after: jlong,
    okta_id: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let okta_id = optional_text(env, &okta_id, "the Okta id")?;
        let okta_id = okta_id.as_ref().map(|id| id.as_str());
        Ok(records::changes(&engine(handle)?.changes(
            after,
            okta_id,
            selectors::limit(limit)?,
        )?))
    })
}

/// The change feed before a position, newest first, as far as the filter lets it through.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_changesBefore(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    before: jlong,
    okta_id: JByteArray<'_>,
    run: jlong,
    since: jlong,
    until: jlong,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let okta_id = text(env, &okta_id, "the Okta id")?;
        let filter = selectors::change_filter(&okta_id, run, since, until);
        let (before, limit) = ((before != 0).then_some(before), selectors::limit(limit)?);
        Ok(records::changes(
            &engine(handle)?.changes_before(before, filter, limit)?,
        ))
    })
}

/// Reports of the last runs, newest first.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_runs(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    before: jlong,
    limit: jint,
) -> jbyteArray {
    reply(env, |_| {
        let before = (before != 0).then_some(RunId(before));
        Ok(records::runs(
            &engine(handle)?.runs(before, selectors::limit(limit)?)?,
        ))
    })
}

/// What is in the directory and how fresh it is, by name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_statistics(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::statistics(&engine(handle)?.statistics()?)))
}

/// Checks the file and its rules; no rows if sound.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_checkIntegrity(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::integrity(&engine(handle)?.check_integrity()?))
    })
}

/// Writes a copy of the directory to a new file.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeEngine_backup(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    path: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let path = text(env, &path, "the path")?;
        engine(handle)?
            .backup(Path::new(path.as_str()))
            .map(|()| nothing())
    })
}
