//! The key file `<directory>.key`: where the sealing key lies if the host hands none in.
//!
//! 64 hexadecimal digits, mode 0600, made when the first secret is sealed. A new key is written
//! beside the old one first, so that a crash while re-keying leaves the key that the directory needs.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::sealing::{SEALING_KEY_LENGTH, SealingKey};
use crate::directory::database_files::{FILE_MODE, beside};
use crate::directory::sqlite_error::of_io;
use crate::error::{Error, ErrorCode, Result};

/// The key file of one directory.
#[derive(Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    next: PathBuf,
}

impl KeyFile {
    /// The key file beside the directory at `directory`.
    pub(super) fn beside(directory: &Path) -> KeyFile {
        KeyFile {
            path: beside(directory, ".key"),
            next: beside(directory, ".key.next"),
        }
    }

    /// The keys that lie there: the one in force, and one that a crash kept from coming into force.
    pub(super) fn read(&self) -> Result<Vec<SealingKey>> {
        let found = [read_key(&self.path)?, read_key(&self.next)?];
        Ok(found.into_iter().flatten().collect())
    }

    /// Writes a key down, durably, without putting it into force.
    pub(super) fn prepare(&self, key: &SealingKey) -> Result<()> {
        write_key(&self.next, key).map_err(|error| failed(&error))
    }

    /// Puts the prepared key into force.
    pub(super) fn commit(&self) -> Result<()> {
        let renamed = fs::rename(&self.next, &self.path).and_then(|()| sync_folder(&self.path));
        renamed.map_err(|error| failed(&error))
    }

    /// Removes every key.
    pub(super) fn remove(&self) -> Result<()> {
        for path in [&self.next, &self.path] {
            match fs::remove_file(path) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        Ok(())
    }
}

fn read_key(path: &Path) -> Result<Option<SealingKey>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&error)),
    };
    narrow(&file).map_err(|error| failed(&error))?;
    let mut text = Zeroizing::new(Vec::with_capacity(2 * SEALING_KEY_LENGTH + 2));
    (&mut file)
        .take(2 * SEALING_KEY_LENGTH as u64 + 2)
        .read_to_end(&mut text)
        .map_err(|error| failed(&error))?;
    match parse(&text) {
        Some(bytes) => SealingKey::from_bytes(bytes.as_slice()).map(Some),
        None => Err(Error::new(ErrorCode::SealingKeyUnavailable)),
    }
}

/// A key file that others may read is narrowed, as the directory file is.
fn narrow(file: &File) -> io::Result<()> {
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(())
}

fn parse(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
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
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true).mode(FILE_MODE);
    let mut file = options.open(path)?;
    narrow(&file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Makes a new name in a folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

fn failed(error: &io::Error) -> Error {
    of_io(ErrorCode::SealingKeyUnavailable, "key file", error)
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
        assert_eq!(file.read().expect("nothing"), []);
        let key = SealingKey::random().expect("random");
        file.prepare(&key).expect("prepare");
        file.commit().expect("commit");
        assert_eq!(file.read().expect("read"), std::slice::from_ref(&key));
        let path = folder.path().join("okta.db.key");
        let mode = || fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("widen");
        file.read().expect("read");
        assert_eq!(mode(), 0o600);
        let next = SealingKey::random().expect("random");
        file.prepare(&next).expect("prepare");
        assert_eq!(file.read().expect("both"), [key, next]);
        file.remove().expect("remove");
        assert_eq!(file.read().expect("nothing"), []);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (folder, file) = fixture();
        let long = "0".repeat(70);
        let odd = format!("{}+f", "0".repeat(62));
        for text in ["", "00", long.as_str(), odd.as_str(), "ä"] {
            fs::write(folder.path().join("okta.db.key"), text).expect("write");
            let error = file.read().expect_err(text);
            assert_eq!(error.code(), ErrorCode::SealingKeyUnavailable);
        }
    }
}
