//! The credential on real files: what survives, what happens with a wrong key or damage, and that no secret is left.

mod mirroring;
mod upgrading;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{CredentialStore, SealingKey};
use crate::clock::UnixMillis;
use crate::contract::errors::ErrorCode;
use crate::directory::store::backup;
use crate::directory::tests::fold;
use crate::directory::{Directory, users};
use crate::model::{
    AccessToken, CredentialKind, Identity, PendingAuthorization, StoredCredential, TokenStore,
};
use crate::secret::Secret;

/// Secrets that are easy to find in a file.
const SECRETS: [&str; 6] = [
    "client-secret-0123456789",
    "access-token-0123456789",
    "refresh-token-0123456789",
    "dpop-key-0123456789",
    "code-verifier-0123456789",
    "state-0123456789",
];

struct Fixture {
    folder: tempfile::TempDir,
    directory: Arc<Directory>,
    store: CredentialStore,
}

impl Fixture {
    fn new(key: Option<SealingKey>) -> Fixture {
        Fixture::at(tempfile::tempdir().expect("folder"), key)
    }

    fn at(folder: tempfile::TempDir, key: Option<SealingKey>) -> Fixture {
        let (directory, _) = Directory::open(&folder.path().join("okta.db"), fold).expect("open");
        let directory = Arc::new(directory);
        let store = CredentialStore::new(Arc::clone(&directory), key);
        Fixture {
            folder,
            directory,
            store,
        }
    }

    /// Closes the store and opens it again, perhaps with another key.
    fn reopened(self, key: Option<SealingKey>) -> Fixture {
        self.directory.close().expect("close");
        Fixture::at(self.folder, key)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn load_error(&self) -> ErrorCode {
        self.store.load().expect_err("refused").code()
    }
}

fn secret(text: &str) -> Secret {
    Secret::text(text.to_owned())
}

fn app() -> StoredCredential {
    let identity = Identity::App {
        client_id: "0oa1".to_owned(),
        client_secret: Some(secret(SECRETS[0])),
        redirect_uri: "https://jira.example.com/callback".to_owned(),
    };
    StoredCredential {
        access_token: Some(AccessToken {
            secret: secret(SECRETS[1]),
            obtained: UnixMillis(1_000),
            expires: UnixMillis(3_601_000),
        }),
        refresh_token: Some(secret(SECRETS[2])),
        scopes: vec!["okta.users.read".to_owned(), "offline_access".to_owned()],
        sign_in_ends: Some(UnixMillis(90 * 86_400_000)),
        dpop_key: Some(secret(SECRETS[3])),
        ..StoredCredential::new("https://example.okta.com", identity)
    }
}

fn pending(state: &str, expires: i64) -> PendingAuthorization {
    PendingAuthorization {
        state: secret(state),
        org_url: "https://example.okta.com".to_owned(),
        client_id: "0oa1".to_owned(),
        client_secret: Some(secret(SECRETS[0])),
        redirect_uri: "https://jira.example.com/callback".to_owned(),
        code_verifier: secret(SECRETS[4]),
        dpop_key: None,
        expires: UnixMillis(expires),
    }
}

fn in_an_hour() -> i64 {
    UnixMillis::now().0 + 3_600_000
}

/// No file in the folder, including log and shared memory, contains one of these texts.
fn assert_nowhere(folder: &Path, texts: &[&[u8]]) {
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        let bytes = fs::read(&path).expect("readable");
        for text in texts {
            let found = bytes.windows(text.len()).any(|window| window == *text);
            assert!(
                !found,
                "{} holds {}",
                path.display(),
                String::from_utf8_lossy(text)
            );
        }
    }
}

fn random_key() -> SealingKey {
    SealingKey::random().expect("random")
}

#[test]
fn every_kind_survives_a_restart_and_none_lies_open() {
    let service = Identity::ServiceApp {
        client_id: "0oa2".to_owned(),
        private_key: secret("private-key-0123456789"),
        key_id: "kid".to_owned(),
    };
    let token = Identity::ApiToken(secret("00api-token-0123456789"));
    for mut credential in [
        app(),
        StoredCredential::new("https://a.okta.com", service),
        StoredCredential::new("https://b.okta.com", token),
    ] {
        let fixture = Fixture::new(None);
        assert_eq!(fixture.store.load().expect("nothing yet"), None);
        fixture.store.replace(&mut credential).expect("save");
        assert_eq!(credential.sequence, 1);
        let texts: Vec<&[u8]> = SECRETS
            .iter()
            .copied()
            .chain(["private-key-0123456789", "00api-token-0123456789"])
            .map(str::as_bytes)
            .collect();
        assert_nowhere(fixture.folder.path(), &texts);
        let fixture = fixture.reopened(None);
        assert_eq!(fixture.store.load().expect("there"), Some(credential));
        assert_nowhere(fixture.folder.path(), &texts);
    }
}

#[test]
fn a_wrong_key_is_not_taken_for_damage() {
    let (right, wrong) = (random_key(), random_key());
    let fixture = Fixture::new(Some(right.clone()));
    fixture.store.replace(&mut app()).expect("save");
    assert!(!fixture.path("okta.db.key").exists(), "the host keeps the key");
    let fixture = fixture.reopened(Some(wrong));
    assert_eq!(fixture.load_error(), ErrorCode::SealingKeyWrong);
    let status = fixture.store.status(UnixMillis(0)).expect("always");
    assert_eq!(status.problem, ErrorCode::SealingKeyWrong.number());
    assert_eq!(
        (status.kind, status.client_id.as_str()),
        (CredentialKind::Oauth, "0oa1")
    );
    fixture
        .directory
        .read(users::counts)
        .expect("profiles can be read all the same");
    let fixture = fixture.reopened(None);
    assert_eq!(fixture.load_error(), ErrorCode::SealingKeyWrong, "no key file");

    let fixture = fixture.reopened(Some(right));
    fixture
        .directory
        .write(|tx| {
            let flip =
                "UPDATE credentials SET refresh_token = CAST(substr(refresh_token, 1, 20) || x'00' AS BLOB)";
            Ok(tx.execute_batch(flip)?)
        })
        .expect("damage");
    assert_eq!(fixture.load_error(), ErrorCode::CredentialDamaged);
    // Connecting again repairs it.
    fixture.store.replace(&mut app()).expect("save");
    fixture.store.load().expect("sound again");
}

#[test]
fn a_value_moved_to_another_column_or_org_does_not_open() {
    for change in [
        "UPDATE credentials SET access_token = refresh_token",
        "UPDATE credentials SET org_url = 'https://evil.example.com'",
    ] {
        let fixture = Fixture::new(None);
        fixture.store.replace(&mut app()).expect("save");
        fixture
            .directory
            .write(|tx| Ok(tx.execute_batch(change)?))
            .expect(change);
        assert_eq!(fixture.load_error(), ErrorCode::CredentialDamaged, "{change}");
    }
}

#[test]
fn rekeying_moves_everything_at_once_between_host_and_key_file() {
    let fixture = Fixture::new(None);
    fixture.store.replace(&mut app()).expect("save");
    let waiting = pending(SECRETS[5], in_an_hour());
    fixture.store.add_pending(&waiting).expect("add");
    let first = fs::read(fixture.path("okta.db.key")).expect("key file");
    fixture.store.rekey(None).expect("rekey");
    assert_ne!(fs::read(fixture.path("okta.db.key")).expect("key file"), first);
    let host = random_key();
    fixture.store.rekey(Some(host.clone())).expect("rekey");
    assert!(!fixture.path("okta.db.key").exists());
    let fixture = fixture.reopened(Some(host));
    let loaded = fixture.store.load().expect("load").expect("there");
    assert_eq!(loaded.refresh_token, app().refresh_token);
    let taken = fixture.store.take_pending(&secret(SECRETS[5])).expect("take");
    assert_eq!(taken, Some(waiting));
    fixture.store.rekey(None).expect("back to a key file");
    let fixture = fixture.reopened(None);
    fixture.store.load().expect("load").expect("there");
}

#[test]
fn a_crash_while_rekeying_leaves_a_key_that_opens() {
    let fixture = Fixture::new(None);
    fixture.store.replace(&mut app()).expect("save");
    let old = fs::read(fixture.path("okta.db.key")).expect("key file");
    fixture.store.rekey(None).expect("rekey");
    let new = fs::read(fixture.path("okta.db.key")).expect("key file");
    // As after a kill between the commit and the renaming …
    fs::write(fixture.path("okta.db.key"), &old).expect("old");
    fs::write(fixture.path("okta.db.key.next"), &new).expect("new");
    let fixture = fixture.reopened(None);
    fixture.store.load().expect("opens").expect("there");
    assert_eq!(fs::read(fixture.path("okta.db.key")).expect("key file"), new);
    // … or before the commit.
    fs::write(fixture.path("okta.db.key.next"), &old).expect("never used");
    let fixture = fixture.reopened(None);
    fixture.store.load().expect("opens").expect("there");
}

#[test]
fn a_kill_while_the_first_key_is_made_leaves_a_key_that_later_keys_do_not_replace() {
    let fixture = Fixture::new(None);
    fixture.store.replace(&mut app()).expect("save");
    // As after a kill before the first key came into force: the key has the other file name.
    fs::rename(fixture.path("okta.db.key"), fixture.path("okta.db.key.next")).expect("rename");
    let fixture = fixture.reopened(None);
    fixture.store.load().expect("opens").expect("there");
    assert!(
        fixture.path("okta.db.key").exists(),
        "a new key would overwrite the other one"
    );
    // As after a kill while the next key was written: half a file.
    fs::write(fixture.path("okta.db.key.next"), "0123").expect("half");
    let fixture = fixture.reopened(None);
    fixture.store.load().expect("opens").expect("there");
    fixture.store.rekey(None).expect("rekey");
}

#[test]
fn a_sign_in_that_waits_survives_a_crash_while_rekeying() {
    let fixture = Fixture::new(None);
    let waiting = pending(SECRETS[5], in_an_hour());
    fixture.store.add_pending(&waiting).expect("add");
    let old = fs::read(fixture.path("okta.db.key")).expect("key file");
    fixture.store.rekey(None).expect("rekey");
    fs::rename(fixture.path("okta.db.key"), fixture.path("okta.db.key.next")).expect("rename");
    fs::write(fixture.path("okta.db.key"), &old).expect("old");
    let fixture = fixture.reopened(None);
    let taken = fixture.store.take_pending(&secret(SECRETS[5])).expect("take");
    assert_eq!(taken, Some(waiting));
}

#[test]
fn a_pending_sign_in_is_taken_once_and_expires() {
    let fixture = Fixture::new(None);
    fixture
        .store
        .add_pending(&pending("one", in_an_hour()))
        .expect("add");
    fixture
        .store
        .add_pending(&pending("two", in_an_hour()))
        .expect("add");
    fixture
        .store
        .add_pending(&pending("late", UnixMillis::now().0 - 1))
        .expect("add");
    assert_nowhere(fixture.folder.path(), &[SECRETS[4].as_bytes()]);
    let fixture = fixture.reopened(None);
    let take = |state: &str| fixture.store.take_pending(&secret(state)).expect(state);
    assert_eq!(take("unknown"), None);
    assert_eq!(take("late"), None);
    assert_eq!(take("two").expect("there").code_verifier, secret(SECRETS[4]));
    assert_eq!(take("two"), None);
    assert!(take("one").is_some());
    for number in 0..20 {
        let waiting = pending(&format!("state {number}"), in_an_hour());
        fixture.store.add_pending(&waiting).expect("add");
    }
    assert_eq!(take("state 9"), None, "a flood pushes the oldest out");
    assert!(take("state 10").is_some());
}

#[test]
fn a_sign_in_begun_under_a_lost_key_is_not_in_the_way_of_another() {
    let fixture = Fixture::new(Some(random_key()));
    let add = |fixture: &Fixture, state: &str| {
        let waiting = pending(state, in_an_hour());
        fixture.store.add_pending(&waiting).expect("add");
    };
    add(&fixture, "lost");
    let fixture = fixture.reopened(Some(random_key()));
    add(&fixture, "found");
    let take = |state: &str| fixture.store.take_pending(&secret(state)).expect(state);
    assert_eq!(take("lost"), None);
    assert!(take("found").is_some());
    fixture.store.rekey(None).expect("rekey");
}

#[test]
fn a_wipe_leaves_nothing_in_any_file() {
    let fixture = Fixture::new(None);
    fixture.store.replace(&mut app()).expect("save");
    fixture
        .store
        .add_pending(&pending(SECRETS[5], in_an_hour()))
        .expect("add");
    let sealed: Vec<Vec<u8>> = fixture
        .directory
        .read(|conn| {
            let mut all = conn.prepare(
                "SELECT refresh_token FROM credentials UNION ALL SELECT client_secret FROM credentials
                 UNION ALL SELECT code_verifier FROM authorization_requests",
            )?;
            let rows = all.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .expect("sealed values");
    assert_eq!(sealed.len(), 3);
    let sealed: Vec<&[u8]> = sealed.iter().map(Vec::as_slice).collect();
    fixture.store.wipe().expect("wipe");
    assert_nowhere(fixture.folder.path(), &sealed);
    assert!(!fixture.path("okta.db.key").exists());
    assert_eq!(fixture.store.load().expect("nothing"), None);
    assert_eq!(
        fixture.store.status(UnixMillis(0)).expect("status").kind,
        CredentialKind::None
    );
    let mut again = app();
    fixture.store.replace(&mut again).expect("save");
    assert_eq!(again.sequence, 3, "numbers go on after a wipe");
    let fixture = fixture.reopened(None);
    assert!(fixture.store.load().expect("load").is_some());
}

#[test]
fn a_backup_has_no_credential() {
    let fixture = Fixture::new(None);
    fixture.store.replace(&mut app()).expect("save");
    fixture
        .store
        .add_pending(&pending(SECRETS[5], in_an_hour()))
        .expect("add");
    let copies = tempfile::tempdir().expect("folder");
    let copy = copies.path().join("copy.db");
    backup::to_file(&fixture.directory, &copy).expect("backup");
    assert_eq!(fs::read_dir(copies.path()).expect("folder").count(), 1);
    let (restored, _) = Directory::open(&copy, fold).expect("opens");
    let restored = Arc::new(restored);
    let store = CredentialStore::new(Arc::clone(&restored), None);
    assert_eq!(store.load().expect("nothing"), None);
    assert_eq!(store.take_pending(&secret(SECRETS[5])).expect("nothing"), None);
    let pages: i64 = restored
        .read(|conn| Ok(conn.query_row("SELECT count(*) FROM credentials", [], |row| row.get(0))?))
        .expect("count");
    assert_eq!(pages, 0);
    assert!(
        fixture.store.load().expect("load").is_some(),
        "the directory keeps it"
    );
}
