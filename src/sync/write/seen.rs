//! Counts the different users that the unfinished run has seen so far; a user who comes repeatedly counts once.

use crate::contract::errors::Result;
use crate::directory::{Connection, UserSet, runs, users};
use crate::model::RunId;
use crate::sync::write::plan::PagePlan;

/// The different users of a run's pages.
pub struct Seen {
    /// Users that the run itself inserted.
    inserted: u64,
    /// Users who were published before.
    published: UserSet,
}

impl Seen {
    /// The users on pages that earlier attempts committed.
    pub fn load(conn: &Connection, run: RunId) -> Result<Seen> {
        Ok(Seen {
            inserted: users::count_inserted(conn, run)?,
            published: runs::seen(conn, run)?,
        })
    }

    /// Adds the users of a page.
    pub fn take(&mut self, page: &PagePlan) {
        self.inserted += page.insert.len() as u64;
        for user_no in &page.seen {
            self.published.insert(*user_no);
        }
    }

    /// How many users were seen.
    pub fn users(&self) -> u64 {
        self.inserted + self.published.len()
    }
}
