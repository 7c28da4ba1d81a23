//! Computes what a sync that begins now would read and cost, with at most two requests. A third request asks for
//! the org's id if no full run has asked for it.
//!
//! The estimate of the duration uses the time that these requests took, the number of requests in flight that the
//! settings allow, and what is left of the bucket.

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::contract::settings::Key;
use crate::directory::profiles::schemas;
use crate::directory::users;
use crate::model::{BucketBudget, RunMode, RunReason, SyncBudget};
use crate::okta::budget::{
    GROUPS_BUCKET, OTHERS_BUCKET, USERS_BUCKET, groups_bucket, unknown_bucket, users_bucket,
};
use crate::sync::context::SyncContext;

/// The budget. Work that an interrupted run has already done is not subtracted.
pub fn budget(mut context: SyncContext<'_>) -> Result<SyncBudget> {
    let decision = context.decide(UnixMillis::now())?;
    context.check_org(true)?;
    let settings = context.settings;
    let (present, types) = context.directory.read(|conn| {
        let types = schemas::user_types(conn)?.len() as u64;
        Ok((users::counts(conn)?.present, types))
    })?;
    let first = decision.reason == RunReason::FirstRun;
    let with_groups = settings.is_on(Key::GroupsSync);
    let of_users = context
        .runtime
        .block_on(users_bucket(&context.client, settings))?;
    // A failure here is not an error: a credential without the right to read groups can still read users.
    let of_groups = match first || with_groups {
        true => context
            .runtime
            .block_on(groups_bucket(&context.client, settings))
            .map_err(|error| {
                context
                    .log
                    .info(format!("the budget has no figures for groups: {error}"))
            })
            .ok(),
        false => None,
    };
    let counted = of_groups.as_ref().and_then(|(_, everyone)| *everyone);
    let users = match decision.mode {
        RunMode::Delta | RunMode::Live => None,
        RunMode::Full if present > 0 => Some(present),
        RunMode::Full => counted,
    };
    let pages = users.map(|users| users.div_ceil(settings.integer(Key::SyncPageSize).max(1)).max(1));
    let mut buckets = vec![of_users.budget(USERS_BUCKET, pages, settings)];
    if first || with_groups {
        // How many groups changed is known only after listing them.
        let requests = (!with_groups).then_some(1);
        buckets.push(match &of_groups {
            Some((announced, _)) => announced.budget(GROUPS_BUCKET, requests, settings),
            None => unknown_bucket(GROUPS_BUCKET, requests),
        });
    }
    if settings.is_on(Key::SchemasSync) {
        buckets.push(unknown_bucket(OTHERS_BUCKET, (types > 0).then_some(1 + types)));
    }
    Ok(SyncBudget {
        mode: decision.mode,
        reason: decision.reason,
        users,
        requests: requests(&buckets, decision.mode),
        duration_ms: duration_ms(&buckets),
        buckets,
    })
}

/// The sum of all requests; none if one bucket's requests are unknown. A full run first asks the org for its id.
fn requests(buckets: &[BucketBudget], mode: RunMode) -> Option<u64> {
    let of_buckets: Option<u64> = buckets.iter().map(|bucket| bucket.requests).sum();
    of_buckets.map(|requests| requests + u64::from(mode == RunMode::Full))
}

/// The sum of the durations of the buckets. Schemas take only a few requests and do not count.
fn duration_ms(buckets: &[BucketBudget]) -> Option<u64> {
    let that_count = buckets.iter().filter(|bucket| bucket.bucket != OTHERS_BUCKET);
    that_count.map(|bucket| bucket.duration_ms).sum()
}
