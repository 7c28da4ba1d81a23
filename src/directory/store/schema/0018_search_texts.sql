-- A search anywhere looks at every text that names a user. Each side has them as one text at the end of an index, so that
-- the search reads one column of a short row for each user whom it does not find.

ALTER TABLE users RENAME COLUMN other_names TO search_text;
ALTER TABLE staged_users RENAME COLUMN other_names TO search_text;
ALTER TABLE jira_users ADD COLUMN search_text TEXT NOT NULL DEFAULT '';

UPDATE users SET search_text = search_text(display_name, profile, login, email);
UPDATE staged_users SET search_text = search_text(display_name, profile, login, email);
UPDATE jira_users SET search_text = search_text(display_name, '', username, email);

DROP INDEX users_name;
CREATE INDEX users_name ON users (name_key, user_no, inserted_run, absent_since, search_text);

-- Who is active in Jira though deactivated in Okta is counted without reading rows of Jira users.
CREATE INDEX jira_users_inactive ON jira_users (jira_no) WHERE active = 0;

DROP INDEX jira_users_username;
CREATE INDEX jira_users_username ON jira_users (username_key, jira_no, search_text);
