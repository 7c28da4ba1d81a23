-- The first schema. Rules of the house: STRICT tables, ids never reused, times in milliseconds
-- since 1970 UTC, nothing null unless null says something. No index or view calls a function of
-- ours, so that any sqlite3 can open, check and repair the file.

CREATE TABLE directory (
    -- What the directory is about: always exactly one row.
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    org_id        TEXT    NOT NULL DEFAULT '',  -- Okta's id of the org; empty before the first run
    published_run INTEGER NOT NULL DEFAULT 0,   -- readers see what was inserted up to this run
    fresh_as_of   INTEGER,                      -- when the last complete run finished; null before the first
    digest        BLOB    NOT NULL DEFAULT x''  -- of all present users as of then; empty before the first
                  CHECK (length(digest) IN (0, 32)),
    rules         TEXT    NOT NULL DEFAULT '[]' -- names of the matching rules last applied, in order (JSON)
                  CHECK (json_valid(rules))
) STRICT;

INSERT INTO directory (one) VALUES (1);

CREATE TABLE users (
    -- Okta users. The live row is what the last complete run published, except that a user who is
    -- new in a run not yet published is inserted at once and hidden by inserted_run.
    user_no              INTEGER PRIMARY KEY AUTOINCREMENT,
    okta_id              TEXT    NOT NULL UNIQUE,
    inserted_run         INTEGER NOT NULL,            -- the run that first saw the user
    absent_since         INTEGER,                     -- null while present
    content_hash         BLOB    NOT NULL CHECK (length(content_hash) = 16),
    status               TEXT    NOT NULL,
    type_id              TEXT,
    realm_id             TEXT,
    created              INTEGER,
    activated            INTEGER,
    status_changed       INTEGER,
    last_login           INTEGER,
    last_updated         INTEGER,
    password_changed     INTEGER,
    login                TEXT    NOT NULL DEFAULT '', -- from here to display_name: copied from the profile
    email                TEXT    NOT NULL DEFAULT '',
    display_name         TEXT    NOT NULL DEFAULT '', -- or "first last" where the profile has none
    login_key            TEXT    NOT NULL DEFAULT '', -- the keys are folded for comparing; empty never compares
    email_key            TEXT    NOT NULL DEFAULT '',
    login_local_part_key TEXT    NOT NULL DEFAULT '',
    name_key             TEXT    NOT NULL DEFAULT '',
    profile              TEXT    NOT NULL             -- the whole profile as canonical JSON; last, it is long
) STRICT;

-- Each key index ends in the columns that decide presence: matching and look-ups never touch the
-- wide rows of users whom they pass over, and a search continues after (key, user_no).
CREATE INDEX users_login ON users (login_key, user_no, inserted_run, absent_since);
CREATE INDEX users_email ON users (email_key, user_no, inserted_run, absent_since);
CREATE INDEX users_login_local_part ON users (login_local_part_key, user_no, inserted_run, absent_since);
CREATE INDEX users_name ON users (name_key, user_no, inserted_run, absent_since);
-- Counting, and finding the users whom one run inserted.
CREATE INDEX users_presence ON users (inserted_run, absent_since, status);
-- Listing and purging absent users, who are few.
CREATE INDEX users_absent ON users (user_no, absent_since) WHERE absent_since IS NOT NULL;

CREATE VIEW visible_users AS
    -- What a complete run has published, absent users included.
    SELECT user_no, okta_id, inserted_run, absent_since, content_hash, status, type_id, realm_id,
           created, activated, status_changed, last_login, last_updated, password_changed,
           login, email, display_name, login_key, email_key, login_local_part_key, name_key, profile
      FROM users
     WHERE inserted_run <= (SELECT published_run FROM directory);

CREATE VIEW present_users AS
    -- What a complete run has published and not found absent.
    SELECT user_no, okta_id, inserted_run, content_hash, status, type_id, realm_id,
           created, activated, status_changed, last_login, last_updated, password_changed,
           login, email, display_name, login_key, email_key, login_local_part_key, name_key, profile
      FROM users
     WHERE absent_since IS NULL
       AND inserted_run <= (SELECT published_run FROM directory);

CREATE TABLE staged_users (
    -- The new content of known users, as a run not yet published has seen it.
    user_no              INTEGER PRIMARY KEY REFERENCES users (user_no) ON DELETE CASCADE,
    run                  INTEGER NOT NULL,
    content_hash         BLOB    NOT NULL CHECK (length(content_hash) = 16),
    status               TEXT    NOT NULL,
    type_id              TEXT,
    realm_id             TEXT,
    created              INTEGER,
    activated            INTEGER,
    status_changed       INTEGER,
    last_login           INTEGER,
    last_updated         INTEGER,
    password_changed     INTEGER,
    login                TEXT    NOT NULL DEFAULT '',
    email                TEXT    NOT NULL DEFAULT '',
    display_name         TEXT    NOT NULL DEFAULT '',
    login_key            TEXT    NOT NULL DEFAULT '',
    email_key            TEXT    NOT NULL DEFAULT '',
    login_local_part_key TEXT    NOT NULL DEFAULT '',
    name_key             TEXT    NOT NULL DEFAULT '',
    profile              TEXT    NOT NULL
) STRICT;

CREATE TABLE sync_runs (
    -- One row for each run; the columns are those of the run report.
    run            INTEGER PRIMARY KEY AUTOINCREMENT,
    org_id         TEXT    NOT NULL,            -- the org the run reads; a resume must be of the same
    state          TEXT    NOT NULL CHECK (state IN ('running', 'interrupted', 'complete', 'refused', 'dropped')),
    error_code     INTEGER NOT NULL DEFAULT 0,
    error_message  TEXT    NOT NULL DEFAULT '',
    started        INTEGER NOT NULL,
    finished       INTEGER                      -- null exactly while the run can be resumed
                   CHECK ((finished IS NULL) = (state IN ('running', 'interrupted'))),
    attempts       INTEGER NOT NULL DEFAULT 1,
    slices         INTEGER NOT NULL DEFAULT 0,
    slices_ended   INTEGER NOT NULL DEFAULT 0,
    pages          INTEGER NOT NULL DEFAULT 0,
    seen           INTEGER NOT NULL DEFAULT 0,
    repeated       INTEGER NOT NULL DEFAULT 0,
    added          INTEGER NOT NULL DEFAULT 0,
    updated        INTEGER NOT NULL DEFAULT 0,
    touched        INTEGER NOT NULL DEFAULT 0,
    unchanged      INTEGER NOT NULL DEFAULT 0,
    returned       INTEGER NOT NULL DEFAULT 0,
    absent         INTEGER NOT NULL DEFAULT 0,
    purged         INTEGER NOT NULL DEFAULT 0,
    present        INTEGER NOT NULL DEFAULT 0,
    matched        INTEGER NOT NULL DEFAULT 0,
    pinned         INTEGER NOT NULL DEFAULT 0,
    okta_ambiguous INTEGER NOT NULL DEFAULT 0,
    jira_ambiguous INTEGER NOT NULL DEFAULT 0,
    okta_only      INTEGER NOT NULL DEFAULT 0,
    jira_only      INTEGER NOT NULL DEFAULT 0,
    by_rule        TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(by_rule)),
    requests       INTEGER NOT NULL DEFAULT 0,
    retries        INTEGER NOT NULL DEFAULT 0,
    waited_ms      INTEGER NOT NULL DEFAULT 0,
    bytes          INTEGER NOT NULL DEFAULT 0,
    elapsed_ms     INTEGER NOT NULL DEFAULT 0,
    watermark      INTEGER,                     -- greatest lastUpdated seen
    digest         TEXT    NOT NULL DEFAULT ''  -- hex; empty unless complete
) STRICT;

-- At most one run is unfinished, ever: the second would not know whose staged rows are whose.
CREATE UNIQUE INDEX sync_runs_unfinished ON sync_runs ((finished IS NULL)) WHERE finished IS NULL;

CREATE TABLE sync_slices (
    -- The listings of the unfinished run and how far each is.
    run    INTEGER NOT NULL REFERENCES sync_runs (run) ON DELETE CASCADE,
    slice  INTEGER NOT NULL,
    query  TEXT    NOT NULL,                    -- what Okta is asked for, as the sync wrote it
    cursor TEXT,                                -- where the next page is; null before the first page and after the last
    ended  INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
    pages  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run, slice)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_pages (
    -- The committed pages of the unfinished run: its chain of cursors and whom it saw.
    run    INTEGER NOT NULL,
    slice  INTEGER NOT NULL,
    page   INTEGER NOT NULL,                    -- 1, 2, 3 … within the slice
    cursor TEXT    NOT NULL,                    -- the cursor that fetched it; empty for a first page
    users  INTEGER NOT NULL,                    -- rows that Okta sent
    seen   BLOB    NOT NULL,                    -- user_no of users already published; see UserSet
    PRIMARY KEY (run, slice, page),
    FOREIGN KEY (run, slice) REFERENCES sync_slices (run, slice) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    -- The change feed. It is cut at its old end only, so it never has holes.
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    run      INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    okta_id  TEXT    NOT NULL,
    kind     TEXT    NOT NULL,                  -- see ChangeKind; kinds may be added
    fields   TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(fields))
) STRICT;

CREATE INDEX changes_okta_id ON changes (okta_id, position);

CREATE TABLE jira_users (
    -- Jira users as the host handed them over.
    jira_no      INTEGER PRIMARY KEY AUTOINCREMENT,
    key          TEXT    NOT NULL UNIQUE CHECK (key <> ''),
    username     TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL DEFAULT '',
    display_name TEXT    NOT NULL DEFAULT '',
    active       INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    key_key      TEXT    NOT NULL,              -- the keys are folded for comparing; empty never compares
    username_key TEXT    NOT NULL,
    email_key    TEXT    NOT NULL
) STRICT;

CREATE INDEX jira_users_key ON jira_users (key_key);
CREATE INDEX jira_users_username ON jira_users (username_key);
CREATE INDEX jira_users_email ON jira_users (email_key);

CREATE TABLE jira_users_staged (
    -- A set of Jira users that is being handed over and does not count yet.
    key          TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    username     TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL DEFAULT '',
    display_name TEXT    NOT NULL DEFAULT '',
    active       INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE okta_matches (
    -- The one state of every present Okta user. References are checked at commit, so whoever
    -- removes users must match anew in the same transaction, and a tie never points nowhere.
    user_no INTEGER PRIMARY KEY REFERENCES users (user_no) DEFERRABLE INITIALLY DEFERRED,
    state   TEXT    NOT NULL CHECK (state IN ('matched', 'pinned', 'ambiguous', 'okta_only')),
    rule    TEXT    NOT NULL DEFAULT '',        -- the rule's name, or 'pinned'
    value   TEXT    NOT NULL DEFAULT '',        -- the folded value that the rule compared
    jira_no INTEGER REFERENCES jira_users (jira_no) DEFERRABLE INITIALLY DEFERRED
            CHECK ((jira_no IS NOT NULL) = (state IN ('matched', 'pinned')))
) STRICT;

CREATE INDEX okta_matches_state ON okta_matches (state);
CREATE UNIQUE INDEX okta_matches_jira ON okta_matches (jira_no) WHERE jira_no IS NOT NULL;
CREATE INDEX okta_matches_tied ON okta_matches (user_no, jira_no) WHERE jira_no IS NOT NULL;
CREATE INDEX okta_matches_candidates ON okta_matches (rule, value) WHERE state = 'ambiguous';

CREATE TABLE jira_matches (
    -- The one state of every Jira user, the mirror image of okta_matches.
    jira_no INTEGER PRIMARY KEY REFERENCES jira_users (jira_no) DEFERRABLE INITIALLY DEFERRED,
    state   TEXT    NOT NULL CHECK (state IN ('matched', 'pinned', 'ambiguous', 'jira_only')),
    rule    TEXT    NOT NULL DEFAULT '',
    value   TEXT    NOT NULL DEFAULT '',
    user_no INTEGER REFERENCES users (user_no) DEFERRABLE INITIALLY DEFERRED
            CHECK ((user_no IS NOT NULL) = (state IN ('matched', 'pinned')))
) STRICT;

CREATE INDEX jira_matches_state ON jira_matches (state);
CREATE UNIQUE INDEX jira_matches_user ON jira_matches (user_no) WHERE user_no IS NOT NULL;
CREATE INDEX jira_matches_candidates ON jira_matches (rule, value) WHERE state = 'ambiguous';

CREATE TABLE pins (
    -- Pairs tied by hand. They name, not reference: a pin outlives both of its users and waits.
    jira_key  TEXT    NOT NULL PRIMARY KEY,
    okta_id   TEXT    NOT NULL UNIQUE,
    pinned_at INTEGER NOT NULL
) STRICT;
