//! What the report says about single groups. It gives their ids; if there are many, only their number.

use crate::contract::errors::Error;

/// The most groups that are named; the others are only counted.
const MOST_NAMED: usize = 10;

/// What happened while groups were read.
#[derive(Debug, Default)]
pub struct Notes {
    refused: Vec<String>,
    unreadable: Vec<String>,
    doubted: Vec<String>,
    confirmed: Vec<String>,
    postponed: Vec<String>,
}

impl Notes {
    /// Notes that Okta refuses to list the members of a group.
    pub fn refused(&mut self, group_id: &str, error: &Error) {
        self.refused.push(format!(
            "The members of the group {group_id} could not be read, so those known are kept and a later sync tries \
             again: {error}"
        ));
    }

    /// Notes the groups that were refused in earlier syncs and are not asked for in this one.
    pub fn postponed(&mut self, group_ids: Vec<String>) {
        self.postponed = group_ids;
    }

    /// Notes a row that is not a group.
    pub fn unreadable(&mut self, place: usize, error: &Error) {
        self.unreadable.push(format!(
            "Row {place} of a page of groups was passed over, and no group is removed meanwhile: {error}"
        ));
    }

    /// Notes a reading that contradicts Okta's count.
    pub fn doubted(&mut self, group_id: &str, rows: u64, difference: i64) {
        let counted = counted(rows, difference);
        self.doubted.push(format!(
            "Okta lists {rows} members of the group {group_id} and counts {counted}, so those known are kept and the \
             next sync asks again; either may lag, or the credential may not see everybody"
        ));
    }

    /// Notes that equal readings are believed against Okta's count.
    pub fn confirmed(&mut self, group_id: &str, rows: u64, difference: i64) {
        let counted = counted(rows, difference);
        self.confirmed.push(format!(
            "Note: several readings list {rows} members of the group {group_id} although Okta counts {counted}; they \
             are taken over, and this difference is not reported again"
        ));
    }

    /// The sentences of the report.
    pub fn into_warnings(self) -> Vec<String> {
        let mut warnings = Vec::new();
        for mut kind in [self.refused, self.unreadable, self.doubted, self.confirmed] {
            let others = kind.len().saturating_sub(MOST_NAMED);
            kind.truncate(MOST_NAMED);
            warnings.append(&mut kind);
            if others > 0 {
                warnings.push(format!("The same is true of {others} more groups."));
            }
        }
        warnings.extend(not_asked_for(self.postponed));
        warnings
    }
}

/// One sentence for all groups, because it comes in every sync until their members are read.
fn not_asked_for(mut group_ids: Vec<String>) -> Option<String> {
    let others = group_ids.len().saturating_sub(MOST_NAMED);
    group_ids.truncate(MOST_NAMED);
    let more = match others {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    (!group_ids.is_empty()).then(|| {
        format!(
            "Earlier syncs could not read the members of these groups; those known are kept, and a later sync tries \
             again: {}{more}",
            group_ids.join(", ")
        )
    })
}

fn counted(rows: u64, difference: i64) -> u64 {
    rows.saturating_add_signed(difference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::errors::ErrorCode;

    #[test]
    fn few_are_named_and_many_are_counted() {
        let mut notes = Notes::default();
        notes.doubted("00g1", 0, 25);
        for number in 0..12 {
            notes.refused(&format!("00g{number}"), &Error::new(ErrorCode::RoleMissing));
        }
        let warnings = notes.into_warnings();
        assert_eq!(warnings.len(), MOST_NAMED + 2);
        assert!(warnings[0].contains("00g0") && warnings[10].contains("2 more groups"));
        assert!(warnings[11].contains("lists 0 members of the group 00g1 and counts 25"));
    }

    #[test]
    fn groups_that_are_not_asked_for_share_one_sentence() {
        let said = |count: usize| {
            let mut notes = Notes::default();
            notes.postponed((0..count).map(|number| format!("00g{number}")).collect());
            notes.into_warnings()
        };
        assert_eq!(said(0), Vec::<String>::new());
        assert!(said(2)[0].ends_with("again: 00g0, 00g1"));
        assert_eq!(said(12).len(), 1);
        assert!(said(12)[0].ends_with("00g9 and 2 more"));
    }
}
