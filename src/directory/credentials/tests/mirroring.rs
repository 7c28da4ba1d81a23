//! The mirror file: two nodes with one sign-in, and a file that cannot be read or trusted.

use std::fs;

use super::{Fixture, SECRETS, app, assert_nowhere, random_key, secret};
use crate::error::ErrorCode;
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
    // The second rotates; the first must not use the old token any more.
    credential.refresh_token = Some(secret("refresh-token-2"));
    two.store.save(&mut credential).expect("save");
    assert_eq!(one.store.load().expect("adopted"), Some(credential.clone()));
    // A crash between mirror and directory is healed by the mirror, a lost mirror by the directory.
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
fn a_mirror_that_cannot_be_read_or_trusted_is_an_error() {
    let shared = tempfile::tempdir().expect("folder");
    let mirror = shared.path().join("credential");
    let one = Fixture::new(Some(random_key()));
    one.store.set_mirror(mirror.to_str().expect("UTF-8"));
    one.store.replace(&mut app()).expect("save");
    let other = Fixture::new(Some(random_key()));
    other.store.set_mirror(mirror.to_str().expect("UTF-8"));
    assert_eq!(other.load_error(), ErrorCode::SealingKeyWrong);
    let line = fs::read_to_string(&mirror).expect("text");
    let renumbered = line.replacen(" 1 ", " 7 ", 1);
    assert_ne!(line, renumbered);
    fs::write(&mirror, renumbered).expect("forge");
    assert_eq!(
        one.load_error(),
        ErrorCode::CredentialDamaged,
        "the number is sealed in"
    );
    fs::write(&mirror, "something else").expect("write");
    assert_eq!(one.load_error(), ErrorCode::MirrorFailed);
    fs::remove_file(&mirror).expect("remove");
    fs::create_dir(&mirror).expect("in the way");
    assert_eq!(one.load_error(), ErrorCode::MirrorFailed);
    // What was rotated is kept here even if the mirror cannot be told.
    let mut credential = app();
    credential.refresh_token = Some(secret("rotated"));
    assert_eq!(
        one.store.replace(&mut credential).expect_err("told").code(),
        ErrorCode::MirrorFailed
    );
    one.store.set_mirror("");
    let kept = one.store.load().expect("load").expect("there");
    assert_eq!(kept.refresh_token, Some(secret("rotated")));
}
