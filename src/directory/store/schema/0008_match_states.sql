-- Match states anew, cheaper to write: SQLite builds a table in memory for every list of more than two values
-- in a CHECK, each time it checks; and a tie of a Jira user is checked against the state of its Okta user, a
-- short row, instead of against the user's profile.

CREATE TABLE earlier_okta_matches AS SELECT user_no, state, rule, value, jira_no FROM okta_matches;
CREATE TABLE earlier_jira_matches AS SELECT jira_no, state, rule, value, user_no FROM jira_matches;
DROP TABLE jira_matches;
DROP TABLE okta_matches;

CREATE TABLE okta_matches (
    -- The one state of every present Okta user. References are checked at commit, so whoever
    -- removes users must match anew in the same transaction, and a tie never points nowhere.
    user_no INTEGER PRIMARY KEY REFERENCES users (user_no) DEFERRABLE INITIALLY DEFERRED,
    state   TEXT    NOT NULL
            CHECK (state = 'matched' OR state = 'pinned' OR state = 'ambiguous' OR state = 'okta_only'),
    rule    TEXT    NOT NULL DEFAULT '',        -- the rule's name, or 'pinned'
    value   TEXT    NOT NULL DEFAULT '',        -- the folded value that the rule compared
    jira_no INTEGER REFERENCES jira_users (jira_no) DEFERRABLE INITIALLY DEFERRED
            CHECK ((jira_no IS NOT NULL) = (state = 'matched' OR state = 'pinned'))
) STRICT;

CREATE TABLE jira_matches (
    -- The one state of every Jira user, the mirror image of okta_matches.
    jira_no INTEGER PRIMARY KEY REFERENCES jira_users (jira_no) DEFERRABLE INITIALLY DEFERRED,
    state   TEXT    NOT NULL
            CHECK (state = 'matched' OR state = 'pinned' OR state = 'ambiguous' OR state = 'jira_only'),
    rule    TEXT    NOT NULL DEFAULT '',
    value   TEXT    NOT NULL DEFAULT '',
    user_no INTEGER REFERENCES okta_matches (user_no) DEFERRABLE INITIALLY DEFERRED
            CHECK ((user_no IS NOT NULL) = (state = 'matched' OR state = 'pinned'))
) STRICT;

INSERT INTO okta_matches SELECT * FROM earlier_okta_matches;
INSERT INTO jira_matches SELECT * FROM earlier_jira_matches;
DROP TABLE earlier_okta_matches;
DROP TABLE earlier_jira_matches;

CREATE INDEX okta_matches_state ON okta_matches (state);
CREATE UNIQUE INDEX okta_matches_jira ON okta_matches (jira_no) WHERE jira_no IS NOT NULL;
CREATE INDEX okta_matches_tied ON okta_matches (user_no, jira_no) WHERE jira_no IS NOT NULL;
CREATE INDEX okta_matches_candidates ON okta_matches (rule, value) WHERE state = 'ambiguous';

CREATE INDEX jira_matches_state ON jira_matches (state);
CREATE UNIQUE INDEX jira_matches_user ON jira_matches (user_no) WHERE user_no IS NOT NULL;
CREATE INDEX jira_matches_candidates ON jira_matches (rule, value) WHERE state = 'ambiguous';
