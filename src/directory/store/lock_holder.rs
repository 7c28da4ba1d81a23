//! Finds out on Linux which process holds a file lock. Only messages use it.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;

/// The process by number and name, such as `Process 4711 (okta-profiles)`; none if the system does not say.
pub(in crate::directory) fn of(file: &File) -> Option<String> {
    let inode = file.metadata().ok()?.ino();
    let pid = holder(&fs::read_to_string("/proc/locks").ok()?, inode)?;
    if pid == std::process::id() {
        return Some("Another engine of this very process".to_owned());
    }
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(match name.trim() {
        "" => format!("Process {pid}"),
        name => format!("Process {pid} ({name})"),
    })
}

/// The process that holds a lock on this inode, from the text of `/proc/locks`. A line looks like `1: FLOCK ADVISORY
/// WRITE 4711 08:01:1234 0 EOF`. The device is not compared, because some file systems report another device here than
/// in `stat`. Two locked files with the same inode number are very unlikely.
fn holder(locks: &str, inode: u64) -> Option<u32> {
    let held = format!(":{inode}");
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, "FLOCK", _, _, pid, file, ..] if file.ends_with(&held) => pid.parse().ok(),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_read_from_the_list_of_locks() {
        let locks = "1: POSIX  ADVISORY  WRITE 10 08:01:77 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 11 08:01:77 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 4711 08:01:77 0 EOF\n\
                     4: FLOCK  ADVISORY  WRITE -1 08:01:78 0 EOF\n";
        assert_eq!(holder(locks, 77), Some(4711));
        assert_eq!(holder(locks, 7), None);
        assert_eq!(holder(locks, 78), None);
    }

    #[test]
    fn a_lock_of_this_process_is_found() {
        let file = tempfile::tempfile().expect("a file");
        file.lock().expect("a lock");
        let told = of(&file);
        assert!(told.is_none_or(|told| told.contains("this very process")));
    }
}
