//! People as rows: a user, then its attributes, manager and groups, then the next user.

use super::entries::ENTRY;
use super::groups::GROUP;
use super::mixed::Mixed;
use super::schemas::TITLED_VALUE;
use crate::contract::columns::Column as C;
use crate::contract::page::Page;
use crate::model::Person;

/// People. After the row of each user come the rows of its attributes, its manager and its groups.
pub fn people(people: &[Person]) -> Page {
    let (entry, titled, group) = (ENTRY.columns(), TITLED_VALUE.columns(), GROUP.columns());
    let mut page = Mixed::new(C::PersonRow, &[&entry, &titled, &group]);
    for person in people {
        page.push("user", &entry, ENTRY.cells(&person.entry));
        for value in &person.attributes {
            page.push("attribute", &titled, TITLED_VALUE.cells(value));
        }
        if let Some(manager) = &person.manager {
            page.push("manager", &entry, ENTRY.cells(manager));
        }
        for one in &person.groups {
            page.push("group", &group, GROUP.cells(one));
        }
    }
    page.done()
}
