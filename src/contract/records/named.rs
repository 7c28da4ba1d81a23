//! Answers whose values have names: statistics, counts of matches and hand-overs, findings.

use super::names::{self, NamedForm, NamedRecord, family, texts, value, within};
use crate::contract::page::{Cell, Page};
use crate::model::{DirectoryStatistics, IntegrityReport, JiraUserCounts, MatchCounts, MatchPreview};

use NamedForm::{Number, Text, Time, Truth};

/// How many users are in each match state.
pub static MATCH_COUNTS: NamedRecord<MatchCounts> = NamedRecord {
    java: "MatchCounts",
    about: "How many users are in each match state. For Okta and for Jira, the counts add up to all present users.",
    values: &[
        value("matched", Number, "Pairs tied by a rule.", |of| of.matched.into()),
        value("pinned", Number, "Pairs tied by hand.", |of| of.pinned.into()),
        value(
            "okta_ambiguous",
            Number,
            "Okta users in the state ambiguous.",
            |of| of.okta_ambiguous.into(),
        ),
        value(
            "jira_ambiguous",
            Number,
            "Jira users in the state ambiguous.",
            |of| of.jira_ambiguous.into(),
        ),
        value("okta_only", Number, "Okta users without a Jira user.", |of| {
            of.okta_only.into()
        }),
        value("jira_only", Number, "Jira users without an Okta user.", |of| {
            of.jira_only.into()
        }),
        family(
            "by_rule",
            "rule:",
            "Pairs by rule, in the order of the rules.",
            |of| &of.by_rule,
        ),
    ],
};

/// The effect of other matching rules.
pub static MATCH_PREVIEW: NamedRecord<MatchPreview> = NamedRecord {
    java: "MatchPreview",
    about: "The effect that other matching rules would have on the present directory.",
    values: &[
        within(
            "present",
            "present.",
            &MATCH_COUNTS,
            "The present counts.",
            |of, rows| {
                MATCH_COUNTS.write(&of.present, rows);
            },
        ),
        within(
            "proposed",
            "proposed.",
            &MATCH_COUNTS,
            "The counts with the other rules.",
            |of, rows| {
                MATCH_COUNTS.write(&of.proposed, rows);
            },
        ),
        value("gained", Number, "Pairs that only the other rules tie.", |of| {
            of.gained.into()
        }),
        value(
            "lost",
            Number,
            "Present pairs that the other rules would not tie.",
            |of| of.lost.into(),
        ),
    ],
};

/// The effect of replacing the Jira users, or a forecast of it.
pub static JIRA_USER_COUNTS: NamedRecord<JiraUserCounts> = NamedRecord {
    java: "JiraUserCounts",
    about: "The effect of replacing the Jira users, or a forecast of it.",
    values: &[
        value("added", Number, "Users that are new in the directory.", |of| {
            of.added.into()
        }),
        value("updated", Number, "Users with a changed field.", |of| {
            of.updated.into()
        }),
        value(
            "removed",
            Number,
            "Users that are no longer among the Jira users.",
            |of| of.removed.into(),
        ),
        value("unchanged", Number, "Users without a change.", |of| {
            of.unchanged.into()
        }),
        value(
            "matches_ended",
            Number,
            "Pairs that were tied before and are no longer tied.",
            |of| of.matches_ended.into(),
        ),
        value(
            "matches_begun",
            Number,
            "Pairs that were not tied before.",
            |of| of.matches_begun.into(),
        ),
        value(
            "passed_over",
            Number,
            "Users that have no key and were left out.",
            |of| of.passed_over.into(),
        ),
        value(
            "repeated",
            Number,
            "Users that had the same key as an earlier one and replaced it.",
            |of| of.repeated.into(),
        ),
        value(
            "needs_confirmation",
            Truth,
            "Whether so much is lost that the hand-over is refused unless it is confirmed.",
            |of| of.needs_confirmation.into(),
        ),
        texts(
            "warnings",
            "warning",
            "Which users were left out or repeated, by their position in the list.",
            |of| &of.warnings,
        ),
    ],
};

/// What the directory contains.
pub static STATISTICS: NamedRecord<DirectoryStatistics> = NamedRecord {
    java: "DirectoryStatistics",
    about: "What the directory contains and how fresh it is.",
    values: &[
        value(
            "org_id",
            Text,
            "The org that the directory belongs to; empty before the first run.",
            |of| (&of.org_id).into(),
        ),
        value(
            "digest",
            Text,
            "Digest of all present users (hexadecimal); empty before the first complete run.",
            |of| (&of.digest).into(),
        ),
        value("okta_users", Number, "Present Okta users.", |of| {
            of.okta_users.into()
        }),
        value(
            "absent_users",
            Number,
            "Absent Okta users that are not yet erased.",
            |of| of.absent_users.into(),
        ),
        value(
            "orphaned_users",
            Number,
            "Deactivated Okta users whose Jira user is active.",
            |of| of.orphaned_users.into(),
        ),
        value("jira_users", Number, "Jira users.", |of| of.jira_users.into()),
        family("by_status", "status:", "Present Okta users by status.", |of| {
            &of.by_status
        }),
        within(
            "matches",
            "",
            &MATCH_COUNTS,
            "How many users are in each match state.",
            |of, rows| MATCH_COUNTS.write(&of.matches, rows),
        ),
        value("changes", Number, "Entries in the change feed.", |of| {
            of.changes.into()
        }),
        value(
            "last_change",
            Number,
            "Position of the newest change; 0 if there is none.",
            |of| of.last_change.into(),
        ),
        value(
            "fresh_as_of",
            Time,
            "When the last complete run finished, full or delta; null before the first.",
            |of| of.fresh_as_of.into(),
        ),
        value(
            "last_full",
            Time,
            "When the last complete full run finished; null before the first.",
            |of| of.last_full.into(),
        ),
        value(
            "last_delta",
            Time,
            "When the last complete delta run finished; null before the first.",
            |of| of.last_delta.into(),
        ),
        value(
            "file_bytes",
            Number,
            "Size of the database file in bytes.",
            |of| of.file_bytes.into(),
        ),
        value(
            "schema_version",
            Number,
            "Version of the database schema.",
            |of| of.schema_version.into(),
        ),
    ],
};

/// The counts of a hand-over with their names.
pub(super) fn hand_over(counts: &JiraUserCounts) -> Vec<(&'static str, Cell<'_>)> {
    JIRA_USER_COUNTS.numbers(counts)
}

/// One name with a text.
pub fn named_text(name: &str, value: &str) -> Page {
    let mut page = names::empty();
    page.push(&[Cell::from(name), Cell::from(value), Cell::Null]);
    page
}

/// Match counts by name: `matched`, …, `rule:NAME`.
pub fn match_counts(counts: &MatchCounts) -> Page {
    MATCH_COUNTS.page(counts)
}

/// A preview by name: `present.matched`, …, `proposed.matched`, …, `gained`, `lost`.
pub fn match_preview(preview: &MatchPreview) -> Page {
    MATCH_PREVIEW.page(preview)
}

/// The effect of replacing the Jira users, by name; warnings have the name `warning`.
pub fn jira_user_counts(counts: &JiraUserCounts) -> Page {
    JIRA_USER_COUNTS.page(counts)
}

/// Statistics by name; the number of users with a status has the name `status:NAME`.
pub fn statistics(statistics: &DirectoryStatistics) -> Page {
    STATISTICS.page(statistics)
}

/// Findings of an integrity check, each with the name `sqlite` or `directory`; no rows if the directory is sound.
pub fn integrity(report: &IntegrityReport) -> Page {
    let mut page = names::empty();
    let sqlite = report.sqlite.iter().map(|finding| ("sqlite", finding));
    let directory = report.directory.iter().map(|finding| ("directory", finding));
    for (name, finding) in sqlite.chain(directory) {
        page.push(&[Cell::from(name), Cell::from(finding), Cell::Null]);
    }
    page
}
