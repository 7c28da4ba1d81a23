//! The head: one small file that names the newest state on the shared folder and the way to it.
//!
//! It is replaced as a whole, after all files that it leads to are written. Followers check its time and size, and read
//! it when these have changed.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file::{FORMAT, Seal};
use super::lineage::{StateId, bytes_of};
use crate::directory::store::unfinished::{self, Unfinished};
use crate::plain_file::{self, Links};

/// The name of the head's file.
const NAME: &str = "head.json";
/// Far more bytes than a head with the longest note has.
const MOST_BYTES: u64 = 256 * 1024;

/// What the shared folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) format: u32,
    pub(super) schema: u32,
    /// The newest state.
    pub(super) state: String,
    /// The sum over it.
    pub(super) sum: String,
    /// The increment that leads to this state; none if only the base does.
    pub(super) increment: Option<Seal>,
    pub(super) base: Base,
    /// When it was written, in milliseconds since 1970.
    pub(super) at: i64,
    /// The note of the publisher's host.
    pub(super) note: String,
}

impl Head {
    /// Whether names and sum have the form that we write.
    fn is_sound(&self) -> bool {
        let states = [&self.state, &self.base.state];
        states.iter().all(|state| StateId::of(state).is_some()) && bytes_of(&self.sum).is_ok()
    }
}

/// The newest base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Base {
    pub(super) state: String,
    pub(super) file: Seal,
    /// How many increments were published after the base.
    pub(super) increments: u32,
    /// The total size of these increments, in bytes.
    pub(super) bytes: u64,
}

/// What was found when the head was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HeadReading {
    /// No head, or one that cannot be read. Nothing can be followed, and the next publication writes a base.
    Nothing,
    /// The head of an older engine. The next publication replaces it.
    Older,
    /// The head of a newer engine, whose files are not touched.
    Newer,
    Head(Box<Head>),
}

/// The members that every version of a head has.
#[derive(Deserialize)]
struct Version {
    format: u32,
    schema: u32,
}

/// Where the head of a folder is.
pub(super) fn place(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Reads the head of a folder. `schema` is the version that this engine uses.
pub(super) fn read(folder: &Path, schema: u32) -> io::Result<HeadReading> {
    let bytes = match plain_file::read(&place(folder), MOST_BYTES, Links::Refused) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound || plain_file::is_refusal(&error) => {
            return Ok(HeadReading::Nothing);
        }
        Err(error) => return Err(error),
    };
    Ok(parse(&bytes, schema))
}

/// Decodes a head. `schema` is the version that this engine uses.
pub(super) fn parse(bytes: &[u8], schema: u32) -> HeadReading {
    let Ok(version) = serde_json::from_slice::<Version>(bytes) else {
        return HeadReading::Nothing;
    };
    if version.format > FORMAT || version.schema > schema {
        return HeadReading::Newer;
    }
    if version.format < FORMAT || version.schema < schema {
        return HeadReading::Older;
    }
    let sound = serde_json::from_slice::<Head>(bytes).ok().filter(Head::is_sound);
    sound.map_or(HeadReading::Nothing, |head| HeadReading::Head(Box::new(head)))
}

/// Replaces the head and returns its size in bytes. The file gets the same owner as the file of `directory`.
pub(super) fn write(directory: &Path, folder: &Path, head: &Head) -> io::Result<u64> {
    let bytes = serde_json::to_vec(head)?;
    let place = place(folder);
    let mut part = Unfinished::begin(directory, &place)?;
    part.file().write_all(&bytes)?;
    part.replace(&place)?;
    Ok(bytes.len() as u64)
}

/// The file of the increment that leads to a state.
pub(super) fn increment_of(folder: &Path, state: &str) -> PathBuf {
    folder.join(format!("{state}.increment"))
}

/// The file of the base at a state.
pub(super) fn base_of(folder: &Path, state: &str) -> PathBuf {
    folder.join(format!("{state}.base"))
}

/// The files of increments and bases in a folder, and their parts.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(is_ours) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn is_ours(name: &str) -> bool {
    let name = unfinished::name_to_be(name).unwrap_or(name);
    let state = name
        .strip_suffix(".increment")
        .or_else(|| name.strip_suffix(".base"));
    state.and_then(StateId::of).is_some()
}

/// The file that a follower makes to ask for a new base, because a file on the way to the newest state is damaged or
/// lost.
const WANTED: &str = "base-wanted";

/// Asks the next publisher for a base.
pub(super) fn want_base(folder: &Path) {
    // If this file cannot be written, nobody can publish either.
    drop(plain_file::create(&folder.join(WANTED)));
}

/// Whether a follower asked for a base.
pub(super) fn is_base_wanted(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(WANTED)).is_ok_and(|found| found.is_file())
}

/// Removes the request for a base, if there is one.
pub(super) fn want_no_base(folder: &Path) -> io::Result<()> {
    plain_file::remove(&folder.join(WANTED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::store::migrations::SCHEMA_VERSION;

    /// A seed of another version would stop the fuzzer at the first check.
    #[test]
    fn the_fuzzers_first_head_is_one_of_this_version() {
        let seed = include_bytes!("../../../fuzz/corpus/shared_files/head");
        assert!(matches!(parse(&seed[1..], SCHEMA_VERSION), HeadReading::Head(_)));
    }
}
