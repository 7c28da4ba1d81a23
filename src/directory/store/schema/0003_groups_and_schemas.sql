-- Groups with their members, user types with their attributes, and what is looked up by attribute.

CREATE TABLE groups (
    -- Okta groups that the settings ask for. A group is visible as soon as it was listed; its
    -- members are replaced as a whole, in one transaction.
    group_no                INTEGER PRIMARY KEY AUTOINCREMENT,
    okta_id                 TEXT    NOT NULL UNIQUE,
    type                    TEXT    NOT NULL,           -- OKTA_GROUP, APP_GROUP, BUILT_IN; others as sent
    name                    TEXT    NOT NULL DEFAULT '',
    name_key                TEXT    NOT NULL DEFAULT '', -- folded; names are not unique in Okta
    description             TEXT,
    created                 INTEGER,
    last_updated            INTEGER,                    -- of the group's own profile
    last_membership_updated INTEGER,
    everyone                INTEGER NOT NULL DEFAULT 0  -- has every present user, and no rows of its own
                            CHECK (everyone IN (0, 1)),
    listed_pass             INTEGER NOT NULL,           -- the last pass that listed it
    members_due             INTEGER NOT NULL DEFAULT 1  -- the members have to be read (again)
                            CHECK (members_due IN (0, 1)),
    members_cursor          TEXT,                       -- where reading them goes on; null at the beginning
    member_count            INTEGER,                    -- null until the members were read for the first time
    profile                 TEXT    NOT NULL
) STRICT;

CREATE INDEX groups_name ON groups (name_key, group_no);
CREATE INDEX groups_type ON groups (type, name_key, group_no);
CREATE INDEX groups_due ON groups (group_no) WHERE members_due = 1;

CREATE TABLE group_members (
    -- By Okta's id and without a reference: Okta lists members whom this credential cannot see.
    group_no INTEGER NOT NULL REFERENCES groups (group_no) ON DELETE CASCADE,
    okta_id  TEXT    NOT NULL,
    PRIMARY KEY (group_no, okta_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_members_user ON group_members (okta_id, group_no);

CREATE TABLE group_members_staged (
    -- The members of groups that are being read, until all of one group are there.
    group_no INTEGER NOT NULL REFERENCES groups (group_no) ON DELETE CASCADE,
    okta_id  TEXT    NOT NULL,
    PRIMARY KEY (group_no, okta_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_sync (
    -- How far reading the groups is: always exactly one row.
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    pass         INTEGER NOT NULL DEFAULT 0,  -- number of the listing; its groups carry it
    listing      TEXT    NOT NULL DEFAULT 'ended' CHECK (listing IN ('ended', 'whole', 'moved')),
    cursor       TEXT,                        -- where the listing goes on; null at its beginning
    wanted       TEXT    NOT NULL DEFAULT '', -- the settings it was asked by
    whole_listed INTEGER,                     -- when a listing of all groups last ended
    watermark    INTEGER,                     -- greatest lastUpdated or lastMembershipUpdated of ended listings
    seen         INTEGER                      -- the same of the listing that goes on
) STRICT;

INSERT INTO group_sync (one) VALUES (1);

CREATE TABLE user_types (
    okta_id      TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL DEFAULT '',
    display_name TEXT    NOT NULL DEFAULT '',
    description  TEXT,
    is_default   INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    schema_id    TEXT    NOT NULL,            -- as in the link: default, or osc…
    last_updated INTEGER,                     -- of the schema
    place        INTEGER NOT NULL             -- in Okta's order
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_attributes (
    -- What a profile of a user type may hold.
    type_id     TEXT    NOT NULL REFERENCES user_types (okta_id) ON DELETE CASCADE,
    place       INTEGER NOT NULL,             -- base attributes first, each part in Okta's order
    name        TEXT    NOT NULL,             -- case matters
    title       TEXT    NOT NULL DEFAULT '',
    description TEXT,
    type        TEXT    NOT NULL DEFAULT '',  -- string, boolean, integer, number, array
    items_type  TEXT,                         -- of an array
    format      TEXT,
    custom      INTEGER NOT NULL CHECK (custom IN (0, 1)),
    required    INTEGER NOT NULL CHECK (required IN (0, 1)),
    enum_values TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(enum_values)),
    PRIMARY KEY (type_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_sync (
    -- What is known of the schemas as a whole: always exactly one row.
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    checked INTEGER,                          -- when Okta was last asked, whatever it said
    version TEXT NOT NULL DEFAULT '',         -- which types there are and when each schema moved
    at_full TEXT NOT NULL DEFAULT ''          -- the version when the last full run began
) STRICT;

INSERT INTO schema_sync (one) VALUES (1);

CREATE TABLE indexed_attributes (
    -- The profile attributes of which user_attributes holds every value.
    attribute_no INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE user_attributes (
    -- Folded values of indexed attributes, of an array each element; written when a run is published.
    attribute_no INTEGER NOT NULL REFERENCES indexed_attributes (attribute_no) ON DELETE CASCADE,
    value_key    TEXT    NOT NULL,
    user_no      INTEGER NOT NULL REFERENCES users (user_no) ON DELETE CASCADE,
    PRIMARY KEY (attribute_no, value_key, user_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_attributes_user ON user_attributes (user_no);

CREATE TABLE managers (
    -- Whom a user names as manager, and who that is: worked out anew when a run is published.
    user_no    INTEGER PRIMARY KEY REFERENCES users (user_no) ON DELETE CASCADE,
    value      TEXT    NOT NULL,              -- as the profile has it, outer blanks cut
    value_key  TEXT    NOT NULL,              -- folded
    manager_no INTEGER REFERENCES users (user_no) ON DELETE SET NULL -- null if nobody, or several, answer to the value
) STRICT;

CREATE INDEX managers_manager ON managers (manager_no, user_no) WHERE manager_no IS NOT NULL;

CREATE TABLE manager_sync (
    -- The settings by which managers was filled: always exactly one row.
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    attribute TEXT    NOT NULL DEFAULT ''
) STRICT;

INSERT INTO manager_sync (one) VALUES (1);
