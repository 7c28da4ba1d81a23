//! Runs, their progress, what they changed, and the log.

use super::form::{RecordForm, counter, field, inner};
use super::values::json;
use crate::contract::columns::Column as C;
use crate::contract::page::Page;
use crate::logging::LogLine;
use crate::model::{Change, GroupCounts, Progress, SyncReport};

/// The result of reading groups in one sync.
pub static GROUP_COUNTS: RecordForm<GroupCounts> = RecordForm {
    java: "GroupCounts",
    about: "The result of reading groups in one sync.",
    fields: &[
        field("listed", C::RunGroupsListed, |groups| groups.listed.into()),
        field("added", C::RunGroupsAdded, |groups| groups.added.into()),
        field("updated", C::RunGroupsUpdated, |groups| groups.updated.into()),
        field("removed", C::RunGroupsRemoved, |groups| groups.removed.into()),
        field("members_read", C::RunGroupsRead, |groups| {
            groups.members_read.into()
        }),
        field("memberships", C::RunMemberships, |groups| {
            groups.memberships.into()
        }),
    ],
};

/// The record of one run.
pub static RUN: RecordForm<SyncReport> = RecordForm {
    java: "SyncReport",
    about: "The record of one run. For a complete run, seen = added + updated + touched + unchanged. For a complete full run, also present = seen.",
    fields: &[
        counter("run", C::Run, |run| run.run.into()),
        counter("mode", C::RunMode, |run| run.mode.into()),
        field("reason", C::RunReason, |run| run.reason.into()),
        field("updated_since", C::RunUpdatedSince, |run| {
            run.updated_since.into()
        }),
        field("state", C::RunState, |run| run.state.into()),
        field("error_code", C::RunErrorCode, |run| run.error_code.into()),
        field("error_message", C::RunErrorMessage, |run| {
            (&run.error_message).into()
        }),
        field("started", C::RunStarted, |run| run.started.into()),
        field("finished", C::RunFinished, |run| run.finished.into()),
        counter("attempts", C::RunAttempts, |run| run.attempts.into()),
        field("slices", C::RunSlices, |run| run.slices.into()),
        field("slices_ended", C::RunSlicesEnded, |run| run.slices_ended.into()),
        field("pages", C::RunPages, |run| run.pages.into()),
        counter("seen", C::RunSeen, |run| run.seen.into()),
        field("repeated", C::RunRepeated, |run| run.repeated.into()),
        field("passed_over", C::RunPassedOver, |run| run.passed_over.into()),
        counter("added", C::RunAdded, |run| run.added.into()),
        counter("updated", C::RunUpdated, |run| run.updated.into()),
        counter("touched", C::RunTouched, |run| run.touched.into()),
        counter("unchanged", C::RunUnchanged, |run| run.unchanged.into()),
        counter("returned", C::RunReturned, |run| run.returned.into()),
        counter("absent", C::RunAbsent, |run| run.absent.into()),
        counter("purged", C::RunPurged, |run| run.purged.into()),
        counter("present", C::RunPresent, |run| run.present.into()),
        counter("matched", C::MatchedCount, |run| run.matches.matched.into()),
        counter("pinned", C::PinnedCount, |run| run.matches.pinned.into()),
        counter("okta_ambiguous", C::OktaAmbiguousCount, |run| {
            run.matches.okta_ambiguous.into()
        }),
        counter("jira_ambiguous", C::JiraAmbiguousCount, |run| {
            run.matches.jira_ambiguous.into()
        }),
        counter("okta_only", C::OktaOnlyCount, |run| run.matches.okta_only.into()),
        counter("jira_only", C::JiraOnlyCount, |run| run.matches.jira_only.into()),
        field("by_rule_json", C::MatchedByRule, |run| json(&run.matches.by_rule)),
        counter("requests", C::RunRequests, |run| run.requests.into()),
        counter("retries", C::RunRetries, |run| run.retries.into()),
        counter("waited", C::RunWaitedMs, |run| run.waited_ms.into()),
        counter("bytes", C::RunBytes, |run| run.bytes.into()),
        counter("elapsed", C::RunElapsedMs, |run| run.elapsed_ms.into()),
        field("watermark", C::RunWatermark, |run| run.watermark.into()),
        field("digest", C::RunDigest, |run| (&run.digest).into()),
        inner("groups", &GROUP_COUNTS, |run, row| {
            GROUP_COUNTS.push(run.groups.as_ref(), row)
        }),
        field("warnings", C::RunWarnings, |run| run.warnings.join("\n").into()),
    ],
};

/// How far a run has come.
pub static PROGRESS: RecordForm<Progress> = RecordForm {
    java: "Progress",
    about: "How far the running sync has come.",
    fields: &[
        counter("phase", C::ProgressPhase, |at| {
            i64::from(at.phase.number()).into()
        }),
        counter("run", C::Run, |at| at.run.into()),
        counter("users_seen", C::ProgressUsersSeen, |at| at.users_seen.into()),
        counter("users_expected", C::ProgressUsersExpected, |at| {
            at.users_expected.into()
        }),
        counter("pages", C::ProgressPages, |at| at.pages.into()),
        counter("requests", C::ProgressRequests, |at| at.requests.into()),
        counter("retries", C::ProgressRetries, |at| at.retries.into()),
        counter("waited", C::ProgressWaitedMs, |at| at.waited_ms.into()),
        counter("wait_left", C::ProgressWaitLeftMs, |at| at.wait_left_ms.into()),
        counter("elapsed", C::ProgressElapsedMs, |at| at.elapsed_ms.into()),
        counter("groups_to_read", C::ProgressGroupsToRead, |at| {
            at.groups_to_read.into()
        }),
        counter("groups_read", C::ProgressGroupsRead, |at| at.groups_read.into()),
        counter("memberships_read", C::ProgressMembershipsRead, |at| {
            at.memberships_read.into()
        }),
        counter("waits_for", C::ProgressWaitsFor, |at| at.waits_for.into()),
    ],
};

/// An entry of the change feed.
pub static CHANGE: RecordForm<Change> = RecordForm {
    java: "Change",
    about: "One entry of the change feed.",
    fields: &[
        field("position", C::ChangePosition, |change| change.position.into()),
        field("run", C::Run, |change| change.run.into()),
        field("at", C::ChangeAt, |change| change.at.into()),
        field("okta_id", C::OktaId, |change| (&change.okta_id).into()),
        field("kind", C::ChangeKind, |change| change.kind.into()),
        field("fields_json", C::ChangeFields, |change| json(&change.fields)),
        field("event", C::ChangeEvent, |change| change.event.as_deref().into()),
    ],
};

/// A line of the log.
pub static LOG_LINE: RecordForm<LogLine> = RecordForm {
    java: "LogLine",
    about: "One line of the engine's log, without secrets and personal data.",
    fields: &[
        field("position", C::LogPosition, |line| line.position.into()),
        field("at", C::LogAt, |line| line.at.into()),
        field("level", C::LogLevel, |line| line.level.into()),
        field("message", C::LogMessage, |line| (&line.message).into()),
    ],
};

/// Reports of runs.
pub fn runs(reports: &[SyncReport]) -> Page {
    RUN.page(reports)
}

/// The progress, one row.
pub fn progress(progress: &Progress) -> Page {
    PROGRESS.page([progress])
}

/// The change feed.
pub fn changes(changes: &[Change]) -> Page {
    CHANGE.page(changes)
}

/// Lines of the log.
pub fn log(lines: &[LogLine]) -> Page {
    LOG_LINE.page(lines)
}
