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
}

impl Notes {
    /// Notes that Okta refuses to list the members of a group.
    pub fn refused(&mut self, group_id: &str, error: &Error) {
        self.refused.push(format!(
            "The members of the group {group_id} could not be read, so those known are kept and a later sync tries \
             again: {error}"
        ));
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
        warnings
    }
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
}
