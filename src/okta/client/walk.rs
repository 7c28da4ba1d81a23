//! Follows one listing and notices if it goes on for ever: if it leads back to an earlier page, or from page to
//! page without new rows. Pure.
//!
//! A wrong link can cause both. Without a bound, the listing would be read until somebody stops it.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::okta::Cursor;

/// The listing is given up after this many pages in a row without new users. Okta sends short and empty pages when
/// it filters rows after counting them: 50 full pages are 10 000 users whom a role may not see.
const MOST_BARREN: u32 = 50;

/// The pages of one listing that were read. Only hashes are kept.
#[derive(Debug, Default)]
pub struct Walk {
    cursors: HashSet<u64>,
    ids: HashSet<u64>,
    barren: u32,
}

impl Walk {
    /// A listing whose pages at these cursors were already read.
    pub fn resumed<'a>(cursors: impl Iterator<Item = &'a str>) -> Walk {
        Walk {
            cursors: cursors.map(hash).collect(),
            ..Walk::default()
        }
    }

    /// How many pages were read.
    pub fn pages(&self) -> usize {
        self.cursors.len()
    }

    /// Whether `next` leads to `cursor` or to an earlier page. Then the page is worth requesting once more.
    pub fn leads_back(&self, cursor: &Cursor, next: Option<&Cursor>) -> bool {
        next.is_some_and(|next| next == cursor || self.cursors.contains(&hash(next.as_str())))
    }

    /// Notes the page at `cursor` and the ids of its rows. An error ends the listing.
    pub fn take<'a>(
        &mut self,
        cursor: &Cursor,
        ids: impl Iterator<Item = &'a str>,
        next: Option<&Cursor>,
    ) -> Result<()> {
        self.cursors.insert(hash(cursor.as_str()));
        let mut news = false;
        for id in ids {
            news |= self.ids.insert(hash(id));
        }
        self.barren = if news { 0 } else { self.barren + 1 };
        if self.leads_back(cursor, next) {
            return Err(Error::new(ErrorCode::CursorRepeated));
        }
        if next.is_some() && self.barren >= MOST_BARREN {
            let what = format!(
                "Okta's listing led on {MOST_BARREN} times without a new row; it was stopped instead of going on \
                 for ever. Try again, and tell Okta support if it stays."
            );
            return Err(Error::with_message(ErrorCode::CursorRepeated, what));
        }
        Ok(())
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(number: usize) -> Cursor {
        format!("/page?{number}").parse().expect("a cursor")
    }

    /// How many of the pages are read before the listing is given up. `pages` holds the ids on each page.
    fn taken<'a>(pages: impl Iterator<Item = &'a [&'a str]>) -> usize {
        let mut walk = Walk::default();
        let refused = pages.enumerate().find(|(at, ids)| {
            let next = cursor(at + 1);
            walk.take(&cursor(*at), ids.iter().copied(), Some(&next)).is_err()
        });
        refused.map_or(usize::MAX, |(at, _)| at)
    }

    #[test]
    fn ever_new_cursors_without_anybody_new_end() {
        let most = MOST_BARREN as usize;
        assert_eq!(taken(std::iter::repeat(&[][..])), most - 1);
        assert_eq!(
            taken(std::iter::repeat(&["a", "b"][..])),
            most,
            "the first page was news"
        );
        let circle = [&["a"][..], &[], &["b", "a"], &["c"], &[]];
        assert_eq!(taken(circle.into_iter().cycle()), 3 + most);
    }

    #[test]
    fn empty_pages_between_others_are_no_reason() {
        let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let mut walk = Walk::default();
        for (at, page) in (0..20 * 40).enumerate() {
            let id = (page % 40 == 39).then(|| names[page / 40].as_str());
            let next = cursor(at + 1);
            walk.take(&cursor(at), id.into_iter(), Some(&next))
                .expect("goes on");
        }
    }

    #[test]
    fn a_circle_is_seen_before_and_when_it_closes() {
        let mut walk = Walk::resumed(["/page?1"].into_iter());
        assert!(
            walk.leads_back(&cursor(2), Some(&cursor(1))) && walk.leads_back(&cursor(2), Some(&cursor(2)))
        );
        assert!(!walk.leads_back(&cursor(2), Some(&cursor(3))) && !walk.leads_back(&cursor(2), None));
        let error = walk.take(&cursor(2), ["a"].into_iter(), Some(&cursor(1)));
        assert_eq!(error.expect_err("a circle").code(), ErrorCode::CursorRepeated);
        assert_eq!(walk.pages(), 2);
    }
}
