-- Users who were erased on request and stay away, although Okta may still list them.

CREATE TABLE erased_users (
    -- SHA-256 of the Okta id, which is random: nobody learns from it who was erased.
    id_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    erased  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
