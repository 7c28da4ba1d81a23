//! Answers that are names with values: statistics, counts, findings.

use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{DirectoryStatistics, IntegrityReport, JiraUserCounts, MatchCounts, MatchPreview};

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

/// What replacing the Jira users did or would do, by name; warnings as `warning`.
pub fn jira_user_counts(counts: &JiraUserCounts) -> Page {
    let mut named = Named::new();
    for (name, count) in hand_over(counts) {
        named.count(name, count);
    }
    for warning in &counts.warnings {
        named.text("warning", warning);
    }
    named.0
}

/// The counts of a hand-over with their names.
pub(super) fn hand_over(counts: &JiraUserCounts) -> [(&'static str, u64); 9] {
    [
        ("added", counts.added),
        ("updated", counts.updated),
        ("removed", counts.removed),
        ("unchanged", counts.unchanged),
        ("matches_ended", counts.matches_ended),
        ("matches_begun", counts.matches_begun),
        ("passed_over", counts.passed_over),
        ("repeated", counts.repeated),
        ("needs_confirmation", counts.needs_confirmation.into()),
    ]
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
    if let Some(at) = statistics.last_full {
        named.count("last_full", u64::try_from(at.0).unwrap_or(0));
    }
    if let Some(at) = statistics.last_delta {
        named.count("last_delta", u64::try_from(at.0).unwrap_or(0));
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
