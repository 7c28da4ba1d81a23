-- A search inside names finds first and last names that the display name leaves out, and names without their
-- accents. The index holds the text, so that such a search reads no wide row of users whom it does not find.

ALTER TABLE users ADD COLUMN other_names TEXT NOT NULL DEFAULT '';
ALTER TABLE staged_users ADD COLUMN other_names TEXT NOT NULL DEFAULT '';

UPDATE users SET other_names = other_names(name_key, profile);
UPDATE staged_users SET other_names = other_names(name_key, profile);

DROP INDEX users_name;
CREATE INDEX users_name ON users (name_key, user_no, inserted_run, absent_since, other_names);
