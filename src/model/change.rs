//! The change feed: what happened to whom, attribute by attribute, in which run.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::model::RunId;

/// What happened to an Okta user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Seen for the first time.
    Added,
    /// At least one attribute, the status or the type changed.
    Updated,
    /// Not seen by a complete run.
    Absent,
    /// Seen again after having been absent.
    Returned,
    /// Erased from the directory after the grace period.
    Purged,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [ChangeKind; 5] = [
        ChangeKind::Added,
        ChangeKind::Updated,
        ChangeKind::Absent,
        ChangeKind::Returned,
        ChangeKind::Purged,
    ];

    /// The name as it stands in the directory and in reports.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Updated => "updated",
            ChangeKind::Absent => "absent",
            ChangeKind::Returned => "returned",
            ChangeKind::Purged => "purged",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<ChangeKind> {
        ChangeKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One attribute's way from one value to another. A missing attribute is null.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FieldChange {
    /// `status`, `type`, `realm`, or `profile.NAME`.
    pub field: String,
    /// The value before, as JSON.
    pub from: Box<RawValue>,
    /// The value after, as JSON.
    pub to: Box<RawValue>,
}

impl FieldChange {
    /// How the field of a profile attribute begins; its name follows.
    pub const PROFILE_PREFIX: &str = "profile.";
}

/// Which changes are wanted; none lets all through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter<'a> {
    /// Of this Okta user.
    pub okta_id: Option<&'a str>,
    /// Found by this run.
    pub run: Option<RunId>,
    /// At this moment or later.
    pub since: Option<UnixMillis>,
    /// Before this moment.
    pub until: Option<UnixMillis>,
}

/// One entry of the feed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Ascending, never reused.
    pub position: i64,
    /// The run that found it.
    pub run: RunId,
    /// When that run committed it.
    pub at: UnixMillis,
    /// Whom it happened to.
    pub okta_id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// Which fields, for [`ChangeKind::Updated`] and [`ChangeKind::Returned`].
    pub fields: Vec<FieldChange>,
}
