//! The status of live sync, and the results of receiving deliveries and polling the log.

use super::form::{RecordForm, field};
use crate::contract::columns::Column as C;
use crate::contract::page::Page;
use crate::model::{HookAnswer, LiveStatus, LogPoll};
use crate::secret::Secret;

/// The status of live sync.
pub static LIVE_STATUS: RecordForm<LiveStatus> = RecordForm {
    java: "LiveStatus",
    about: "The status of live sync: where events come from, how late changes arrive, what waits and what was missed.",
    fields: &[
        field("source", C::LiveSource, |live| live.source.into()),
        field("since", C::LiveSince, |live| live.since.into()),
        field("last_event", C::LiveLastEvent, |live| live.last_event.into()),
        field("last_received", C::LiveLastReceived, |live| {
            live.last_received.into()
        }),
        field("lag", C::LiveLagMs, |live| live.lag_ms.into()),
        field("pending", C::LivePending, |live| live.pending.into()),
        field("oldest_pending", C::LiveOldestPending, |live| {
            live.oldest_pending.into()
        }),
        field("held", C::LiveHeld, |live| live.held.into()),
        field("events", C::LiveEvents, |live| live.events.into()),
        field("repeated", C::LiveRepeated, |live| live.repeated.into()),
        field("missed", C::LiveMissed, |live| live.missed.into()),
        field("missed_at", C::LiveMissedAt, |live| live.missed_at.into()),
        field("gap_at", C::LiveGapAt, |live| live.gap_at.into()),
        field("gap", C::LiveGap, |live| (&live.gap).into()),
        field("polled", C::LivePolled, |live| live.polled.into()),
        field("interval", C::LiveIntervalMs, |live| live.interval_ms.into()),
        field("hook_id", C::HookId, |live| (&live.hook_id).into()),
        field("hook_url", C::HookUrl, |live| (&live.hook_url).into()),
        field("hook_verified", C::HookVerified, |live| live.hook_verified.into()),
        field("verified_at", C::HookVerifiedAt, |live| live.verified_at.into()),
        field("secret_header", C::SecretHeader, |live| {
            (&live.secret_header).into()
        }),
        field("has_secret", C::HasHookSecret, |live| live.has_secret.into()),
        field("delivered_today", C::HookDeliveredToday, |live| {
            live.delivered_today.into()
        }),
        field("daily_cap", C::HookDailyCap, |live| live.daily_cap.into()),
        field("cap_near_from", C::HookCapNearFrom, |live| {
            live.cap_near_from.into()
        }),
    ],
};

/// The answer to a delivery.
pub static HOOK_ANSWER: RecordForm<HookAnswer> = RecordForm {
    java: "HookAnswer",
    about: "The answer to a delivery of the event hook. The server that received the delivery must send it to Okta.",
    fields: &[
        field("status", C::AnswerStatus, |answer| {
            i64::from(answer.status).into()
        }),
        field("body", C::AnswerBody, |answer| (&answer.body).into()),
        field("events", C::EventsTaken, |answer| answer.events.into()),
    ],
};

/// The result of one poll of the log.
pub static LOG_POLL: RecordForm<LogPoll> = RecordForm {
    java: "LogPoll",
    about: "The result of one poll of Okta's System Log.",
    fields: &[
        field("events", C::EventsTaken, |poll| poll.events.into()),
        field("requests", C::PollRequests, |poll| poll.requests.into()),
        field("more", C::PollMore, |poll| poll.more.into()),
        field("next_in", C::PollNextMs, |poll| poll.next_in_ms.into()),
    ],
};

/// The status of live sync, in one row.
pub fn live_status(status: &LiveStatus) -> Page {
    LIVE_STATUS.page(std::slice::from_ref(status))
}

/// The answer to a delivery, in one row.
pub fn hook_answer(answer: &HookAnswer) -> Page {
    HOOK_ANSWER.page(std::slice::from_ref(answer))
}

/// The result of a poll, in one row.
pub fn log_poll(poll: &LogPoll) -> Page {
    LOG_POLL.page(std::slice::from_ref(poll))
}

/// The secret of the event hook, in one row.
pub fn hook_secret(secret: &Secret) -> Page {
    let mut page = Page::new(&[C::HookSecret]);
    page.push(&[secret.expose().into()]);
    page
}

/// The digests of the accepted secrets, one row for each.
pub fn hook_secret_digests(digests: &[String]) -> Page {
    let mut page = Page::new(&[C::HookSecretDigest]);
    for digest in digests {
        page.push(&[digest.into()]);
    }
    page
}
