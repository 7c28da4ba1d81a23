-- What Okta is asked with. Every secret is sealed (src/directory/credentials/sealing.rs) under a key
-- that is not in this file; the associated data of each names its column and the org.

CREATE TABLE credentials (
    -- At most one row; after a disconnect it stays, with kind none, for its sequence number.
    one                   INTEGER PRIMARY KEY CHECK (one = 1),
    sequence              INTEGER NOT NULL,              -- raised with every change
    kind                  TEXT    NOT NULL CHECK (kind IN ('none', 'api_token', 'oauth', 'service_app')),
    org_url               TEXT    NOT NULL DEFAULT '',
    client_id             TEXT    NOT NULL DEFAULT '',
    redirect_uri          TEXT    NOT NULL DEFAULT '',
    key_id                TEXT    NOT NULL DEFAULT '',   -- of the service app's public key in Okta
    scopes                TEXT    NOT NULL DEFAULT '',   -- of the last access token, separated by blanks
    access_token_obtained INTEGER,
    access_token_expires  INTEGER,
    sign_in_ends          INTEGER,                       -- when the refresh token expires; null if unknown
    problem               INTEGER NOT NULL DEFAULT 0,    -- number of the error that made it unusable; 0 if none
    sealing_key           BLOB    NOT NULL DEFAULT x'',  -- names the key, does not tell it
    api_token             BLOB,                          -- from here on: sealed
    client_secret         BLOB,
    private_key           BLOB,
    access_token          BLOB,
    refresh_token         BLOB,
    dpop_key              BLOB
) STRICT;

CREATE TABLE authorization_requests (
    -- Sign-ins that wait for Okta to send the user back. A row is removed by the first answer.
    request_no    INTEGER PRIMARY KEY AUTOINCREMENT,
    org_url       TEXT    NOT NULL,
    client_id     TEXT    NOT NULL,
    redirect_uri  TEXT    NOT NULL,
    expires       INTEGER NOT NULL,
    sealing_key   BLOB    NOT NULL,
    state         BLOB    NOT NULL,   -- from here on: sealed
    code_verifier BLOB    NOT NULL,
    client_secret BLOB,
    dpop_key      BLOB
) STRICT;
