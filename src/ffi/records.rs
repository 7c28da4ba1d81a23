//! The engine's answers as pages: which record has which columns.

use serde::Serialize;

use super::columns::Column as C;
use super::page::{Cell, Page};
use crate::clock::UnixMillis;
use crate::engine::JiraUserCounts;
use crate::logging::{Level, LogLine};
use crate::model::{
    Candidate, Change, DirectoryEntry, DirectoryStatistics, IntegrityReport, JiraUser, MatchCounts,
    MatchPreview, MatchState, OktaUser, Progress, SyncReport, ValidationReport,
};

const ENTRY: &[C] = &[
    C::OktaId,
    C::Status,
    C::TypeId,
    C::RealmId,
    C::Created,
    C::Activated,
    C::StatusChanged,
    C::LastLogin,
    C::LastUpdated,
    C::PasswordChanged,
    C::Login,
    C::Email,
    C::FirstName,
    C::LastName,
    C::DisplayName,
    C::Profile,
    C::AbsentSince,
    C::JiraKey,
    C::JiraUsername,
    C::JiraEmail,
    C::JiraDisplayName,
    C::JiraActive,
    C::MatchState,
    C::MatchRule,
    C::MatchValue,
    C::Cursor,
    C::SearchCursor,
];

/// Directory entries. `next` is where a search goes on; it stands on the last row.
pub fn entries(entries: &[DirectoryEntry], next: Option<&str>) -> Page {
    let mut page = Page::new(ENTRY);
    for (index, entry) in entries.iter().enumerate() {
        let last = index + 1 == entries.len();
        let mut row = okta_cells(entry.okta.as_ref());
        row.push(time(entry.absent_since));
        row.extend(jira_cells(entry.jira.as_ref()));
        row.extend([
            Cell::text(entry.state.name()),
            Cell::text(&entry.rule),
            Cell::text(&entry.value),
        ]);
        row.extend([
            Cell::Integer(entry.cursor),
            Cell::optional_text(next.filter(|_| last)),
        ]);
        page.push(row);
    }
    page
}

/// Candidates of an ambiguous user, in the columns of entries.
pub fn candidates(candidates: &[Candidate]) -> Page {
    let mut page = Page::new(ENTRY);
    for candidate in candidates {
        let mut row = okta_cells(candidate.okta.as_ref());
        row.push(Cell::Null);
        row.extend(jira_cells(candidate.jira.as_ref()));
        let state = MatchState::Ambiguous.name();
        row.extend([
            Cell::text(state),
            Cell::text(&candidate.rule),
            Cell::text(&candidate.value),
        ]);
        row.extend([Cell::Null, Cell::Null]);
        page.push(row);
    }
    page
}

fn okta_cells(user: Option<&OktaUser>) -> Vec<Cell> {
    let Some(user) = user else {
        return vec![Cell::Null; 16];
    };
    let attributes = user.profile.attributes();
    // A profile attribute that is a text; others, or none, are null.
    let text = |name: &str| match attributes
        .get(name)
        .map(|raw| serde_json::from_str::<String>(raw.get()))
    {
        Some(Ok(text)) => Cell::text(&text),
        _ => Cell::Null,
    };
    vec![
        Cell::text(&user.id),
        Cell::text(&user.status),
        Cell::optional_text(user.type_id.as_deref()),
        Cell::optional_text(user.realm_id.as_deref()),
        time(user.created),
        time(user.activated),
        time(user.status_changed),
        time(user.last_login),
        time(user.last_updated),
        time(user.password_changed),
        text("login"),
        text("email"),
        text("firstName"),
        text("lastName"),
        text("displayName"),
        Cell::text(user.profile.as_json()),
    ]
}

fn jira_cells(user: Option<&JiraUser>) -> Vec<Cell> {
    let Some(user) = user else {
        return vec![Cell::Null; 5];
    };
    vec![
        Cell::text(&user.key),
        Cell::text(&user.username),
        Cell::text(&user.email),
        Cell::text(&user.display_name),
        truth(user.active),
    ]
}

/// The change feed.
pub fn changes(changes: &[Change]) -> Page {
    let columns = &[
        C::OktaId,
        C::ChangePosition,
        C::ChangeAt,
        C::ChangeKind,
        C::ChangeFields,
        C::Run,
    ];
    let mut page = Page::new(columns);
    for change in changes {
        page.push(vec![
            Cell::text(&change.okta_id),
            Cell::Integer(change.position),
            time(Some(change.at)),
            Cell::text(change.kind.name()),
            json(&change.fields),
            Cell::Integer(change.run.0),
        ]);
    }
    page
}

const RUN: &[C] = &[
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
];

/// Reports of runs.
pub fn runs(reports: &[SyncReport]) -> Page {
    let mut page = Page::new(RUN);
    for report in reports {
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
        row.push(json(&matches.by_rule));
        page.push(row);
    }
    page
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

/// Names with texts and numbers.
pub struct Named(Page);

impl Named {
    fn new() -> Named {
        Named(Page::new(&[C::Name, C::Value, C::Count]))
    }

    fn text(&mut self, name: &str, value: &str) {
        self.0.push(vec![Cell::text(name), Cell::text(value), Cell::Null]);
    }

    fn count(&mut self, name: &str, count: u64) {
        self.0
            .push(vec![Cell::text(name), Cell::Null, Cell::count(count)]);
    }

    fn matches(&mut self, prefix: &str, counts: &MatchCounts) {
        let states = [
            ("matched", counts.matched),
            ("pinned", counts.pinned),
            ("okta_ambiguous", counts.okta_ambiguous),
            ("jira_ambiguous", counts.jira_ambiguous),
            ("okta_only", counts.okta_only),
            ("jira_only", counts.jira_only),
        ];
        for (name, count) in states {
            self.count(&format!("{prefix}{name}"), count);
        }
        for (rule, count) in &counts.by_rule {
            self.count(&format!("{prefix}rule:{rule}"), *count);
        }
    }
}

/// One name with a text.
pub fn named_text(name: &str, value: &str) -> Page {
    let mut named = Named::new();
    named.text(name, value);
    named.0
}

/// Match counts by name: `matched`, …, `rule:NAME`.
pub fn match_counts(counts: &MatchCounts) -> Page {
    let mut named = Named::new();
    named.matches("", counts);
    named.0
}

/// A preview by name: `present.matched`, …, `proposed.matched`, …, `gained`, `lost`.
pub fn match_preview(preview: &MatchPreview) -> Page {
    let mut named = Named::new();
    named.matches("present.", &preview.present);
    named.matches("proposed.", &preview.proposed);
    named.count("gained", preview.gained);
    named.count("lost", preview.lost);
    named.0
}

/// What replacing the Jira users did, by name.
pub fn jira_user_counts(counts: &JiraUserCounts) -> Page {
    let mut named = Named::new();
    named.count("added", counts.added);
    named.count("updated", counts.updated);
    named.count("removed", counts.removed);
    named.count("unchanged", counts.unchanged);
    named.0
}

/// Statistics by name; users by status as `status:NAME`.
pub fn statistics(statistics: &DirectoryStatistics) -> Page {
    let mut named = Named::new();
    named.text("org_id", &statistics.org_id);
    named.text("digest", &statistics.digest);
    named.count("okta_users", statistics.okta_users);
    named.count("absent_users", statistics.absent_users);
    named.count("jira_users", statistics.jira_users);
    named.count("changes", statistics.changes);
    named.count("last_change", u64::try_from(statistics.last_change).unwrap_or(0));
    if let Some(at) = statistics.fresh_as_of {
        named.count("fresh_as_of", u64::try_from(at.0).unwrap_or(0));
    }
    named.count("file_bytes", statistics.file_bytes);
    named.count("schema_version", statistics.schema_version.into());
    named.matches("", &statistics.matches);
    for (status, count) in &statistics.by_status {
        named.count(&format!("status:{status}"), *count);
    }
    named.0
}

/// Findings of an integrity check: `sqlite` or `directory` with the finding; no rows if sound.
pub fn integrity(report: &IntegrityReport) -> Page {
    let mut named = Named::new();
    for finding in &report.sqlite {
        named.text("sqlite", finding);
    }
    for finding in &report.directory {
        named.text("directory", finding);
    }
    named.0
}

fn time(at: Option<UnixMillis>) -> Cell {
    at.map_or(Cell::Null, |at| Cell::Integer(at.0))
}

fn truth(value: bool) -> Cell {
    Cell::Integer(value.into())
}

fn json(value: &impl Serialize) -> Cell {
    serde_json::to_string(value).map_or(Cell::Null, |text| Cell::text(&text))
}
