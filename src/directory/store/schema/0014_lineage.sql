-- Nodes of a cluster that have the same directory: at which published state this one is, and what it changed since.

CREATE TABLE lineage (
    -- At most one row; none if the directory has no part in a cluster.
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    schema  INTEGER NOT NULL,            -- under which it was recorded what changed
    state   TEXT    NOT NULL,            -- made or taken over last; empty if none
    sum     BLOB    NOT NULL CHECK (length(sum) = 32), -- over all rows of that state
    note    TEXT    NOT NULL,            -- what the publisher's host said of it
    pending TEXT    NOT NULL             -- the state that was about to be published; empty if none
) STRICT;

CREATE TABLE unpublished (
    -- Rows that were changed since, as they were. Written by temporary triggers of the writer.
    table_name TEXT NOT NULL,
    key        BLOB NOT NULL,
    row        BLOB,                     -- null if there was none
    PRIMARY KEY (table_name, key)
) STRICT, WITHOUT ROWID;
