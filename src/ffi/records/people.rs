//! People as rows: a user, then what belongs to it, then the next user.

use super::entries::{ENTRY, entry_cells};
use super::groups::{GROUP, group_cells};
use super::mixed::Mixed;
use super::schemas::{TITLED, titled_cells};
use crate::contract::columns::Column as C;
use crate::ffi::page::Page;
use crate::model::Person;

/// People: behind the row of each user the rows of its attributes, its manager and its groups.
pub fn people(people: &[Person]) -> Page {
    let mut page = Mixed::new(C::PersonRow, &[ENTRY, TITLED, GROUP]);
    for person in people {
        page.push("user", ENTRY, entry_cells(&person.entry, None));
        for value in &person.attributes {
            page.push("attribute", TITLED, titled_cells(value));
        }
        if let Some(manager) = &person.manager {
            page.push("manager", ENTRY, entry_cells(manager, None));
        }
        for group in &person.groups {
            page.push("group", GROUP, group_cells(group, None));
        }
    }
    page.done()
}
