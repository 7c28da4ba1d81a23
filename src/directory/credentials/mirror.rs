//! The mirror file: a second copy of the encrypted credential, in a place that all nodes of a cluster can read.
//!
//! All nodes must use the same refresh token, and Okta replaces the token at each use. So the node that got a new token
//! writes it here, and every node reads this file before it uses a token. The file has one line and is replaced as a
//! whole (temporary file, fsync, rename), so that it also works on NFS. The host's cluster lock decides which node may
//! write.
//! write when.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::sealing::SealingKey;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::sqlite_error::of_path;
use crate::directory::store::unfinished::Unfinished;
use crate::hex::hex;
use crate::model::{AccessToken, CredentialKind, Identity, StoredCredential};
use crate::plain_file::{self, Links};
use crate::secret::Secret;

/// How every version of the file's format begins, including later ones.
const OURS: &str = "okta-profiles-credential-";
/// The first word of the line. A later format gets another number.
const FORM: &str = "okta-profiles-credential-1";
/// A credential has a few kilobytes, even with a large private key.
const MAX_BYTES: u64 = 256 * 1024;

/// What was found at the mirror's path. Anybody with access to the shared disk can write there, so the content is
/// trusted only after it was decrypted with the key.
pub(super) enum Mirror {
    /// No file, or a file without data.
    Nothing,
    /// A line in our format.
    Sealed(Sealed),
    /// Anything else: a damaged file, one of a later version, or one of another program.
    Unreadable,
}

/// What can be read from the file without the key.
pub(super) struct Sealed {
    sequence: u64,
    sealing_key: String,
    sealed: Vec<u8>,
}

impl Mirror {
    /// Reads the file. An error means that the disk did not answer, so the content is unknown.
    pub(super) fn read(path: &Path) -> Result<Mirror> {
        match plain_file::read(path, MAX_BYTES, Links::Refused) {
            Ok(bytes) if holds_nothing(&bytes) => Ok(Mirror::Nothing),
            Ok(bytes) => {
                let line = std::str::from_utf8(&bytes).ok();
                Ok(line.and_then(parse).map_or(Mirror::Unreadable, Mirror::Sealed))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Mirror::Nothing),
            Err(error) if plain_file::is_refusal(&error) => Ok(Mirror::Unreadable),
            Err(error) => Err(failed(path, &error)),
        }
    }
}

impl Sealed {
    /// Whether the sequence number in the file is greater than `own`. The number is not authenticated.
    pub(super) fn claims_more_than(&self, own: u64) -> bool {
        self.sequence > own
    }

    /// Decrypts the credential.
    pub(super) fn open(&self, key: &SealingKey) -> Result<StoredCredential> {
        let context = "the mirrored credential";
        if self.sealing_key != hex(&key.name()) {
            return Err(Error::new(ErrorCode::SealingKeyWrong).context(context));
        }
        let damaged = || Error::new(ErrorCode::CredentialDamaged).context(context);
        let plain = key
            .open(&place(self.sequence), &self.sealed)
            .map_err(|_| damaged())?;
        let record: Record = serde_json::from_slice(&plain).map_err(|_| damaged())?;
        record.into_credential(self.sequence).ok_or_else(damaged)
    }
}

/// Replaces the file. A file that is not a mirror is never replaced. The name of the temporary file comes from
/// `directory`, the path of the directory file.
pub(super) fn write(
    path: &Path,
    directory: &Path,
    credential: &StoredCredential,
    key: &SealingKey,
) -> Result<()> {
    let record = Record::of(credential);
    let unwritable = |_| Error::internal("a credential cannot be written as JSON");
    let plain = Zeroizing::new(serde_json::to_vec(&record).map_err(unwritable)?);
    let sealed = BASE64_STANDARD.encode(key.seal(&place(credential.sequence), &plain)?);
    let line = format!("{FORM} {} {} {sealed}\n", credential.sequence, hex(&key.name()));
    let replace = || {
        require_replaceable(path)?;
        let mut part = Unfinished::begin(directory, path)?;
        part.file().write_all(line.as_bytes())?;
        part.replace(path)
    };
    replace().map_err(|error| failed(path, &error))
}

/// Fails unless the path is free or holds a mirror file. A setting may name only such a path.
pub(super) fn require_replaceable(path: &Path) -> io::Result<()> {
    let opened = plain_file::open(path, OpenOptions::new().read(true), Links::Refused);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut beginning = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut beginning)?;
    if holds_nothing(&beginning) || beginning.starts_with(FORM.as_bytes()) {
        return Ok(());
    }
    Err(plain_file::refused(
        match beginning.starts_with(OURS.as_bytes()) {
            true => "it was written by a newer version of okta-profiles",
            false => "it is not a mirrored credential, and is left as it is",
        },
    ))
}

/// Whether the file is empty or all zeros, as a power cut can leave it. Such a file holds nobody's data.
fn holds_nothing(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

pub(super) fn parse(line: &str) -> Option<Sealed> {
    let mut words = line.trim_end().split(' ');
    let (form, sequence, sealing_key, sealed) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if form != FORM || words.next().is_some() {
        return None;
    }
    Some(Sealed {
        // SQLite stores signed numbers, and the next sequence number must fit too.
        sequence: sequence
            .parse()
            .ok()
            .filter(|number| *number < i64::MAX.unsigned_abs())?,
        sealing_key: sealing_key.to_owned(),
        sealed: BASE64_STANDARD.decode(sealed).ok()?,
    })
}

fn place(sequence: u64) -> String {
    format!("okta-profiles mirror {sequence}")
}

fn failed(path: &Path, error: &io::Error) -> Error {
    of_path(ErrorCode::MirrorFailed, "the mirror file", path, error)
}

/// The data that is encrypted and written to the file.
#[derive(Serialize, Deserialize)]
struct Record {
    kind: String,
    org_url: String,
    client_id: String,
    redirect_uri: String,
    key_id: String,
    scopes: Vec<String>,
    obtained: Option<i64>,
    expires: Option<i64>,
    sign_in_ends: Option<i64>,
    problem: i32,
    api_token: Option<Hidden>,
    client_secret: Option<Hidden>,
    private_key: Option<Hidden>,
    access_token: Option<Hidden>,
    refresh_token: Option<Hidden>,
    dpop_key: Option<Hidden>,
}

/// A secret in [`Record`]. This is the only type that can serialise a secret.
struct Hidden(Secret);

impl Serialize for Hidden {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Hidden, D::Error> {
        String::deserialize(deserializer).map(|text| Hidden(Secret::text(text)))
    }
}

impl Record {
    fn of(credential: &StoredCredential) -> Record {
        let hidden = |secret: &Secret| Hidden(secret.clone());
        let access = credential.access_token.as_ref();
        let mut record = Record {
            kind: credential.kind().name().to_owned(),
            org_url: credential.org_url.clone(),
            client_id: credential.client_id().to_owned(),
            redirect_uri: String::new(),
            key_id: String::new(),
            scopes: credential.scopes.clone(),
            obtained: access.map(|token| token.obtained.0),
            expires: access.map(|token| token.expires.0),
            sign_in_ends: credential.sign_in_ends.map(|at| at.0),
            problem: credential.problem.map_or(0, ErrorCode::number),
            api_token: None,
            client_secret: None,
            private_key: None,
            access_token: access.map(|token| hidden(&token.secret)),
            refresh_token: credential.refresh_token.as_ref().map(hidden),
            dpop_key: credential.dpop_key.as_ref().map(hidden),
        };
        match &credential.identity {
            Identity::None => {}
            Identity::ApiToken(token) => record.api_token = Some(hidden(token)),
            Identity::App {
                client_secret,
                redirect_uri,
                ..
            } => {
                record.client_secret = client_secret.as_ref().map(hidden);
                record.redirect_uri.clone_from(redirect_uri);
            }
            Identity::ServiceApp {
                private_key, key_id, ..
            } => {
                record.private_key = Some(hidden(private_key));
                record.key_id.clone_from(key_id);
            }
        }
        record
    }

    fn into_credential(self, sequence: u64) -> Option<StoredCredential> {
        let secret = |hidden: Option<Hidden>| hidden.map(|hidden| hidden.0);
        let identity = match CredentialKind::from_name(&self.kind)? {
            CredentialKind::None => Identity::None,
            CredentialKind::ApiToken => Identity::ApiToken(secret(self.api_token)?),
            CredentialKind::Oauth => Identity::App {
                client_id: self.client_id,
                client_secret: secret(self.client_secret),
                redirect_uri: self.redirect_uri,
            },
            CredentialKind::ServiceApp => Identity::ServiceApp {
                client_id: self.client_id,
                private_key: secret(self.private_key)?,
                key_id: self.key_id,
            },
        };
        let access_token = match (secret(self.access_token), self.obtained, self.expires) {
            (Some(secret), Some(obtained), Some(expires)) => Some(AccessToken {
                secret,
                obtained: UnixMillis(obtained),
                expires: UnixMillis(expires),
            }),
            _ => None,
        };
        Some(StoredCredential {
            sequence,
            org_url: self.org_url,
            identity,
            access_token,
            refresh_token: secret(self.refresh_token),
            scopes: self.scopes,
            sign_in_ends: self.sign_in_ends.map(UnixMillis),
            dpop_key: secret(self.dpop_key),
            problem: ErrorCode::from_number(self.problem),
        })
    }
}
