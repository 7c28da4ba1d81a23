//! The key file `<directory>.key`. It holds the sealing key if the host supplies none.
//!
//! The file has 64 hexadecimal digits and mode 0600. It is made when the first secret is encrypted. A change of the key
//! first writes the new key beside the old one, so that a crash never destroys the key that the directory needs. No
//! file can be half written under its final name: it is written under a third name, synced and then renamed.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::sealing::{SEALING_KEY_LENGTH, SealingKey};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::files::beside;
use crate::directory::store::sqlite_error::of_path;
use crate::plain_file::{self, Links, PRIVATE_MODE};

/// The digits and a line end, because a text editor may add one.
const LONGEST: u64 = 2 * SEALING_KEY_LENGTH as u64 + 2;

/// The key file of one directory.
#[derive(Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    next: PathBuf,
    part: PathBuf,
}

/// The keys that were found in the key file and beside it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// The key in force.
    pub in_force: Option<SealingKey>,
    /// A key that was prepared before a crash. Some values may already be encrypted with it.
    pub next: Option<SealingKey>,
}

impl KeyFile {
    /// The key file beside the directory at `directory`.
    pub(super) fn beside(directory: &Path) -> KeyFile {
        KeyFile {
            path: beside(directory, ".key"),
            next: beside(directory, ".key.next"),
            part: beside(directory, ".key.part"),
        }
    }

    /// Reads both keys.
    pub(super) fn read(&self) -> Result<Keys> {
        let in_force = read_key(&self.path)?;
        // A half-written key file was never in force, so nothing is encrypted with it.
        let next = read_key(&self.next).unwrap_or_default();
        Ok(Keys { in_force, next })
    }

    /// Writes a key to disk and syncs it, without putting it into force.
    pub(super) fn prepare(&self, key: &SealingKey) -> Result<()> {
        let written = write_key(&self.part, key)
            .and_then(|()| fs::rename(&self.part, &self.next))
            .and_then(|()| plain_file::sync_folder(&self.next));
        if written.is_err() {
            // Half a key is useless.
            drop(plain_file::remove(&self.part));
        }
        written.map_err(|error| failed(&self.next, &error))
    }

    /// Puts the prepared key into force.
    pub(super) fn commit(&self) -> Result<()> {
        let renamed = fs::rename(&self.next, &self.path).and_then(|()| plain_file::sync_folder(&self.path));
        renamed.map_err(|error| failed(&self.path, &error))
    }

    /// Removes both keys.
    pub(super) fn remove(&self) -> Result<()> {
        for path in [&self.part, &self.next, &self.path] {
            plain_file::remove(path).map_err(|error| failed(path, &error))?;
        }
        Ok(())
    }
}

fn read_key(path: &Path) -> Result<Option<SealingKey>> {
    let mut options = OpenOptions::new();
    let file = match plain_file::open(path, options.read(true), Links::Refused) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, &error)),
    };
    let trusted = plain_file::require_ours(path, &file).and_then(|()| narrow(&file));
    trusted.map_err(|error| failed(path, &error))?;
    let mut text = Zeroizing::new(Vec::with_capacity(LONGEST as usize + 1));
    file.take(LONGEST + 1)
        .read_to_end(&mut text)
        .map_err(|error| failed(path, &error))?;
    let refused = |why: &str| failed(path, &plain_file::refused(why));
    if text.is_empty() {
        return Err(refused("it is empty"));
    }
    let bytes = parse(&text).ok_or_else(|| refused("it holds something else"))?;
    let key = SealingKey::from_bytes(bytes.as_slice())?;
    match key.is_weak() {
        true => Err(refused("its key is no random one")),
        false => Ok(Some(key)),
    }
}

/// Removes other users' access to the key file, as for the directory file.
fn narrow(file: &File) -> io::Result<()> {
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(PRIVATE_MODE))?;
    }
    Ok(())
}

pub(super) fn parse(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.trim_ascii_end();
    if digits.len() != 2 * SEALING_KEY_LENGTH || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(SEALING_KEY_LENGTH));
    for pair in digits.chunks_exact(2) {
        let pair = std::str::from_utf8(pair).ok()?;
        bytes.push(u8::from_str_radix(pair, 16).ok()?);
    }
    Some(bytes)
}

fn write_key(path: &Path, key: &SealingKey) -> io::Result<()> {
    let mut text = Zeroizing::new(String::with_capacity(2 * SEALING_KEY_LENGTH + 1));
    for byte in key.bytes() {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
    }
    text.push('\n');
    // A killed process left this file half written. Nothing is encrypted with its key.
    plain_file::remove(path)?;
    let mut file = plain_file::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(path: &Path, error: &io::Error) -> Error {
    of_path(ErrorCode::SealingKeyUnavailable, "the key file", path, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> (tempfile::TempDir, KeyFile) {
        let folder = tempfile::tempdir().expect("folder");
        let file = KeyFile::beside(&folder.path().join("okta.db"));
        (folder, file)
    }

    #[test]
    fn a_key_survives_and_is_private() {
        let (folder, file) = fixture();
        assert_eq!(file.read().expect("nothing"), Keys::default());
        let key = SealingKey::random().expect("random");
        file.prepare(&key).expect("prepare");
        file.commit().expect("commit");
        assert_eq!(file.read().expect("read").in_force.as_ref(), Some(&key));
        let path = folder.path().join("okta.db.key");
        let mode = || fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("widen");
        file.read().expect("read");
        assert_eq!(mode(), 0o600);
        let next = SealingKey::random().expect("random");
        file.prepare(&next).expect("prepare");
        let both = file.read().expect("both");
        assert_eq!((both.in_force, both.next), (Some(key), Some(next)));
        file.remove().expect("remove");
        assert_eq!(file.read().expect("nothing"), Keys::default());
        assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 0);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (folder, file) = fixture();
        let long = "0".repeat(70);
        let odd = format!("{}+f", "0".repeat(62));
        let weak = "0".repeat(64);
        for text in ["", "00", long.as_str(), odd.as_str(), weak.as_str(), "ä"] {
            fs::write(folder.path().join("okta.db.key"), text).expect("write");
            let error = file.read().expect_err(text);
            assert_eq!(error.code(), ErrorCode::SealingKeyUnavailable);
        }
    }

    #[test]
    fn a_key_that_others_may_have_written_is_refused() {
        let (folder, file) = fixture();
        file.prepare(&SealingKey::random().expect("random"))
            .expect("prepare");
        file.commit().expect("commit");
        let path = folder.path().join("okta.db.key");
        fs::set_permissions(&path, Permissions::from_mode(0o666)).expect("widen");
        let error = file.read().expect_err("others may write");
        assert_eq!(error.code(), ErrorCode::SealingKeyUnavailable);
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("narrow");
        let real = folder.path().join("real");
        fs::rename(&path, &real).expect("rename");
        std::os::unix::fs::symlink(&real, &path).expect("link");
        assert!(
            file.read()
                .expect_err("a link")
                .message()
                .contains("symbolic link")
        );
    }

    #[test]
    fn half_a_prepared_key_is_in_nobodys_way() {
        let (folder, file) = fixture();
        let next = folder.path().join("okta.db.key.next");
        fs::write(&next, "0123").expect("half");
        assert_eq!(file.read().expect("nothing"), Keys::default());
        let key = SealingKey::random().expect("random");
        fs::write(folder.path().join("okta.db.key.part"), "0").expect("another half");
        file.prepare(&key).expect("prepare");
        file.commit().expect("commit");
        fs::write(&next, "").expect("half");
        assert_eq!(file.read().expect("the key in force").in_force, Some(key));
    }
}
