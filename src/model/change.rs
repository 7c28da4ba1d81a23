//! The change feed: what happened to whom, attribute by attribute, in which run.

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
    /// The user it happened to.
    pub okta_id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// Which fields, for [`ChangeKind::Updated`] and [`ChangeKind::Returned`].
    pub fields: Vec<FieldChange>,
    /// Okta's id of the event that reported it; none if a listing found it.
    pub event: Option<String>,
}
