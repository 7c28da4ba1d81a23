//! Groups and memberships, for Java. None of these calls uses the network.
//!
//! `NativeGroups.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{engine, reply, text};
use crate::contract::records;
use crate::ffi::selectors;
use crate::model::GroupFilter;

/// Groups in the order of their names.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeGroups_list(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    kind: JByteArray<'_>,
    prefix: JByteArray<'_>,
    after: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (kind, prefix) = (text(env, &kind, "the type")?, text(env, &prefix, "the prefix")?);
        let after = text(env, &after, "the cursor")?;
        let filter = GroupFilter {
            kind: &kind,
            name_prefix: &prefix,
        };
        let found = engine(handle)?.groups(filter, &after, selectors::limit(limit)?)?;
        Ok(records::groups(&found.groups, found.next.as_deref()))
    })
}

/// One group, or none.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeGroups_get(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    group_id: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let group_id = text(env, &group_id, "the group id")?;
        Ok(records::groups(
            engine(handle)?.group(&group_id)?.as_slice(),
            None,
        ))
    })
}

/// Members of a group.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeGroups_members(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    group_id: JByteArray<'_>,
    after: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (group_id, after) = (
            text(env, &group_id, "the group id")?,
            text(env, &after, "the cursor")?,
        );
        let members = engine(handle)?.group_members(&group_id, &after, selectors::limit(limit)?)?;
        Ok(records::group_members(&members))
    })
}

/// Keys of the Jira users that members of a group are tied to.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeGroups_matchedMembers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    group_id: JByteArray<'_>,
    after: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let (group_id, after) = (
            text(env, &group_id, "the group id")?,
            text(env, &after, "the cursor")?,
        );
        let found = engine(handle)?.matched_group_members(&group_id, &after, selectors::limit(limit)?)?;
        Ok(records::jira_keys(&found))
    })
}

/// The groups of a Jira user.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeGroups_groupsOfJiraUser(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    jira_key: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let jira_key = text(env, &jira_key, "the Jira key")?;
        let groups = engine(handle)?.groups_of_jira_user(&jira_key, selectors::limit(limit)?)?;
        Ok(records::groups(&groups, None))
    })
}

/// The groups of an Okta user.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeGroups_groupsOfOktaUser(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    okta_id: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let okta_id = text(env, &okta_id, "the Okta id")?;
        let groups = engine(handle)?.groups_of_okta_user(&okta_id, selectors::limit(limit)?)?;
        Ok(records::groups(&groups, None))
    })
}
