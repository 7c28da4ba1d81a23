-- Inactive accounts give way to active ones that carry the same value. Who is alone for that reason has the rule
-- and the value in its row; these are few.

CREATE INDEX okta_matches_gave_way ON okta_matches (rule, value) WHERE state = 'okta_only' AND rule > '';
CREATE INDEX jira_matches_gave_way ON jira_matches (rule, value) WHERE state = 'jira_only' AND rule > '';

-- Nobody was matched by this yet: other rules than those last applied match everybody anew.
UPDATE directory SET rules = '[]';
