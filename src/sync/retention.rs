//! Chooses which attributes of users are requested, and erases what is no longer kept.

use crate::contract::errors::Result;
use crate::contract::settings::{Key, Settings};
use crate::directory::users::retention;
use crate::model::{AttributeFilter, FieldChange, RunMode};
use crate::okta::{UserFields, fields_are_honoured};
use crate::sync::context::SyncContext;

/// Settings that decide what a directory keeps of each user. When one of them changes, the directory differs from
/// what a full run would store.
const DECIDE_WHAT_IS_KEPT: [Key; 3] = [Key::Retain, Key::AttributesKeep, Key::AttributesDrop];

/// Settings that decide it too if any attribute is left out, because the attributes that they need are always kept.
const DECIDE_WHAT_IS_NEEDED: [Key; 3] = [Key::MatchingRules, Key::ManagersAttribute, Key::ManagersRefersTo];

impl SyncContext<'_> {
    /// Chooses the attributes to request. A full run tests whether the org returns only the requested attributes; a
    /// delta run uses the result of the last full run.
    pub(super) fn choose_fields(&mut self, mode: RunMode) -> Result<()> {
        let filter = AttributeFilter::from_settings(self.settings, self.rules);
        let Some(projected) = UserFields::projected(filter.clone()) else {
            self.client.want(UserFields::whole(filter));
            return Ok(());
        };
        let name = filter.to_string();
        let honoured = match mode {
            RunMode::Full => {
                let honoured = self
                    .runtime
                    .block_on(fields_are_honoured(&self.client, &projected))?;
                self.directory
                    .write(|tx| retention::set_projection(tx, &name, honoured))?;
                honoured
            }
            RunMode::Delta | RunMode::Live => {
                let known = self.directory.read(|conn| retention::projection(conn, &name))?;
                known.unwrap_or(false)
            }
        };
        if !honoured {
            self.log.info(
                "whole users are requested from the org; unwanted attributes are dropped while they are read",
            );
        }
        let fields = if honoured {
            projected
        } else {
            UserFields::whole(filter)
        };
        self.client.want(fields);
        Ok(())
    }

    /// Truncates the log of the database after unwanted values were erased, because it contains their last copies.
    /// Active readers can prevent that; then closing the directory truncates it.
    pub(super) fn erase_traces(&self, erased: bool) {
        if erased && let Err(error) = self.directory.cut_log() {
            self.log.info(format!(
                "the log of the database contains erased values until the directory is closed: {error}"
            ));
        }
    }
}

/// Whether only users with a Jira user, or with a possible one, are kept.
pub fn only_matched(settings: &Settings) -> bool {
    settings.text(Key::Retain) == "matched"
}

/// Whether a field of the change feed belongs to a kept attribute.
pub fn is_kept(filter: &AttributeFilter, field: &str) -> bool {
    field
        .strip_prefix(FieldChange::PROFILE_PREFIX)
        .is_none_or(|name| filter.keeps(name))
}

/// Leaves out changes of attributes that are no longer kept, because those attributes did not become empty in Okta.
pub fn only_kept(filter: &AttributeFilter, mut changes: Vec<FieldChange>) -> Vec<FieldChange> {
    if !filter.keeps_all() {
        changes.retain(|change| is_kept(filter, &change.field));
    }
    changes
}

/// The values of the settings that decide what is kept; empty if everything is kept.
pub fn kept(settings: &Settings) -> String {
    let defaults = Settings::default();
    let of = |keys: &[Key]| {
        keys.iter()
            .map(|key| settings.text(*key).to_owned())
            .collect::<Vec<_>>()
    };
    let everything = DECIDE_WHAT_IS_KEPT
        .iter()
        .all(|key| settings.text(*key) == defaults.text(*key));
    match everything {
        true => String::new(),
        false => [of(&DECIDE_WHAT_IS_KEPT), of(&DECIDE_WHAT_IS_NEEDED)]
            .concat()
            .join("\n"),
    }
}
