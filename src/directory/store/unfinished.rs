//! Files that are not complete yet. Copies and exports get their final name only when they are complete.
//!
//! Such a part may be in any folder, so a note beside the directory records its path. The process that writes the part
//! holds a lock on the note. If nobody holds the lock, that process was killed, and the next opening removes the part
//! and the note.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::clock::UnixMillis;
use crate::directory::store::files::{SATELLITES, beside};
use crate::plain_file::{self, Links};

/// The suffix of a note's name. A note is named by the directory file, this suffix and a unique word.
const NOTE: &str = ".unfinished-";
/// The suffix of a part's name. A part is named by its target, this suffix and the unique word of its note.
const PART: &str = ".part-";
/// Longer than any path that a system accepts, in bytes.
const LONGEST_PATH: u64 = 8 * 1024;

/// A part and its note. Dropping it removes both.
pub struct Unfinished {
    part: PathBuf,
    file: File,
    /// None if no note can be written, as in a read-only folder. The part is made all the same.
    note: Option<Note>,
}

struct Note {
    path: PathBuf,
    /// Open as long as the note exists, because closing it would release the lock.
    _locked: File,
}

impl Unfinished {
    /// Begins a file that will become `target`. The note is beside the directory at `directory`.
    pub fn begin(directory: &Path, target: &Path) -> io::Result<Unfinished> {
        let word = format!(
            "{}-{}-{:x}",
            std::process::id(),
            UnixMillis::now().0,
            fastrand::u64(..)
        );
        let target = std::path::absolute(target)?;
        let part = beside(&target, &format!("{PART}{word}"));
        let note = Note::write(beside(directory, &format!("{NOTE}{word}")), &part).ok();
        match plain_file::create(&part) {
            Ok(file) => Ok(Unfinished { part, file, note }),
            Err(error) => note
                .map_or(Ok(()), |note| plain_file::remove(&note.path))
                .and(Err(error)),
        }
    }

    /// The path of the part.
    pub fn path(&self) -> &Path {
        &self.part
    }

    /// The part, open for writing.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives the part its final name. Fails if a file has that name by now.
    pub fn complete(self, target: &Path) -> io::Result<()> {
        // Synced through a new descriptor, because SQLite may have written the part through its own.
        File::open(&self.part)?.sync_all()?;
        // A hard link fails if the target exists by now, but a rename would overwrite it. Dropping `self` removes the
        // first name.
        match fs::hard_link(&self.part, target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            // The file system has no hard links.
            Err(_) if fs::symlink_metadata(target).is_err() => fs::rename(&self.part, target)?,
            Err(error) => return Err(error),
        }
        plain_file::sync_folder(target)
    }

    /// Gives the part its final name and replaces a file of that name.
    pub fn replace(self, target: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.part, target)?;
        plain_file::sync_folder(target)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // An error means that the part was already renamed, or that the error cannot be reported here. The note stays,
        // and the next opening tries again.
        if remove_part(&self.part).is_ok()
            && let Some(note) = &self.note
        {
            drop(plain_file::remove(&note.path));
        }
    }
}

impl Note {
    fn write(path: PathBuf, part: &Path) -> io::Result<Note> {
        let mut file = plain_file::create(&path)?;
        let written = file
            .try_lock()
            .map_err(io::Error::from)
            .and_then(|()| file.write_all(part.as_os_str().as_bytes()));
        match written {
            Ok(()) => Ok(Note { path, _locked: file }),
            Err(error) => plain_file::remove(&path).and(Err(error)),
        }
    }
}

/// Removes the parts that killed processes left for the directory at `directory`.
pub(in crate::directory) fn remove_leftovers(directory: &Path) -> io::Result<()> {
    for path in with_prefix(directory, NOTE)? {
        let mut options = OpenOptions::new();
        let opened = plain_file::open(&path, options.read(true), Links::Refused);
        // Another process has removed it, or it is not one of our notes.
        let Ok(note) = opened else { continue };
        if plain_file::require_ours(&path, &note).is_err() || note.try_lock().is_err() {
            continue;
        }
        let part = PathBuf::from(OsString::from_vec(plain_file::read(
            &path,
            LONGEST_PATH,
            Links::Refused,
        )?));
        // The part must have a name that this note's maker gives. A note with another path must not make us remove that
        // file.
        if is_part_of(&part, &path) {
            remove_part(&part)?;
        }
        plain_file::remove(&path)?;
    }
    Ok(())
}

/// The files beside `path` whose name begins with the name of `path` and `suffix`, and is longer.
pub(in crate::directory) fn with_prefix(path: &Path, suffix: &str) -> io::Result<Vec<PathBuf>> {
    let prefix = beside(path, suffix);
    let (Some(folder), Some(prefix)) = (path.parent(), prefix.file_name()) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_bytes().starts_with(prefix.as_bytes()) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// The final name of a part with this name; none if it is not a part.
pub(in crate::directory) fn name_to_be(part: &str) -> Option<&str> {
    part.rsplit_once(PART).map(|(target, _)| target)
}

fn is_part_of(part: &Path, note: &Path) -> bool {
    let ending = |path: &Path, mark: &str| {
        let name = path.file_name().map(OsStr::to_string_lossy)?;
        name.rsplit_once(mark).map(|(_, word)| word.to_owned())
    };
    part.is_absolute() && ending(part, PART).is_some_and(|word| Some(word) == ending(note, NOTE))
}

fn remove_part(part: &Path) -> io::Result<()> {
    // The folder was removed or is not mounted, so nothing can be removed now.
    match fs::symlink_metadata(part) {
        Ok(found) if found.is_file() && found.nlink() <= 2 => {}
        Ok(_) | Err(_) => return Ok(()),
    }
    SATELLITES
        .iter()
        .try_for_each(|suffix| plain_file::remove(&beside(part, suffix)))?;
    plain_file::remove(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).expect("folder").count()
    }

    #[test]
    fn what_a_killed_process_left_goes_and_what_is_being_made_stays() {
        let (home, elsewhere) = (
            tempfile::tempdir().expect("home"),
            tempfile::tempdir().expect("elsewhere"),
        );
        let directory = home.path().join("okta.db");
        let target = elsewhere.path().join("export.csv");
        let mut alive = Unfinished::begin(&directory, &target).expect("begin");
        alive.file().write_all(b"some").expect("write");
        // A killed process runs no destructor and loses its lock.
        let killed = Unfinished::begin(&directory, &target).expect("begin");
        let locked = killed
            .note
            .as_ref()
            .expect("note")
            ._locked
            .try_clone()
            .expect("clone");
        std::mem::forget(killed);
        locked.unlock().expect("unlock");
        assert_eq!((names(home.path()), names(elsewhere.path())), (2, 2));
        remove_leftovers(&directory).expect("remove");
        assert_eq!((names(home.path()), names(elsewhere.path())), (1, 1));
        alive.complete(&target).expect("complete");
        assert_eq!((names(home.path()), names(elsewhere.path())), (0, 1));
        assert_eq!(fs::read(&target).expect("read"), b"some");
        let again = Unfinished::begin(&directory, &target).expect("begin");
        let refused = again.complete(&target).expect_err("the target exists");
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!((names(home.path()), names(elsewhere.path())), (0, 1));
    }

    #[test]
    fn a_forged_note_removes_nothing() {
        let home = tempfile::tempdir().expect("home");
        let directory = home.path().join("okta.db");
        let victim = home.path().join("victim");
        fs::write(&victim, "x").expect("write");
        let note = plain_file::create(&beside(&directory, ".unfinished-1-2-3")).expect("note");
        (&note).write_all(victim.as_os_str().as_bytes()).expect("write");
        remove_leftovers(&directory).expect("remove");
        assert!(victim.exists());
        assert_eq!(names(home.path()), 1);
    }
}
