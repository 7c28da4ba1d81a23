//! Finds out whether a folder is on a local disk, where SQLite's write-ahead log is safe.
//!
//! It refuses the file systems that are certainly remote. An unknown file system counts as local, so that an unusual
//! local file system is never refused.

use std::path::Path;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::sqlite_error;

/// File systems by their magic number (Linux `include/uapi/linux/magic.h` and the projects' own sources). Hosts cannot
/// share memory through them, and several of them do not share locks between hosts either.
#[cfg(target_os = "linux")]
const REMOTE: &[(u32, &str)] = &[
    (0x0000_6969, "NFS"),
    (0x0000_517B, "SMB"),
    (0xFE53_4D42, "SMB2"),
    (0xFF53_4D42, "CIFS"),
    (0x0000_564C, "NCP"),
    (0x5346_414F, "AFS"),
    (0x6B41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00C3_6400, "Ceph"),
    (0x0BD0_0BD0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x0116_1970, "GFS2"),
    (0x7461_636F, "OCFS2"),
    (0x1983_0326, "BeeGFS"),
    (0xAAD7_AAEA, "PanFS"),
    (0x2003_0528, "OrangeFS"),
    (0x0102_1997, "9p"),
];

/// FUSE carries local and remote file systems; the mount table shows which one it is.
#[cfg(target_os = "linux")]
const FUSE: u32 = 0x6573_5546;

/// FUSE file systems that are remote, as the mount table names them after `fuse.`.
#[cfg(target_os = "linux")]
const REMOTE_FUSE: &[&str] = &[
    "sshfs",
    "glusterfs",
    "ceph",
    "ceph-fuse",
    "s3fs",
    "goofys",
    "gcsfuse",
    "rclone",
    "davfs",
    "davfs2",
    "curlftpfs",
    "juicefs",
    "moosefs",
    "mfs",
    "seaweedfs",
    "smbnetfs",
    "nfs",
    "blobfuse",
    "blobfuse2",
];

/// Refuses a folder on a file system that is certainly remote.
#[cfg(target_os = "linux")]
pub(in crate::directory) fn require_local(folder: &Path) -> Result<()> {
    let status = rustix::fs::statfs(folder).map_err(|error| {
        sqlite_error::of_io(
            ErrorCode::DirectoryOpenFailed,
            "folder not readable",
            &error.into(),
        )
    })?;
    // The kernel's numbers are 32 bits wide; some architectures sign-extend them.
    #[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast)]
    let magic = status.f_type as u32;
    let remote = match magic {
        FUSE => {
            let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
            remote_fuse(&mounts, folder)
        }
        other => REMOTE
            .iter()
            .find(|(number, _)| *number == other)
            .map(|(_, name)| *name),
    };
    match remote {
        Some(name) => Err(Error::about(
            ErrorCode::NetworkFileSystem,
            format!("the folder is on {name}"),
        )),
        None => Ok(()),
    }
}

/// On other systems the caller must choose a local folder. The product runs on Linux; other systems only build and test
/// it.
#[cfg(not(target_os = "linux"))]
pub(in crate::directory) fn require_local(_folder: &Path) -> Result<()> {
    Ok(())
}

/// The remote FUSE file system of `folder`, found in the text of `mountinfo` (see proc(5)).
#[cfg(target_os = "linux")]
fn remote_fuse(mounts: &str, folder: &Path) -> Option<&'static str> {
    let mut deepest: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let (Some(mount_point), Some((_, after))) = (line.split(' ').nth(4), line.split_once(" - ")) else {
            continue;
        };
        let mount_point = mount_point.replace("\\040", " ");
        let depth = Path::new(&mount_point).components().count();
        // If two file systems are mounted at the same point, the later one covers the earlier one.
        if folder.starts_with(&mount_point) && deepest.is_none_or(|(other, _)| depth >= other) {
            deepest = Some((depth, after.split(' ').next().unwrap_or_default()));
        }
    }
    let subtype = deepest?.1.strip_prefix("fuse.")?;
    REMOTE_FUSE.iter().copied().find(|name| *name == subtype)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:35 / /mnt/remote rw,nosuid - fuse.sshfs host:/data rw
41 22 0:36 / /mnt/with\\040blank rw - fuse.gcsfuse bucket rw
42 40 0:37 / /mnt/remote/local rw - fuse.ntfs-3g /dev/sdb rw";

    #[test]
    fn fuse_is_judged_by_the_deepest_mount() {
        for (folder, remote) in [
            ("/home/jira", None),
            ("/mnt/remote/jira", Some("sshfs")),
            ("/mnt/remoted", None),
            ("/mnt/with blank/jira", Some("gcsfuse")),
            ("/mnt/remote/local/jira", None),
        ] {
            assert_eq!(remote_fuse(MOUNTS, Path::new(folder)), remote, "{folder}");
        }
    }

    #[test]
    fn a_temporary_folder_is_local() {
        let folder = tempfile::tempdir().expect("folder");
        require_local(folder.path()).expect("local");
    }
}
