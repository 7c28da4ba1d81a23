-- Live: what Okta told by events and nobody has read again yet, and what is known of the way they come.

CREATE TABLE inbox (
    -- One row for each thing that moved, however often it did. It goes in the transaction that publishes what was
    -- read after its newest event had arrived.
    arrival  INTEGER PRIMARY KEY AUTOINCREMENT, -- raised with each event about it: who read an older one removes nothing
    kind     TEXT    NOT NULL,                  -- see InboxKind
    user_id  TEXT    NOT NULL,                  -- Okta's ids; empty where the kind has none
    group_id TEXT    NOT NULL,
    deleted  INTEGER NOT NULL CHECK (deleted IN (0, 1)), -- an event of deletion is among them
    oldest   INTEGER NOT NULL,                  -- when the first and the last of these events happened, by Okta's clock
    newest   INTEGER NOT NULL,
    received INTEGER NOT NULL,                  -- when the last of them came, by this machine's clock
    event    TEXT    NOT NULL,                  -- its id
    asked    INTEGER NOT NULL DEFAULT 0,        -- how often Okta was asked without being done with it
    due      INTEGER NOT NULL DEFAULT 0,        -- not to be asked for before
    held     INTEGER NOT NULL DEFAULT 0         -- left to the next full run by the guard
             CHECK (held IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX inbox_subject ON inbox (kind, user_id, group_id);

CREATE TABLE heard (
    -- Events and deliveries that came already, by the beginning of a digest of their ids.
    id       INTEGER PRIMARY KEY,
    received INTEGER NOT NULL
) STRICT;

CREATE INDEX heard_received ON heard (received);

CREATE TABLE live (
    -- The way events come, and how well: always exactly one row.
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    source           TEXT    NOT NULL DEFAULT 'off', -- as of the last event or poll
    since            INTEGER,                        -- from when on this source was to tell everything
    events           INTEGER NOT NULL DEFAULT 0,     -- events that came, each once
    repeated         INTEGER NOT NULL DEFAULT 0,     -- events that came again
    missed           INTEGER NOT NULL DEFAULT 0,     -- changes that a listing found and no event had told
    missed_at        INTEGER,                        -- when it last found one
    last_event       INTEGER,                        -- when the newest event happened, by Okta's clock
    last_received    INTEGER,                        -- when an event last came
    lag_ms           INTEGER,                        -- from the oldest event of the last refresh to its publication
    gap_at           INTEGER,                        -- when events may last have been lost
    gap              TEXT    NOT NULL DEFAULT '',    -- why
    deleted_since_full INTEGER NOT NULL DEFAULT 0,   -- users marked absent by events since the last full run
    cursor           TEXT    NOT NULL DEFAULT '',    -- where the System Log goes on; empty before the first poll
    polled           INTEGER,                        -- when it was last read to its end
    log_limit        INTEGER,                        -- requests a minute that Okta announced for it
    hook_id          TEXT    NOT NULL DEFAULT '',
    hook_url         TEXT    NOT NULL DEFAULT '',    -- where Okta delivers to
    hook_checked     INTEGER,                        -- when Okta was last asked for it
    hook_verified    INTEGER NOT NULL DEFAULT 0,
    verified_at      INTEGER                         -- when Okta's challenge was last answered
) STRICT;

INSERT INTO live (one) VALUES (1);

CREATE TABLE hook_secrets (
    -- What a delivery must carry; two while one takes the place of the other.
    secret_no   INTEGER PRIMARY KEY AUTOINCREMENT,
    verifier    BLOB    NOT NULL CHECK (length(verifier) = 32), -- digest of the secret, which is 256 random bits
    made        INTEGER NOT NULL,
    ends        INTEGER,                                        -- null while it is the present one
    sealing_key BLOB    NOT NULL,
    sealed      BLOB    NOT NULL
) STRICT;

-- A third kind of run. A check of a column cannot be changed, so the column is made anew.
ALTER TABLE sync_runs RENAME COLUMN mode TO earlier_mode;
ALTER TABLE sync_runs ADD COLUMN mode TEXT NOT NULL DEFAULT 'full' CHECK (mode IN ('full', 'delta', 'live'));
UPDATE sync_runs SET mode = earlier_mode;
ALTER TABLE sync_runs DROP COLUMN earlier_mode;

-- The newest arrival in the inbox when the run began: it answers what came before.
ALTER TABLE sync_runs ADD COLUMN inbox_upto INTEGER NOT NULL DEFAULT 0;

-- The event that told of a change; null where a listing found it.
ALTER TABLE changes ADD COLUMN event TEXT;
