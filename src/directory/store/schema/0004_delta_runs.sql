-- Delta runs: what a run was to read and why, and from where the next delta may go on.

ALTER TABLE sync_runs ADD COLUMN mode TEXT NOT NULL DEFAULT 'full' CHECK (mode IN ('full', 'delta'));
ALTER TABLE sync_runs ADD COLUMN reason TEXT NOT NULL DEFAULT 'asked'; -- see RunReason; reasons may be added
ALTER TABLE sync_runs ADD COLUMN updated_since INTEGER;                -- what a delta asks for; null in a full run
ALTER TABLE sync_runs ADD COLUMN kept TEXT NOT NULL DEFAULT '';        -- the settings that decide what it keeps
-- By Okta's clock, which may differ from the host's: not later than its first and not earlier than
-- its last answer. Null while there was none.
ALTER TABLE sync_runs ADD COLUMN okta_began INTEGER;
ALTER TABLE sync_runs ADD COLUMN okta_ended INTEGER;

CREATE TABLE freshness (
    -- What the complete runs have read: always exactly one row.
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    last_full      INTEGER,                     -- when the last complete full run finished; null before the first
    last_delta     INTEGER,                     -- the same of delta runs
    present        INTEGER NOT NULL DEFAULT 0,  -- users present after the last complete run
    kept           TEXT    NOT NULL DEFAULT '', -- the settings that decided what the last full run kept
    org_url        TEXT    NOT NULL DEFAULT '', -- the org's addresses as of the last full run,
    alternates     TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(alternates)), -- which asked the org itself
    -- The watermark, by Okta's clock; null while none is known.
    greatest       INTEGER,                     -- greatest lastUpdated that a complete run saw
    first_seen     INTEGER                      -- when the first run that saw it had ended
                   CHECK ((first_seen IS NULL) = (greatest IS NULL)),
    next_from      INTEGER                      -- from where on the next delta must ask
                   CHECK ((next_from IS NULL) = (greatest IS NULL))
) STRICT;

INSERT INTO freshness (one) VALUES (1);
