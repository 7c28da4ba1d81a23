//! The mirror file: two nodes with one sign-in, and a file that cannot be read or trusted.

use std::fs;
use std::path::Path;

use super::super::CredentialStore;
use super::{Fixture, SECRETS, app, assert_nowhere, random_key, secret};
use crate::clock::UnixMillis;
use crate::contract::errors::ErrorCode;
use crate::model::TokenStore;

#[test]
fn two_nodes_share_one_credential_by_the_mirror_file() {
    let shared = tempfile::tempdir().expect("folder");
    let mirror = shared.path().join("credential");
    let key = random_key();
    let node = || {
        let fixture = Fixture::new(Some(key.clone()));
        fixture.store.set_mirror(mirror.to_str().expect("UTF-8"));
        fixture
    };
    let (one, two) = (node(), node());
    let mut credential = app();
    one.store.replace(&mut credential).expect("save");
    assert_eq!(two.store.load().expect("adopted"), Some(credential.clone()));
    assert_nowhere(shared.path(), &SECRETS.map(str::as_bytes));
    // The second node rotates the token. The first node must then stop using the old token.
    credential.refresh_token = Some(secret("refresh-token-2"));
    two.store.save(&mut credential).expect("save");
    assert_eq!(one.store.load().expect("adopted"), Some(credential.clone()));
    // After a crash between the two writes, the directory takes the credential from the mirror. A lost mirror is
    // written again from the directory.
    fs::remove_file(&mirror).expect("lost");
    one.store.load().expect("load");
    assert!(mirror.exists());
    one.store.wipe().expect("wipe");
    assert_eq!(two.store.load().expect("disconnected too"), None);
    assert_eq!(
        fs::read_dir(shared.path()).expect("folder").count(),
        1,
        "no temporary files"
    );
}

#[test]
fn a_mirror_under_another_key_is_an_error() {
    let shared = tempfile::tempdir().expect("folder");
    let mirror = shared.path().join("credential");
    let one = Fixture::new(Some(random_key()));
    one.store.set_mirror(mirror.to_str().expect("UTF-8"));
    one.store.replace(&mut app()).expect("save");
    let other = Fixture::new(Some(random_key()));
    other.store.set_mirror(mirror.to_str().expect("UTF-8"));
    assert_eq!(other.load_error(), ErrorCode::SealingKeyWrong);
}

#[test]
fn what_an_attacker_writes_to_the_shared_disk_blocks_nobody() {
    let shared = tempfile::tempdir().expect("folder");
    let mirror = shared.path().join("credential");
    let key = random_key();
    let one = Fixture::new(Some(key.clone()));
    one.store.set_mirror(mirror.to_str().expect("UTF-8"));
    one.store.replace(&mut app()).expect("save");
    let line = fs::read_to_string(&mirror).expect("text");
    let greatest = format!(" {} ", u64::MAX);
    let below = format!(" {} ", i64::MAX - 1);
    let zeros = "\0".repeat(300);
    for (written, problem) in [
        (line.replacen(" 1 ", " 7 ", 1), 0),
        (
            line.replacen(" 1 ", &greatest, 1),
            ErrorCode::MirrorFailed.number(),
        ),
        (line.replacen(" 1 ", &below, 1), 0),
        (line[..40].to_owned(), ErrorCode::MirrorFailed.number()),
        ("something else".to_owned(), ErrorCode::MirrorFailed.number()),
        (String::new(), 0),
        (zeros, 0),
    ] {
        fs::write(&mirror, &written).expect("write");
        let status = one.store.status(UnixMillis(0)).expect("status");
        assert_eq!(status.problem, problem, "{written}");
        let mut kept = one.store.load().expect("load").expect("the own row is good");
        one.store.save(&mut kept).expect("a renewal goes on");
        // Rekeying reports the foreign file with an error, but the credential is encrypted with the new key
        // nevertheless.
        drop(one.store.rekey(Some(key.clone())));
        kept = one.store.load().expect("load").expect("there");
        assert!(kept.sequence < 100, "numbers are not taken from the disk");
    }
}

#[test]
fn a_mirror_replaces_nothing_that_is_not_a_mirror() {
    let shared = tempfile::tempdir().expect("folder");
    let passwd = shared.path().join("passwd");
    fs::write(&passwd, "root:x:0:0\n").expect("write");
    let link = shared.path().join("link");
    std::os::unix::fs::symlink(&passwd, &link).expect("link");
    let newer = shared.path().join("newer");
    fs::write(&newer, "okta-profiles-credential-2 {}\n").expect("write");
    for path in [
        passwd.as_path(),
        &link,
        &newer,
        shared.path(),
        Path::new("/dev/null"),
    ] {
        let one = Fixture::new(Some(random_key()));
        let name = path.to_str().expect("UTF-8");
        assert!(CredentialStore::check_mirror(name).is_err(), "{name}");
        one.store.set_mirror(name);
        // A rotated token is stored here even if the mirror cannot be written.
        let error = one.store.replace(&mut app()).expect_err(name);
        assert_eq!(error.code(), ErrorCode::MirrorFailed);
        assert!(one.store.load().expect("load").is_some());
    }
    assert_eq!(fs::read(&passwd).expect("read"), b"root:x:0:0\n");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
}

#[test]
fn a_shared_disk_that_does_not_answer_is_an_error() {
    let one = Fixture::new(Some(random_key()));
    one.store.replace(&mut app()).expect("save");
    // A file in the place of the folder: reading then fails with ENOTDIR, which stands for every error except "not
    // found".
    let file = one.path("file");
    fs::write(&file, "x").expect("write");
    one.store
        .set_mirror(file.join("credential").to_str().expect("UTF-8"));
    assert_eq!(one.load_error(), ErrorCode::MirrorFailed);
}
