-- Live, continued: the nodes of a cluster have one inbox, and what was read is told apart from what waits.

-- The folder that this directory was last published on or followed from: deliveries are kept there.
CREATE TABLE shared_folder (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    path BLOB    NOT NULL
) STRICT;

-- Okta was asked and what it said is published. It is asked again for a while, because a deletion takes its time.
ALTER TABLE inbox ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1));

-- Okta delivers so many events in 24 hours to all hooks together, and none beyond: when these hours began, and how many
-- came since.
ALTER TABLE live ADD COLUMN day_began INTEGER;
ALTER TABLE live ADD COLUMN day_events INTEGER NOT NULL DEFAULT 0;
