//! Opens files whose path or content others may have chosen: settings, keys, mirrors, targets of exports.
//!
//! All such files are opened here. Only regular files are opened, and never with a wait for a pipe or a device.
//! Every read has a largest size, and a file is only replaced as a whole. This file knows nothing of the contents.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

/// Only the owner may read and write.
pub const PRIVATE_MODE: u32 = 0o600;

/// What to do if the path of a file is a symbolic link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// The link is followed: an administrator may give a link, as most systems do for their CA bundle.
    Followed,
    /// The link is refused: the file is ours, and we make no links, so somebody else made it.
    Refused,
}

/// Why a file was refused before anything was read or written. The text follows the name of the file.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// The error for a file that we refuse.
pub fn refused(why: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, Refused(why.into()))
}

/// Whether we refused the file; otherwise the system did.
pub fn is_refusal(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Refused>())
}

/// The cause of the error, in words for a message: our own reason, or the kind of the system's error.
pub fn cause(error: &io::Error) -> String {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()) {
        Some(refused) => refused.to_string(),
        None => match error.kind() {
            ErrorKind::AlreadyExists => "it exists already".to_owned(),
            ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            other => other.to_string(),
        },
    }
}

/// Opens a regular file. Anything else is refused without opening it: opening a pipe may wait for ever, and opening
/// a device may have an effect.
pub fn open(path: &Path, options: &mut OpenOptions, links: Links) -> io::Result<File> {
    match found(path, links) {
        Ok(found) if !found.is_file() => return Err(not_regular(&found)),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // The flags check again, because the file may have been replaced since the look-up.
    let flags = match links {
        Links::Followed => OFlags::NONBLOCK | OFlags::NOCTTY,
        Links::Refused => OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW,
    };
    let opened = options.custom_flags(flags.bits().cast_signed()).open(path);
    let file = opened.map_err(|error| match error.raw_os_error() {
        Some(code) if code == Errno::LOOP.raw_os_error() && links == Links::Refused => {
            refused("it is a symbolic link")
        }
        _ => error,
    })?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(not_regular(&found));
    }
    Ok(file)
}

/// Reads a regular file of at most `most` bytes.
pub fn read(path: &Path, most: u64, links: Links) -> io::Result<Vec<u8>> {
    let file = open(path, OpenOptions::new().read(true), links)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(refused(format!("it has more than {most} bytes"))),
        false => Ok(bytes),
    }
}

/// Whether a setting may name this file: it is a regular file of at most `most` bytes, or it does not exist yet.
pub fn check(path: &Path, most: u64, links: Links) -> io::Result<()> {
    match found(path, links) {
        Ok(found) if !found.is_file() => Err(not_regular(&found)),
        Ok(found) if found.len() > most => Err(refused(format!("it has more than {most} bytes"))),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a new file that only its owner may read. It never follows a link and never changes an existing file.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create_new(true).read(true).write(true).mode(PRIVATE_MODE);
    options.open(path)
}

/// Refuses a file that somebody else may have made or changed: it has another owner, a second name, or a mode that
/// lets others write. The owner of the folder is trusted, because the owner can replace everything in it, and so is
/// root.
pub fn require_ours(path: &Path, file: &File) -> io::Result<()> {
    let found = file.metadata()?;
    let folder = fs::metadata(folder_of(path))?;
    let trusted = [0, rustix::process::geteuid().as_raw(), folder.uid()];
    if !trusted.contains(&found.uid()) {
        return Err(refused("it belongs to another user"));
    }
    require_one_name(&found)?;
    if found.mode() & 0o022 != 0 {
        return Err(refused(
            "others may write to it; allow only its owner to (mode 0600)",
        ));
    }
    Ok(())
}

/// Refuses a path that a library would open without a check: a pipe, because the library would wait for it, and a
/// link or a second name, because the library would write to a file of somebody else.
pub fn require_plain(path: &Path) -> io::Result<()> {
    match found(path, Links::Refused) {
        Ok(found) if !found.is_file() => Err(not_regular(&found)),
        Ok(found) => require_one_name(&found),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn require_one_name(found: &Metadata) -> io::Result<()> {
    match found.nlink() > 1 {
        true => Err(refused(
            "it has a second name (a hard link); copy it to a file of its own",
        )),
        false => Ok(()),
    }
}

/// Makes a new name in the folder of `path` survive a power cut.
///
/// A folder that cannot be synced is no failure: CIFS and some FUSE file systems answer EINVAL, and a folder may be
/// searchable without being readable. The file itself was already synced.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let synced = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    let unsupported = [
        Errno::INVAL,
        Errno::NOTSUP,
        Errno::OPNOTSUPP,
        Errno::NOSYS,
        Errno::ACCESS,
    ];
    match synced {
        Err(error)
            if unsupported
                .iter()
                .any(|code| error.raw_os_error() == Some(code.raw_os_error())) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Removes a file, if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn found(path: &Path, links: Links) -> io::Result<Metadata> {
    match links {
        Links::Followed => fs::metadata(path),
        Links::Refused => fs::symlink_metadata(path),
    }
}

fn not_regular(found: &Metadata) -> io::Error {
    refused(match (found.is_symlink(), found.is_dir()) {
        (true, _) => "it is a symbolic link",
        (false, true) => "it is a folder",
        (false, false) => "it is a device or a pipe, not a regular file",
    })
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    fn why(outcome: io::Result<Vec<u8>>) -> String {
        cause(&outcome.expect_err("refused"))
    }

    #[test]
    fn pipes_devices_folders_and_endless_files_are_refused_without_waiting() {
        let folder = tempfile::tempdir().expect("folder");
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let large = folder.path().join("large");
        fs::write(&large, "12345").expect("write");
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            assert!(why(read(path, 10, Links::Followed)).contains("not a regular file"));
            assert!(check(path, 10, Links::Followed).is_err());
        }
        assert_eq!(why(read(folder.path(), 10, Links::Followed)), "it is a folder");
        assert_eq!(why(read(&large, 4, Links::Followed)), "it has more than 4 bytes");
        assert_eq!(read(&large, 5, Links::Followed).expect("read"), b"12345");
        check(&folder.path().join("nothing"), 5, Links::Refused).expect("not there yet");
    }

    #[test]
    fn a_link_is_followed_only_where_an_administrator_may_have_made_it() {
        let folder = tempfile::tempdir().expect("folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "x").expect("write");
        symlink(&file, &link).expect("link");
        assert_eq!(read(&link, 10, Links::Followed).expect("read"), b"x");
        assert_eq!(why(read(&link, 10, Links::Refused)), "it is a symbolic link");
        assert!(create(&link).is_err());
    }

    #[test]
    fn a_file_that_others_may_have_changed_is_not_ours() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("file");
        let file = create(&path).expect("create");
        require_ours(&path, &file).expect("ours");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("widen");
        assert!(require_ours(&path, &file).is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("narrow");
        require_ours(&path, &file).expect("read by others, written by nobody else");
        fs::hard_link(&path, folder.path().join("other")).expect("link");
        assert!(cause(&require_ours(&path, &file).expect_err("two names")).contains("second name"));
    }

    #[test]
    fn a_folder_that_cannot_be_synced_is_no_failure() {
        // The kernel answers EINVAL to fsync of a file in /proc.
        let folder = Path::new("/proc/self/fd");
        let answer = File::open(folder).and_then(|folder| folder.sync_all());
        assert_eq!(
            answer.expect_err("EINVAL").raw_os_error(),
            Some(Errno::INVAL.raw_os_error())
        );
        sync_folder(&folder.join("0")).expect("no failure");
        assert!(sync_folder(Path::new("/nowhere/file")).is_err());
    }
}
