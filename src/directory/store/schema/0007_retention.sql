-- Keeping only what is wanted.

CREATE TABLE field_projection (
    -- Whether the org honours a request for certain fields only, as last tried out: one row.
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    fields   TEXT    NOT NULL DEFAULT '',     -- what was asked for
    honoured INTEGER NOT NULL DEFAULT 0 CHECK (honoured IN (0, 1))
) STRICT;

INSERT INTO field_projection (one) VALUES (1);

-- Rows of users whom Okta sent and the settings do not want.
ALTER TABLE sync_runs ADD COLUMN passed_over INTEGER NOT NULL DEFAULT 0;

CREATE TABLE retention (
    -- Whether users may be wanted now whom the last full run passed over: always exactly one row.
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    jira_changes  INTEGER NOT NULL DEFAULT 0, -- how often Jira users came or changed
    at_full       INTEGER NOT NULL DEFAULT 0  -- the same when the last full run began
) STRICT;

INSERT INTO retention (one) VALUES (1);
