//! The change feed: what changed for which user, attribute by attribute, and in which run.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::choices::ChangeKind;
use crate::model::RunId;

/// One field that changed from one value to another. A missing attribute is null.
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

/// Selects changes. A member that is none selects every change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter<'a> {
    /// Only changes of this Okta user.
    pub okta_id: Option<&'a str>,
    /// Only changes that this run found.
    pub run: Option<RunId>,
    /// Only changes at this time or later.
    pub since: Option<UnixMillis>,
    /// Only changes before this time.
    pub until: Option<UnixMillis>,
}

/// One entry of the feed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The position in the feed; ascending, never reused.
    pub position: i64,
    /// The run that found the change.
    pub run: RunId,
    /// When that run committed it.
    pub at: UnixMillis,
    /// The user it happened to.
    pub okta_id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// Which fields, for [`ChangeKind::Updated`] and [`ChangeKind::Returned`].
    pub fields: Vec<FieldChange>,
    /// Okta's id of the event that reported it; none if a listing found it.
    pub event: Option<String>,
}
