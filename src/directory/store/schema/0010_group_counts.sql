-- Groups as safe as users: Okta's own counts beside what it lists, readings that were not believed, groups
-- whose members Okta refuses to list, and when a listing or a reading began.

ALTER TABLE groups ADD COLUMN okta_count INTEGER;                    -- Okta's count of the members, as last listed; null if not told
ALTER TABLE groups ADD COLUMN difference INTEGER NOT NULL DEFAULT 0; -- okta_count less members listed, where several readings confirmed it
ALTER TABLE groups ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;     -- readings in a row that were not believed
ALTER TABLE groups ADD COLUMN doubted_rows INTEGER;                  -- members that the last of them listed
ALTER TABLE groups ADD COLUMN doubted_difference INTEGER;            -- its difference
ALTER TABLE groups ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;   -- how often in a row Okta refused to list the members
ALTER TABLE groups ADD COLUMN due_from INTEGER NOT NULL DEFAULT 0;   -- the pass from which on the members are asked for
ALTER TABLE groups ADD COLUMN reading_began INTEGER;                 -- by Okta's clock, of the reading at members_cursor

-- Groups that were never refused come first, so that nobody waits behind those that were.
DROP INDEX groups_due;
CREATE INDEX groups_due ON groups (refusals, group_no) WHERE members_due = 1;

ALTER TABLE group_sync ADD COLUMN began INTEGER;      -- of the listing, by this machine's clock
ALTER TABLE group_sync ADD COLUMN okta_began INTEGER; -- the same by Okta's clock; null if it told no time

-- Half-read groups may hold members who left meanwhile, and a listing of unknown age may miss changes. The
-- next listing shows every group and compares every count.
DELETE FROM group_members_staged;
UPDATE groups SET members_cursor = NULL;
UPDATE group_sync SET listing = 'ended', cursor = NULL, seen = NULL, whole_listed = NULL;

-- Whoever is gone is no member.
DELETE FROM group_members WHERE okta_id IN (SELECT okta_id FROM users WHERE absent_since IS NOT NULL);
UPDATE groups
   SET member_count = (SELECT count(*) FROM group_members AS m WHERE m.group_no = groups.group_no)
 WHERE member_count IS NOT NULL AND everyone = 0;
