//! Changes, runs, progress, checks and log lines as rows.

use super::cells::{json, time, truth};
use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::logging::{Level, LogLine};
use crate::model::{Change, GroupCounts, Progress, SyncReport, ValidationReport};

pub(super) const CHANGE: &[C] = &[
    C::OktaId,
    C::ChangePosition,
    C::ChangeAt,
    C::ChangeKind,
    C::ChangeFields,
    C::Run,
];

/// The change feed.
pub fn changes(changes: &[Change]) -> Page {
    let mut page = Page::new(CHANGE);
    for change in changes {
        page.push(change_cells(change));
    }
    page
}

/// One change, in the order of [`CHANGE`].
pub(super) fn change_cells(change: &Change) -> Vec<Cell> {
    vec![
        Cell::text(&change.okta_id),
        Cell::Integer(change.position),
        time(Some(change.at)),
        Cell::text(change.kind.name()),
        json(&change.fields),
        Cell::Integer(change.run.0),
    ]
}

pub(super) const RUN: &[C] = &[
    C::Run,
    C::RunState,
    C::RunErrorCode,
    C::RunErrorMessage,
    C::RunStarted,
    C::RunFinished,
    C::RunAttempts,
    C::RunSlices,
    C::RunSlicesEnded,
    C::RunPages,
    C::RunSeen,
    C::RunRepeated,
    C::RunAdded,
    C::RunUpdated,
    C::RunTouched,
    C::RunUnchanged,
    C::RunReturned,
    C::RunAbsent,
    C::RunPurged,
    C::RunPresent,
    C::RunRequests,
    C::RunRetries,
    C::RunWaitedMs,
    C::RunBytes,
    C::RunElapsedMs,
    C::RunWatermark,
    C::RunDigest,
    C::MatchedCount,
    C::PinnedCount,
    C::OktaAmbiguousCount,
    C::JiraAmbiguousCount,
    C::OktaOnlyCount,
    C::JiraOnlyCount,
    C::MatchedByRule,
    C::RunMode,
    C::RunReason,
    C::RunUpdatedSince,
    C::RunWarnings,
    C::RunGroupsListed,
    C::RunGroupsAdded,
    C::RunGroupsUpdated,
    C::RunGroupsRemoved,
    C::RunGroupsRead,
    C::RunMemberships,
    C::RunPassedOver,
];

/// Reports of runs.
pub fn runs(reports: &[SyncReport]) -> Page {
    let mut page = Page::new(RUN);
    for report in reports {
        page.push(run_cells(report));
    }
    page
}

fn groups(counts: Option<&GroupCounts>) -> Vec<Cell> {
    let Some(counts) = counts else {
        return vec![Cell::Null; 6];
    };
    let counts = [
        counts.listed,
        counts.added,
        counts.updated,
        counts.removed,
        counts.members_read,
        counts.memberships,
    ];
    counts.map(Cell::count).to_vec()
}

/// One report, in the order of [`RUN`].
pub(super) fn run_cells(report: &SyncReport) -> Vec<Cell> {
    let mut row = vec![
        Cell::Integer(report.run.0),
        Cell::text(report.state.name()),
        Cell::Integer(report.error_code.into()),
        Cell::text(&report.error_message),
        time(Some(report.started)),
        time(report.finished),
    ];
    let counts = [
        report.attempts,
        report.slices,
        report.slices_ended,
        report.pages,
        report.seen,
        report.repeated,
        report.added,
        report.updated,
        report.touched,
        report.unchanged,
        report.returned,
        report.absent,
        report.purged,
        report.present,
        report.requests,
        report.retries,
        report.waited_ms,
        report.bytes,
        report.elapsed_ms,
    ];
    row.extend(counts.map(Cell::count));
    row.extend([time(report.watermark), Cell::text(&report.digest)]);
    let matches = &report.matches;
    let states = [
        matches.matched,
        matches.pinned,
        matches.okta_ambiguous,
        matches.jira_ambiguous,
        matches.okta_only,
        matches.jira_only,
    ];
    row.extend(states.map(Cell::count));
    row.extend([
        json(&matches.by_rule),
        Cell::text(report.mode.name()),
        Cell::text(report.reason.name()),
        time(report.updated_since),
    ]);
    row.push(Cell::text(&report.warnings.join("\n")));
    row.extend(groups(report.groups.as_ref()));
    row.push(Cell::count(report.passed_over));
    row
}

/// The progress, one row.
pub fn progress(progress: &Progress) -> Page {
    let mut page = Page::new(&[
        C::Run,
        C::ProgressPhase,
        C::ProgressUsersSeen,
        C::ProgressUsersExpected,
        C::ProgressPages,
        C::ProgressRequests,
        C::ProgressRetries,
        C::ProgressWaitedMs,
        C::ProgressWaitLeftMs,
        C::ProgressElapsedMs,
        C::ProgressGroupsToRead,
        C::ProgressGroupsRead,
        C::ProgressMembershipsRead,
    ]);
    let mut row = vec![
        Cell::Integer(progress.run),
        Cell::Integer((progress.phase as u8).into()),
    ];
    let counts = [
        progress.users_seen,
        progress.users_expected,
        progress.pages,
        progress.requests,
        progress.retries,
        progress.waited_ms,
        progress.wait_left_ms,
        progress.elapsed_ms,
        progress.groups_to_read,
        progress.groups_read,
        progress.memberships_read,
    ];
    row.extend(counts.map(Cell::count));
    page.push(row);
    page
}

/// The checks of a validation.
pub fn validation(report: &ValidationReport) -> Page {
    let mut page = Page::new(&[
        C::Capability,
        C::Outcome,
        C::Required,
        C::ErrorCode,
        C::Advice,
        C::Finding,
        C::MissingScope,
        C::OktaErrorCode,
        C::OktaRequestId,
        C::Usable,
        C::OrgUrl,
        C::OrgUrlNote,
        C::Purpose,
        C::CredentialKind,
        C::GrantedScopes,
        C::MissingScopes,
        C::UnneededScopes,
    ]);
    for check in &report.checks {
        page.push(vec![
            Cell::text(check.capability.name()),
            Cell::text(check.outcome.name()),
            truth(check.required),
            Cell::Integer(check.error_code.into()),
            Cell::text(&check.advice),
            Cell::text(&check.value),
            Cell::text(&check.missing_scope),
            Cell::text(&check.okta_error_code),
            Cell::text(&check.okta_request_id),
            truth(report.usable),
            Cell::text(&report.org_url),
            Cell::text(&report.org_url_note),
            Cell::text(check.purpose),
            Cell::text(report.credential_kind.name()),
            Cell::text(&report.granted_scopes.join(" ")),
            Cell::text(&report.missing_scopes.join(" ")),
            Cell::text(&report.unneeded_scopes.join(" ")),
        ]);
    }
    page
}

/// Lines of the log.
pub fn log(lines: &[LogLine]) -> Page {
    let mut page = Page::new(&[C::LogPosition, C::LogAt, C::LogLevel, C::LogMessage]);
    for line in lines {
        let level = match line.level {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
        };
        let position = Cell::count(line.position);
        page.push(vec![
            position,
            time(Some(line.at)),
            Cell::text(level),
            Cell::text(&line.message),
        ]);
    }
    page
}
