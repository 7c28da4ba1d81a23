-- A tie is one row instead of two that say the same, and whoever is alone is a number. These tables follow from users,
-- pins and rules, and the check compares them: with a foreign key each row that is written reads a user's wide row.

CREATE TABLE okta_alone (
    -- Present Okta users who are tied to nobody and ambiguous for nobody.
    user_no INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE jira_alone (
    -- The same on Jira's side.
    jira_no INTEGER PRIMARY KEY
) STRICT;

INSERT INTO okta_alone SELECT user_no FROM okta_matches WHERE state = 'okta_only' ORDER BY user_no;
INSERT INTO jira_alone SELECT jira_no FROM jira_matches WHERE state = 'jira_only' ORDER BY jira_no;

ALTER TABLE okta_matches RENAME TO earlier_okta_matches;
ALTER TABLE jira_matches RENAME TO earlier_jira_matches;

CREATE TABLE okta_matches (
    -- Present Okta users of whom a rule or a pin has something to say: who are tied, ambiguous, or alone because
    -- they gave way.
    user_no INTEGER PRIMARY KEY,
    state   TEXT    NOT NULL
            CHECK (state = 'matched' OR state = 'pinned' OR state = 'ambiguous' OR state = 'okta_only'),
    rule    TEXT    NOT NULL CHECK (rule > ''), -- the rule's name, or 'pinned'
    value   TEXT    NOT NULL,                   -- the folded value that the rule compared
    jira_no INTEGER
            CHECK ((jira_no IS NOT NULL) = (state = 'matched' OR state = 'pinned'))
) STRICT;

CREATE TABLE jira_matches (
    -- Jira users of whom a rule has something to say and who are tied to nobody.
    jira_no INTEGER PRIMARY KEY,
    state   TEXT    NOT NULL CHECK (state = 'ambiguous' OR state = 'jira_only'),
    rule    TEXT    NOT NULL CHECK (rule > ''),
    value   TEXT    NOT NULL
) STRICT;

INSERT INTO okta_matches
SELECT user_no, state, rule, value, jira_no FROM earlier_okta_matches WHERE rule > '' ORDER BY user_no;
INSERT INTO jira_matches
SELECT jira_no, state, rule, value FROM earlier_jira_matches WHERE rule > '' AND user_no IS NULL ORDER BY jira_no;

DROP TABLE earlier_jira_matches;
DROP TABLE earlier_okta_matches;

CREATE UNIQUE INDEX okta_matches_jira ON okta_matches (jira_no);
CREATE INDEX okta_matches_ambiguous ON okta_matches (user_no) WHERE state = 'ambiguous';
CREATE INDEX okta_matches_candidates ON okta_matches (rule, value) WHERE state = 'ambiguous';
CREATE INDEX okta_matches_gave_way ON okta_matches (rule, value) WHERE state = 'okta_only';
CREATE INDEX jira_matches_candidates ON jira_matches (rule, value, state);

-- How many users there are of each kind is kept, not counted: with a million users counting takes longer than a run
-- that changed nothing.

CREATE TABLE kept_counts (
    kind  TEXT    NOT NULL, -- a match state of one side, or 'status' of present Okta users
    name  TEXT    NOT NULL, -- of the rule that matched the pairs, or of the status; otherwise empty
    users INTEGER NOT NULL CHECK (users > 0),
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE VIEW counted AS
    -- What `kept_counts` must hold.
    SELECT 'matched' AS kind, rule AS name, count(*) AS users FROM okta_matches WHERE state = 'matched' GROUP BY rule
     UNION ALL
    SELECT 'pinned', '', count(*) FROM okta_matches WHERE state = 'pinned' HAVING count(*) > 0
     UNION ALL
    SELECT 'okta_ambiguous', '', count(*) FROM okta_matches WHERE state = 'ambiguous' HAVING count(*) > 0
     UNION ALL
    SELECT 'jira_ambiguous', '', count(*) FROM jira_matches WHERE state = 'ambiguous' HAVING count(*) > 0
     UNION ALL
    SELECT 'okta_only', '', count(*) FROM okta_alone HAVING count(*) > 0
     UNION ALL
    SELECT 'jira_only', '', count(*) FROM jira_alone HAVING count(*) > 0
     UNION ALL
    SELECT 'status', status, count(*) FROM present_users GROUP BY status;

INSERT INTO kept_counts SELECT kind, name, users FROM counted;
