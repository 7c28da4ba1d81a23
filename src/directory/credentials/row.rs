//! The one row of the table `credentials`. Its secrets are encrypted when the row is written and decrypted when it is
//! read.
//!
//! The other columns can be read without the key, so that a directory still shows its org after the key is lost.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::sealing::SealingKey;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;
use crate::model::{AccessToken, CredentialKind, Identity, StoredCredential};
use crate::secret::Secret;

/// The row as it is stored.
pub(super) struct SealedRow {
    pub sequence: u64,
    pub sealing_key: Vec<u8>,
    kind: CredentialKind,
    org_url: String,
    client_id: String,
    redirect_uri: String,
    key_id: String,
    scopes: String,
    obtained: Option<i64>,
    expires: Option<i64>,
    sign_in_ends: Option<i64>,
    problem: i32,
    secrets: [Option<Vec<u8>>; SECRETS.len()],
}

/// The encrypted columns, in the order of [`SealedRow::secrets`].
const SECRETS: [&str; 6] = [
    "api_token",
    "client_secret",
    "private_key",
    "access_token",
    "refresh_token",
    "dpop_key",
];

statement!(
    GET = "
    SELECT sequence, sealing_key, kind, org_url, client_id, redirect_uri, key_id, scopes,
           access_token_obtained, access_token_expires, sign_in_ends, problem,
           api_token, client_secret, private_key, access_token, refresh_token, dpop_key
      FROM credentials"
);

statement!(
    SET = "
    INSERT OR REPLACE INTO credentials (
           one, sequence, sealing_key, kind, org_url, client_id, redirect_uri, key_id, scopes,
           access_token_obtained, access_token_expires, sign_in_ends, problem,
           api_token, client_secret, private_key, access_token, refresh_token, dpop_key)
    VALUES (1, :sequence, :sealing_key, :kind, :org_url, :client_id, :redirect_uri, :key_id, :scopes,
            :obtained, :expires, :sign_in_ends, :problem,
            :api_token, :client_secret, :private_key, :access_token, :refresh_token, :dpop_key)"
);

/// The row; none if the directory was never connected.
pub(super) fn get(conn: &Connection) -> Result<Option<SealedRow>> {
    let read = |row: &Row<'_>| -> rusqlite::Result<(String, SealedRow)> {
        let kind: String = row.get(2)?;
        let mut secrets = [const { None }; SECRETS.len()];
        for (index, secret) in secrets.iter_mut().enumerate() {
            *secret = row.get(12 + index)?;
        }
        let sealed = SealedRow {
            // This engine never writes a negative number. A negative number is damage and counts as 0.
            sequence: row.get::<_, i64>(0)?.max(0).unsigned_abs(),
            sealing_key: row.get(1)?,
            kind: CredentialKind::None,
            org_url: row.get(3)?,
            client_id: row.get(4)?,
            redirect_uri: row.get(5)?,
            key_id: row.get(6)?,
            scopes: row.get(7)?,
            obtained: row.get(8)?,
            expires: row.get(9)?,
            sign_in_ends: row.get(10)?,
            problem: row.get(11)?,
            secrets,
        };
        Ok((kind, sealed))
    };
    let found = conn.prepare_cached(GET)?.query_row([], read).optional()?;
    let Some((kind, sealed)) = found else {
        return Ok(None);
    };
    let kind = CredentialKind::from_name(&kind).ok_or_else(|| Error::new(ErrorCode::CredentialDamaged))?;
    Ok(Some(SealedRow { kind, ..sealed }))
}

/// Writes the row and encrypts every secret.
pub(super) fn set(tx: &Transaction<'_>, credential: &StoredCredential, key: &SealingKey) -> Result<()> {
    let (api_token, client_secret, private_key) = match &credential.identity {
        Identity::None => (None, None, None),
        Identity::ApiToken(token) => (Some(token), None, None),
        Identity::App { client_secret, .. } => (None, client_secret.as_ref(), None),
        Identity::ServiceApp { private_key, .. } => (None, None, Some(private_key)),
    };
    let (redirect_uri, key_id) = match &credential.identity {
        Identity::App { redirect_uri, .. } => (redirect_uri.as_str(), ""),
        Identity::ServiceApp { key_id, .. } => ("", key_id.as_str()),
        Identity::None | Identity::ApiToken(_) => ("", ""),
    };
    let access = credential.access_token.as_ref();
    let seal =
        |column: &str, secret: Option<&Secret>| seal(key, "credentials", column, &credential.org_url, secret);
    tx.prepare_cached(SET)?.execute(named_params! {
        ":sequence": credential.sequence.cast_signed(),
        ":sealing_key": key.name(),
        ":kind": credential.kind().name(),
        ":org_url": credential.org_url,
        ":client_id": credential.client_id(),
        ":redirect_uri": redirect_uri,
        ":key_id": key_id,
        ":scopes": credential.scopes.join(" "),
        ":obtained": access.map(|token| token.obtained.0),
        ":expires": access.map(|token| token.expires.0),
        ":sign_in_ends": credential.sign_in_ends.map(|at| at.0),
        ":problem": credential.problem.map_or(0, ErrorCode::number),
        ":api_token": seal("api_token", api_token)?,
        ":client_secret": seal("client_secret", client_secret)?,
        ":private_key": seal("private_key", private_key)?,
        ":access_token": seal("access_token", access.map(|token| &token.secret))?,
        ":refresh_token": seal("refresh_token", credential.refresh_token.as_ref())?,
        ":dpop_key": seal("dpop_key", credential.dpop_key.as_ref())?,
    })?;
    Ok(())
}

impl SealedRow {
    /// The credential without its secrets. This needs no key.
    pub(super) fn without_secrets(&self) -> StoredCredential {
        self.assemble(|_| Some(Secret::text(String::new())))
    }

    /// Decrypts the secrets. Fails with [`ErrorCode::SealingKeyWrong`] if another key encrypted them, and with
    /// [`ErrorCode::CredentialDamaged`] if the key is right but a secret cannot be decrypted.
    pub(super) fn open(&self, key: &SealingKey) -> Result<StoredCredential> {
        if self.kind != CredentialKind::None && self.sealing_key != key.name() {
            return Err(Error::new(ErrorCode::SealingKeyWrong));
        }
        let mut opened = [const { None }; SECRETS.len()];
        for (index, sealed) in self.secrets.iter().enumerate() {
            let place = place("credentials", SECRETS[index], &self.org_url);
            opened[index] = sealed
                .as_deref()
                .map(|sealed| open_text(key, &place, sealed))
                .transpose()?;
        }
        Ok(self.assemble(|index| opened[index].clone()))
    }

    fn assemble(&self, secret: impl Fn(usize) -> Option<Secret>) -> StoredCredential {
        let there = |index: usize| self.secrets[index].as_ref().and_then(|_| secret(index));
        let required = |index: usize| there(index).unwrap_or_else(|| Secret::text(String::new()));
        let identity = match self.kind {
            CredentialKind::None => Identity::None,
            CredentialKind::ApiToken => Identity::ApiToken(required(0)),
            CredentialKind::Oauth => Identity::App {
                client_id: self.client_id.clone(),
                client_secret: there(1),
                redirect_uri: self.redirect_uri.clone(),
            },
            CredentialKind::ServiceApp => Identity::ServiceApp {
                client_id: self.client_id.clone(),
                private_key: required(2),
                key_id: self.key_id.clone(),
            },
        };
        let access_token = match (there(3), self.obtained, self.expires) {
            (Some(secret), Some(obtained), Some(expires)) => Some(AccessToken {
                secret,
                obtained: UnixMillis(obtained),
                expires: UnixMillis(expires),
            }),
            _ => None,
        };
        StoredCredential {
            sequence: self.sequence,
            org_url: self.org_url.clone(),
            identity,
            access_token,
            refresh_token: there(4),
            scopes: self.scopes.split_whitespace().map(str::to_owned).collect(),
            sign_in_ends: self.sign_in_ends.map(UnixMillis),
            dpop_key: there(5),
            problem: ErrorCode::from_number(self.problem),
        }
    }
}

/// The name of a value's place. It is the associated data of the encryption.
fn place(table: &str, column: &str, org_url: &str) -> String {
    format!("okta-profiles {table}.{column} {org_url}")
}

/// Encrypts a secret for its column and org.
pub(super) fn seal(
    key: &SealingKey,
    table: &str,
    column: &str,
    org_url: &str,
    secret: Option<&Secret>,
) -> Result<Option<Vec<u8>>> {
    let seal = |secret: &Secret| key.seal(&place(table, column, org_url), secret.expose().as_bytes());
    secret.map(seal).transpose()
}

/// Decrypts a secret of a column and org.
pub(super) fn open(
    key: &SealingKey,
    table: &str,
    column: &str,
    org_url: &str,
    sealed: &[u8],
) -> Result<Secret> {
    open_text(key, &place(table, column, org_url), sealed)
}

fn open_text(key: &SealingKey, place: &str, sealed: &[u8]) -> Result<Secret> {
    let bytes = key.open(place, sealed)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::new(ErrorCode::CredentialDamaged))?;
    Ok(Secret::text(text.to_owned()))
}
