//! Finds the way from a state to the newest one. The way is read backwards from the head, file by file.
//!
//! Only files that lead to the newest state are used. A file of a killed publisher does not lead there, so reading
//! backwards never finds it.

use std::fs::OpenOptions;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::file::{FORMAT, FileReader, Header};
use super::head::{self, Head};
use super::lineage::StateId;
use crate::directory::store::migrations::SCHEMA_VERSION;
use crate::plain_file::{self, Links};

/// More steps than any way has. It ends the search if the files form a circle.
const MOST_STEPS: usize = 10_000;

/// An increment on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
}

/// The ways that were found.
#[derive(Debug, Default)]
pub(super) struct Route {
    /// From the state of this directory, oldest first; none if no increments lead from there.
    pub(super) from_here: Option<Vec<Step>>,
    /// From the base; none if increments are missing.
    pub(super) from_base: Option<Vec<Step>>,
}

/// Looks for the ways from `here` and from the base to the state of the head.
pub(super) fn find(folder: &Path, head: &Head, here: Option<&StateId>) -> Route {
    let mut route = Route::default();
    let mut steps: Vec<Step> = Vec::new();
    let mut at = head.state.clone();
    let mut hash = head.increment.as_ref().map(|seal| seal.sha256.clone());
    for _ in 0..MOST_STEPS {
        if at == head.base.state && route.from_base.is_none() {
            route.from_base = Some(forwards(&steps));
            if here.is_none() {
                break;
            }
        }
        if here.is_some_and(|here| here.as_str() == at) {
            route.from_here = Some(forwards(&steps));
            // The files before this one cannot be used, but the base may be usable.
            if route.from_base.is_some() {
                break;
            }
        }
        let Some(sha256) = hash else { break };
        let path = head::increment_of(folder, &at);
        let Some(header) = header(&path).filter(|header| header.state == at) else {
            break;
        };
        let Some(from) = header.from else { break };
        steps.push(Step { path, sha256 });
        (at, hash) = (from, header.before);
    }
    route
}

fn forwards(steps: &[Step]) -> Vec<Step> {
    steps.iter().rev().cloned().collect()
}

/// Reads the header of a file, without its rows.
fn header(path: &Path) -> Option<Header> {
    let file = plain_file::open(path, OpenOptions::new().read(true), Links::Refused).ok()?;
    let header = FileReader::begin(file.take(8 * 1024), "").ok()?.header().clone();
    let same = header.format == FORMAT
        && header.schema == SCHEMA_VERSION
        && StateId::of(header.from.as_ref()?).is_some();
    same.then_some(header)
}
