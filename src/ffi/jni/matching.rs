//! Handing Jira users over, matching and pins, for Java.
//!
//! `NativeMatching.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass};
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{bytes, engine, nothing, reply, text};
use crate::contract::choices::CandidatesOf;
use crate::contract::columns::Column;
use crate::contract::records;
use crate::ffi::{selectors, wire};

/// Begins handing over the whole set.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_beginJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| engine(handle)?.begin_jira_users().map(|()| nothing()))
}

/// Adds a batch, a page of Jira columns.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_addJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    users: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let users = wire::read_jira_users(&bytes(env, &users, "the users")?)?;
        engine(handle)?.add_jira_users(&users).map(|()| nothing())
    })
}

/// Replaces the set by what was handed over and matches anew.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_commitJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    confirm_loss: jint,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::jira_user_counts(
            &engine(handle)?.commit_jira_users(confirm_loss != 0)?,
        ))
    })
}

/// What committing the users handed over so far would do.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_previewJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| {
        Ok(records::jira_user_counts(&engine(handle)?.preview_jira_users()?))
    })
}

/// Adds or changes single users and matches anew.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_upsertJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    users: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let users = wire::read_jira_users(&bytes(env, &users, "the users")?)?;
        engine(handle)?.upsert_jira_users(&users).map(|()| nothing())
    })
}

/// Removes users by key and matches anew.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_removeJiraUsers(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    keys: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let keys = wire::read_texts(&bytes(env, &keys, "the keys")?, Column::JiraKey)?;
        engine(handle)?.remove_jira_users(&keys).map(|()| nothing())
    })
}

/// Matches anew by the rules in force.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_rematch(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
) -> jbyteArray {
    reply(env, |_| Ok(records::match_counts(&engine(handle)?.rematch()?)))
}

/// What other rules would do.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_previewMatching(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    rules: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let rules = text(env, &rules, "the rules")?;
        Ok(records::match_preview(&engine(handle)?.preview_matching(&rules)?))
    })
}

/// The pairs behind a preview.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_previewPairs(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    rules: JByteArray<'_>,
    which: jint,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let rules = text(env, &rules, "the rules")?;
        let (which, limit) = (selectors::preview_of(which)?, selectors::limit(limit)?);
        let pairs = engine(handle)?.preview_pairs(&rules, which, limit)?;
        Ok(records::entries(&pairs, None))
    })
}

/// Ties an Okta user to a Jira user by hand.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_pin(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    okta_id: JByteArray<'_>,
    jira_key: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let (okta_id, jira_key) = (
            text(env, &okta_id, "the Okta id")?,
            text(env, &jira_key, "the Jira key")?,
        );
        engine(handle)?.pin(&okta_id, &jira_key).map(|()| nothing())
    })
}

/// Removes the pin of a Jira user.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_unpin(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    jira_key: JByteArray<'_>,
) -> jbyteArray {
    reply(env, |env| {
        let jira_key = text(env, &jira_key, "the Jira key")?;
        engine(handle)?.unpin(&jira_key).map(|()| nothing())
    })
}

/// The users that an ambiguous user may be the same person as.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativeMatching_candidates(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    side: jint,
    id: JByteArray<'_>,
    limit: jint,
) -> jbyteArray {
    reply(env, |env| {
        let id = text(env, &id, "the id")?;
        let (engine, limit) = (engine(handle)?, selectors::limit(limit)?);
        let found = match selectors::side(side)? {
            CandidatesOf::OktaUser => engine.candidates_of_okta_user(&id, limit)?,
            CandidatesOf::JiraUser => engine.candidates_of_jira_user(&id, limit)?,
        };
        Ok(records::candidates(&found))
    })
}
