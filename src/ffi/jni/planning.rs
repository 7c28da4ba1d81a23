//! What a sync would do and cost, for Java.
//!
//! `NativePlanning.java` says what each argument is; here they are decoded, one call is made and its answer
//! encoded.

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jbyteArray, jint, jlong};

use super::reply::{engine, reply};
use crate::contract::records;
use crate::ffi::selectors;

/// Tries a sync on a copy of the directory.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePlanning_dryRun(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    flags: jint,
    samples: jint,
) -> jbyteArray {
    reply(env, |_| {
        let options = selectors::sync_options(flags.cast_unsigned())?;
        let done = engine(handle)?.dry_run(options, selectors::limit(samples)?)?;
        Ok(records::dry_run(&done))
    })
}

/// What a sync would cost.
#[unsafe(no_mangle)]
pub extern "system" fn Java_com_mumosystems_oktaprofiles_internal_NativePlanning_syncBudget(
    env: EnvUnowned<'_>,
    _class: JClass<'_>,
    handle: jlong,
    flags: jint,
) -> jbyteArray {
    reply(env, |_| {
        let options = selectors::sync_options(flags.cast_unsigned())?;
        Ok(records::sync_budget(&engine(handle)?.sync_budget(options)?))
    })
}
