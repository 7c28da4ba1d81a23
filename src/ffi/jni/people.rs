//! Users by what they are, and who reports to whom, for Java. None of these calls uses the network.
//!
//! `NativePeople.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{bytes, engine, reply, text};
use crate::contract::columns::Column;
use crate::contract::records;
use crate::ffi::{selectors, wire};
use crate::model::UserCriterion;

/// Keys of the Jira users tied to an Okta user that a condition is true of.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_usersWhere(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    name: JByteArray<'_>,
    value: JByteArray<'_>,
    after: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (name, value) = (text(env, &name, "the name")?, text(env, &value, "the value")?);
        let after = text(env, &after, "the cursor")?;
        let criterion = UserCriterion::from_words(&name, &value);
        let found = engine(handle)?.users_where(criterion, &after, selectors::limit(limit)?)?;
        Ok(records::jira_keys(&found))
    })
}

/// The people behind Jira users.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_ofJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    keys: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let keys = wire::read_texts(&bytes(env, &keys, "the keys")?, Column::JiraKey)?;
        Ok(records::people(&engine(handle)?.people(&keys)?))
    })
}

/// The same with chosen attributes.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_ofJiraUsersShowing(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    keys: JByteArray<'_>,
    attributes: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let keys = wire::read_texts(&bytes(env, &keys, "the keys")?, Column::JiraKey)?;
        let attributes = bytes(env, &attributes, "the attributes")?;
        let attributes = wire::read_texts(&attributes, Column::AttributeName)?;
        Ok(records::people(
            &engine(handle)?.people_showing(&keys, &attributes)?,
        ))
    })
}

/// The manager of a user, or none.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_managerOf(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    kind: jint,
    value: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let value = text(env, &value, "the value")?;
        let manager = engine(handle)?.manager_of(selectors::lookup(kind, &value)?)?;
        Ok(records::entries(manager.as_slice(), None))
    })
}

/// The managers of a user, the nearest first.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_chainOf(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    kind: jint,
    value: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let value = text(env, &value, "the value")?;
        let chain = engine(handle)?.managers_of(selectors::lookup(kind, &value)?)?;
        Ok(records::entries(&chain, None))
    })
}

/// The users who report to a user.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePeople_reportsOf(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    kind: jint,
    value: JByteArray<'_>,
    after: jlong,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let value = text(env, &value, "the value")?;
        let (user, limit) = (selectors::lookup(kind, &value)?, selectors::limit(limit)?);
        let reports = engine(handle)?.reports_of(user, after, limit)?;
        Ok(records::entries(&reports, None))
    })
}
