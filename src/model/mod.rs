//! The data that the parts exchange: plain records without behaviour of their own, and the one trait,
//! [`TokenStore`].
//!
//! Nothing here knows Okta's wire format, SQL or a foreign language.

mod attribute_filter;
mod change;
mod cluster;
mod credential;
mod criterion;
mod directory;
mod event;
mod group;
mod jira_user;
mod live;
mod matching;
mod members;
mod object_id;
mod person;
mod planning;
mod run_mode;
mod schema;
mod scope;
mod strict_json;
mod sync;
mod user;
mod validation;

pub use attribute_filter::AttributeFilter;
pub use change::{Change, ChangeFilter, FieldChange};
pub use cluster::{Followed, Following, Published, SharedPublication};
pub use credential::{
    AccessToken, AuthorizationRequest, Identity, PendingAuthorization, SIGN_IN_WARNING_DAYS,
    StoredCredential, TokenStatus, TokenStore,
};
pub use criterion::{ManagerRule, UserCriterion};
pub use directory::{
    Candidate, DirectoryEntry, DirectoryStatistics, ExportPage, FoundPage, IntegrityReport, Lookup,
    OpenReport, Search,
};
pub use event::{Event, Subject};
pub use group::{Group, GroupCounts, GroupFilter, GroupMember, GroupPage, JiraKeyPage};
pub use jira_user::{JiraUser, JiraUserCounts};
pub use live::{HookAnswer, LiveStatus, LogPoll};
pub use matching::{JiraKey, MatchCounts, MatchPreview, MatchRule, OktaKey};
pub use members::{each_member, json_text};
pub use object_id::is_object_id;
pub use person::Person;
pub use planning::{BucketBudget, DryRun, SyncBudget};
pub use schema::{Attribute, EnumValue, TitledValue, UserType};
pub use scope::{
    Feature, Need, SCOPES, ScopeUse, allows, asked_scopes, needed_scopes, unneeded_scopes, used_scopes,
};
pub(crate) use sync::report_counters;
pub use sync::{Progress, RunId, SyncOptions, SyncReport};
pub use user::{OktaUser, Profile};
pub(crate) use user::{display_name, user_fields};
pub use validation::{Check, ValidationReport};

pub use crate::contract::choices::{
    Capability, ChangeKind, CredentialKind, LiveSource, LookupBy, MatchState, Outcome, Phase, RunMode,
    RunReason, RunState, SearchField, SyncMode, View,
};
