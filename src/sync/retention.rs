//! What of each user is asked for and kept, and what is no longer.

use crate::contract::errors::Result;
use crate::contract::settings::{Key, Settings};
use crate::directory::users::retention;
use crate::model::{AttributeFilter, FieldChange, RunMode};
use crate::okta::{UserFields, fields_are_honoured};
use crate::sync::context::SyncContext;

/// Settings that decide what a directory keeps of the users: when one changes, what is there is no
/// longer what a full run would bring.
const DECIDE_WHAT_IS_KEPT: [Key; 3] = [Key::Retain, Key::AttributesKeep, Key::AttributesDrop];

/// Settings that decide it as well once something is left out: what they need is kept in any case.
const DECIDE_WHAT_IS_NEEDED: [Key; 3] = [Key::MatchingRules, Key::ManagersAttribute, Key::ManagersRefersTo];

impl SyncContext<'_> {
    /// Chooses the fields that users are asked for. A full run tries out whether the org honours a request
    /// for the wanted ones only; a delta run goes by what the last full run found.
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
            RunMode::Delta => {
                let known = self.directory.read(|conn| retention::projection(conn, &name))?;
                known.unwrap_or(false)
            }
        };
        if !honoured {
            self.log
                .info("the org is asked for whole users; unwanted attributes are dropped as they come");
        }
        let fields = if honoured {
            projected
        } else {
            UserFields::whole(filter)
        };
        self.client.want(fields);
        Ok(())
    }

    /// Cuts the log after unwanted values were erased: their last copies are there. Readers that still go
    /// on keep it from being cut; closing the directory does it in any case.
    pub(super) fn erase_traces(&self, erased: bool) {
        if erased && let Err(error) = self.directory.cut_log() {
            self.log
                .info(format!("the log keeps erased values until it is cut: {error}"));
        }
    }
}

/// Whether only users are kept who are tied to a Jira user or could be.
pub fn only_matched(settings: &Settings) -> bool {
    settings.text(Key::Retain) == "matched"
}

/// Whether a field of the change feed is about something that is kept.
pub fn is_kept(filter: &AttributeFilter, field: &str) -> bool {
    field
        .strip_prefix(FieldChange::PROFILE_PREFIX)
        .is_none_or(|name| filter.keeps(name))
}

/// Leaves out what is no longer kept: an attribute that is not wanted any more did not become empty.
pub fn only_kept(filter: &AttributeFilter, mut changes: Vec<FieldChange>) -> Vec<FieldChange> {
    if !filter.keeps_all() {
        changes.retain(|change| is_kept(filter, &change.field));
    }
    changes
}

/// The values of the settings that decide what is kept; empty if everything is.
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
