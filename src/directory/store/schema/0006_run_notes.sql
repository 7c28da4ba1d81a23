-- What a run did beside reading users, and what went less well.

ALTER TABLE sync_runs ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(warnings));
ALTER TABLE sync_runs ADD COLUMN groups TEXT CHECK (json_valid(groups)); -- counts; null if groups were not read
