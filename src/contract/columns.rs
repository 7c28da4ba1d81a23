//! The one table of fields that cross the boundary, shared by C, JNI, header, Java and the reference.
//!
//! Numbers are stable and never reused. A kind of record is a list of columns, and a page says which columns it has. So
//! a new field gets a new number, and older callers continue to work.

use super::choice::Choice;
use super::{choices, names};

/// What the cells of a column hold; every cell may also be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8.
    Text,
    /// Words separated by blanks.
    Words,
    /// Sentences, one a line.
    Lines,
    /// A word of this choice.
    Choice(&'static Choice),
    /// Signed, 64 bits. In Java a null cell is 0.
    Integer,
    /// Signed, 64 bits. In Java a null cell is null.
    Optional,
    /// A number that fits into 32 bits, such as the number of an error.
    Small,
    /// A number of this choice.
    Number(&'static Choice),
    /// Milliseconds since 1970 UTC.
    Time,
    /// A span in milliseconds.
    Millis,
    /// 0 or 1.
    Truth,
}

impl ColumnType {
    /// Whether the cells are texts; else they are integers of 64 bits.
    pub fn is_text(self) -> bool {
        match self {
            ColumnType::Text | ColumnType::Words | ColumnType::Lines | ColumnType::Choice(_) => true,
            ColumnType::Integer
            | ColumnType::Optional
            | ColumnType::Small
            | ColumnType::Number(_)
            | ColumnType::Time
            | ColumnType::Millis
            | ColumnType::Truth => false,
        }
    }

    /// The choice whose word or number the cells hold.
    pub fn choice(self) -> Option<&'static Choice> {
        match self {
            ColumnType::Choice(choice) | ColumnType::Number(choice) => Some(choice),
            ColumnType::Text
            | ColumnType::Words
            | ColumnType::Lines
            | ColumnType::Integer
            | ColumnType::Optional
            | ColumnType::Small
            | ColumnType::Time
            | ColumnType::Millis
            | ColumnType::Truth => None,
        }
    }
}

macro_rules! columns {
    (@title) => { None };
    (@title $title:literal) => { Some($title) };
    ($($name:ident = $number:literal, $kind:ident $(($choice:ident))?, $meaning:literal $(, $title:literal)?;)*) => {
        /// A field of a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Column {
            $(#[doc = $meaning] $name = $number,)*
        }

        impl Column {
            /// Every column, in the order of the numbers.
            pub const ALL: &'static [Column] = &[$(Column::$name,)*];

            /// The type of its cells.
            pub fn kind(self) -> ColumnType {
                match self { $(Column::$name => ColumnType::$kind $((&choices::$choice::CHOICE))?,)* }
            }

            /// The name of the variant, for example `OktaId`.
            pub fn variant(self) -> &'static str {
                match self { $(Column::$name => stringify!($name),)* }
            }

            /// The title of the column in the report of a run on Jira's page; none if the report does not show it.
            pub fn title(self) -> Option<&'static str> {
                match self { $(Column::$name => columns!(@title $($title)?),)* }
            }

            /// What the cells hold, without the words of a choice; see [`Column::meaning`].
            fn brief(self) -> &'static str {
                match self { $(Column::$name => $meaning,)* }
            }
        }
    };
}

columns! {
    OktaId = 1, Text, "Okta's user id.";
    Status = 2, Text, "Okta's status, such as ACTIVE.";
    TypeId = 3, Text, "Id of the user type.";
    RealmId = 4, Text, "Id of the realm.";
    Created = 5, Time, "When the user was created.";
    Activated = 6, Time, "When the user was activated.";
    StatusChanged = 7, Time, "When the status last changed.";
    LastLogin = 8, Time, "The last sign-in.";
    LastUpdated = 9, Time, "The last update of profile or status.";
    PasswordChanged = 10, Time, "The last change of the password.";
    Login = 11, Text, "The login.";
    Email = 12, Text, "The e-mail address.";
    FirstName = 13, Text, "The first name.";
    LastName = 14, Text, "The last name.";
    DisplayName = 15, Text, "The display name.";
    Profile = 16, Text, "The whole profile, a JSON object with sorted keys.";
    AbsentSince = 17, Time, "When a complete run first did not see the user; null if the user is present.";
    Cursor = 18, Integer, "The cursor with which a listing continues after this row.";
    SearchCursor = 19, Text, "The cursor with which a search continues; only on the last row, null at the end of the search.";
    ShownName = 20, Text, "The name to show: the display name, else first and last name, else the login, else the id.";

    JiraKey = 100, Text, "Jira's user key.";
    JiraUsername = 101, Text, "Jira's username.";
    JiraEmail = 102, Text, "The e-mail address in Jira.";
    JiraDisplayName = 103, Text, "The display name in Jira.";
    JiraActive = 104, Truth, "Whether the Jira user may sign in.";

    MatchState = 150, Choice(MatchState), "How the user is tied";
    MatchRule = 151, Text, "The rule that tied the user or found it ambiguous; for an inactive user that is alone, the rule under which an active user with the same value was preferred; empty if none.";
    MatchValue = 152, Text, "The folded value that the rule compared; empty if none.";

    ChangePosition = 200, Integer, "The position of the change in the change feed.";
    ChangeAt = 201, Time, "When the change was committed.";
    ChangeKind = 202, Choice(ChangeKind), "What happened";
    ChangeFields = 203, Text, "JSON array of {field, from, to}.";
    ChangeEvent = 204, Text, "Okta's id of the event that reported the change; null if a listing found it.";

    Run = 250, Integer, "Number of the run.";
    RunState = 251, Choice(RunState), "How the run stands";
    RunErrorCode = 252, Small, "Number of the error that stopped or refused the run; 0 if none.";
    RunErrorMessage = 253, Text, "The sentence of that error; empty if none.";
    RunStarted = 254, Time, "When the run began.";
    RunFinished = 255, Time, "When the run ended; null while it is unfinished.";
    RunAttempts = 256, Integer, "How many calls worked on the run.", "Attempts";
    RunSlices = 257, Integer, "How many listings the run had to read.";
    RunSlicesEnded = 258, Integer, "How many listings it has read to the end.";
    RunPages = 259, Integer, "Pages committed.", "Pages";
    RunSeen = 260, Integer, "Different users seen.";
    RunRepeated = 261, Integer, "Rows that Okta sent more than once.", "Sent twice by Okta";
    RunAdded = 262, Integer, "Users new in the directory.";
    RunUpdated = 263, Integer, "Users with changed content.";
    RunTouched = 264, Integer, "Users of which only time stamps changed.", "Only times moved";
    RunUnchanged = 265, Integer, "Users without a change.", "As they were";
    RunReturned = 266, Integer, "Users that were absent and are present again.", "Back again";
    RunAbsent = 267, Integer, "Users marked absent.";
    RunPurged = 268, Integer, "Absent users erased.", "Erased";
    RunPresent = 269, Integer, "Users present after the run.", "Users afterwards";
    RunRequests = 270, Integer, "Requests sent, including repeated ones.", "Requests";
    RunRetries = 271, Integer, "How many of these requests repeated a failed one.", "Requests repeated";
    RunWaitedMs = 272, Millis, "Time spent waiting, in milliseconds.";
    RunBytes = 273, Integer, "Bytes of the answers, after decompression.";
    RunElapsedMs = 274, Millis, "Time spent, in milliseconds.";
    RunWatermark = 275, Time, "The greatest lastUpdated that the run saw.";
    RunDigest = 276, Text, "Digest of all present users (hexadecimal); empty unless the run is complete.";
    MatchedCount = 277, Integer, "Pairs tied by a rule.", "Matched by a rule";
    PinnedCount = 278, Integer, "Pairs tied by hand.", "Matched by hand";
    OktaAmbiguousCount = 279, Integer, "Okta users in the state ambiguous.", "Ambiguous in Okta";
    JiraAmbiguousCount = 280, Integer, "Jira users in the state ambiguous.", "Ambiguous in Jira";
    OktaOnlyCount = 281, Integer, "Okta users without a Jira user.", "Only in Okta";
    JiraOnlyCount = 282, Integer, "Jira users without an Okta user.", "Only in Jira";
    MatchedByRule = 283, Text, "Pairs by rule: JSON array of [rule, pairs].";

    ProgressPhase = 300, Number(Phase), "What the run is doing";
    ProgressUsersSeen = 301, Integer, "Users committed so far.";
    ProgressUsersExpected = 302, Integer, "How many users there will be; 0 if unknown.";
    ProgressPages = 303, Integer, "Pages committed so far.";
    ProgressRequests = 304, Integer, "Requests sent by this call.";
    ProgressRetries = 305, Integer, "How many of these requests repeated a failed one.";
    ProgressWaitedMs = 306, Millis, "Time spent waiting, in milliseconds.";
    ProgressWaitLeftMs = 307, Millis, "How long the present wait will still take, in milliseconds.";
    ProgressElapsedMs = 308, Millis, "Time since the call began, in milliseconds.";
    ProgressGroupsToRead = 309, Integer, "Groups whose members this call has to read; 0 before they are listed.";
    ProgressGroupsRead = 310, Integer, "How many of these groups are completely read.";
    ProgressMembershipsRead = 311, Integer, "Memberships of these groups that this call has read.";
    ProgressWaitsFor = 312, Small, "Why the call waits, as the number of an error: RATE_LIMITED, CONCURRENCY_LIMITED, or the error of the last attempt; 0 if it does not wait.";

    Capability = 350, Choice(Capability), "What was checked";
    Outcome = 351, Choice(Outcome), "How the check ended";
    Required = 352, Truth, "Whether a sync needs the capability with the present settings.";
    ErrorCode = 353, Small, "Number of the error; 0 if none.";
    Advice = 354, Text, "What was found, or what to do.";
    Finding = 355, Text, "The value that the check found; empty if none.";
    MissingScope = 356, Text, "The scope that is missing; empty if none.";
    OktaErrorCode = 357, Text, "Okta's errorCode; empty if none.";
    OktaRequestId = 358, Text, "Okta's request id; empty if none.";
    Usable = 359, Truth, "Whether a sync can work; the same on every row.";
    OrgUrl = 360, Text, "The org URL after corrections; the same on every row.";
    OrgUrlNote = 361, Text, "What was corrected in the URL; the same on every row.";
    Purpose = 362, Text, "What the capability is for.";
    MissingScopes = 363, Words, "Scopes that the switched-on features need and the token lacks, separated by blanks; the same on every row.";
    UnneededScopes = 364, Words, "Scopes of the token that no switched-on feature needs, separated by blanks; the same on every row.";

    LogPosition = 400, Integer, "Position in the log.";
    LogAt = 401, Time, "When the line was written.";
    LogLevel = 402, Choice(Level), "How important the line is";
    LogMessage = 403, Text, "The line, without secrets and personal data.";

    Name = 420, Text, "Name of a value.";
    Value = 421, Text, "The value as text; null if it is a number.";
    Count = 422, Optional, "The value as a number; null if it is a text.";

    SettingSource = 425, Choice(SettingSource), "Where the value of a setting comes from";
    SettingDefault = 426, Text, "The value of a setting that nobody has set.";
    SettingMeaning = 427, Text, "What a setting is for, with the unit.";

    Handle = 440, Integer, "The handle of an engine that was opened.";
    DirectoryCreated = 441, Truth, "Whether opening made the directory file.";
    DamagedMovedTo = 442, Text, "The new path of a damaged directory file; null if the file was not damaged.";
    CarriedOver = 443, Text, "What could be copied out of the damaged file, separated by commas; empty if nothing.";

    CredentialKind = 500, Choice(CredentialKind), "The kind of credential";
    ClientId = 501, Text, "The client id of the app; empty for an API token.";
    GrantedScopes = 502, Words, "The scopes of the access token, separated by blanks; empty if none is known.";
    AccessTokenExpires = 503, Time, "When the access token expires; null if there is none.";
    SignInEnds = 504, Time, "When the refresh token expires and the user must sign in again; null if unknown.";
    SignInWarning = 505, Truth, "Whether the sign-in ends within 14 days.";
    Dpop = 506, Truth, "Whether the tokens are bound to a key (DPoP).";
    CredentialProblem = 507, Small, "Number of the error that makes the credential unusable; 0 if none.";
    TokenObtained = 508, Time, "When the access token was obtained; null if there is none.";
    AuthorizationUrl = 520, Text, "The address where the user signs in and consents.";
    AuthorizationState = 521, Text, "The state that Okta sends back with its answer.";
    AuthorizationExpires = 522, Time, "Until when the answer is accepted.";

    GroupId = 550, Text, "Okta's group id.";
    GroupType = 551, Text, "OKTA_GROUP, APP_GROUP or BUILT_IN.";
    GroupName = 552, Text, "The name of the group; several may have the same.";
    GroupDescription = 553, Text, "The description of the group.";
    GroupCreated = 554, Time, "When the group was created.";
    GroupLastUpdated = 555, Time, "When the group's own profile last changed.";
    GroupLastMembershipUpdated = 556, Time, "When the members of the group last changed.";
    GroupMemberCount = 557, Optional, "How many members were read; null if they were never read.";
    GroupProfile = 558, Text, "The whole profile of the group, a JSON object with sorted keys.";

    UserTypeName = 570, Text, "The name of a user type in Okta's API.";
    UserTypeDisplayName = 571, Text, "The name of a user type for people.";
    UserTypeDescription = 572, Text, "The description of a user type.";
    UserTypeIsDefault = 573, Truth, "Whether it is the default user type.";
    SchemaId = 574, Text, "The id of the schema of a user type.";
    SchemaLastUpdated = 575, Time, "When the schema last changed.";

    AttributeName = 580, Text, "The name of an attribute in the profile.";
    AttributeTitle = 581, Text, "The name of the attribute for people.";
    AttributeDescription = 582, Text, "The description of the attribute.";
    AttributeType = 583, Text, "string, boolean, integer, number or array.";
    AttributeItemsType = 584, Text, "The type of the elements of an array.";
    AttributeFormat = 585, Text, "The format of a text, such as email or date-time.";
    AttributeIsCustom = 586, Truth, "Whether the org added the attribute.";
    AttributeIsRequired = 587, Truth, "Whether every user must have it.";
    AttributeOrder = 588, Small, "The place of the attribute in its schema: 0, 1, 2 and so on.";
    AttributeEnum = 589, Text, "The values that the attribute may have: JSON array of {value, title}; empty if every value is allowed.";
    AttributeValue = 590, Text, "The value of the attribute, as JSON.";

    RunWarnings = 600, Lines, "Warnings, one sentence a line; empty if there are none.";
    RunGroupsListed = 601, Integer, "Groups that Okta listed and the settings want; null if groups were not read.";
    RunGroupsAdded = 602, Integer, "Groups new in the directory.";
    RunGroupsUpdated = 603, Integer, "Groups whose profile changed.";
    RunGroupsRemoved = 604, Integer, "Groups that were deleted in Okta or are no longer wanted.";
    RunGroupsRead = 605, Integer, "Groups whose members were read.";
    RunMemberships = 606, Integer, "Memberships in the directory after the run.";
    RunPassedOver = 607, Integer, "Rows of users that the setting retain leaves out.", "Left out, as only matched users are kept";

    ExportText = 620, Text, "Some entries, as CSV or JSON lines.";
    ExportEntries = 621, Integer, "How many entries the text holds.";
    ExportNext = 622, Optional, "The cursor with which the export continues; null at its end.";

    RunMode = 680, Choice(RunMode), "What the run reads";
    RunReason = 681, Choice(RunReason), "Why the run has this mode";
    RunUpdatedSince = 682, Time, "A delta run reads users that were updated at this time of Okta's clock or later; null for a full run.";

    PersonRow = 685, Text, "What the row is about: user, attribute, manager or group.";

    DryRunRow = 690, Text, "What the row of a dry run is about: run, field, jira_users or change.";

    Bucket = 700, Text, "The path that names a bucket of Okta's rate limits, such as /api/v1/users.";
    BucketRequests = 701, Optional, "How many requests a sync would send to the bucket; null if unknown.";
    BucketLimit = 702, Optional, "Requests a minute that Okta allows; null if Okta did not say.";
    BucketRemaining = 703, Optional, "Requests left in the present minute; null if Okta did not say.";
    BucketResetsInMs = 704, Millis, "How long the present minute still lasts, in milliseconds; null if Okta did not say.";
    BucketLeftToOthers = 705, Optional, "Requests a minute that a sync leaves to others; null if unknown.";
    BucketDurationMs = 706, Millis, "How long a sync would take if only this bucket limited it, in milliseconds; null if unknown.";
    BudgetUsers = 707, Optional, "How many users a sync would read; null if unknown; the same on every row.";
    BudgetRequests = 708, Optional, "How many requests a sync would send in all; null if unknown; the same on every row.";
    BudgetDurationMs = 709, Millis, "How long a sync would take, in milliseconds; null if unknown; the same on every row.";

    LiveSource = 730, Choice(LiveSource), "Where events come from";
    LiveSince = 731, Time, "Since when events come from this source; null while live is off.";
    LiveLastEvent = 732, Time, "When the newest event happened, by Okta's clock; null if no event arrived.";
    LiveLastReceived = 733, Time, "When an event last arrived; null if none did.";
    LiveLagMs = 734, Millis, "The time from the oldest event of the last refresh until readers saw its change, in milliseconds; null before the first refresh.";
    LivePending = 735, Integer, "Users, groups and memberships that events named and that must still be read again.";
    LiveOldestPending = 736, Time, "When the oldest of these changed; null if nothing waits.";
    LiveHeld = 737, Integer, "Deletions that the guard against mass deletion left to the next full run.";
    LiveEvents = 738, Integer, "How many different events arrived.";
    LiveRepeated = 739, Integer, "How many times an event arrived again.";
    LiveMissed = 740, Integer, "Changes that a full or delta run found although an event should have reported them.";
    LiveMissedAt = 741, Time, "When a run last found such a change; null if never.";
    LiveGapAt = 742, Time, "When events may last have been lost; null if never.";
    LiveGap = 743, Text, "Why events may have been lost; empty if never.";
    LivePolled = 744, Time, "When the System Log was last read to its end; null if never.";
    LiveIntervalMs = 745, Millis, "How often the System Log is read, in milliseconds; null unless it is the source.";
    HookId = 746, Text, "Okta's id of the event hook; empty if none is registered from here.";
    HookUrl = 747, Text, "The address that Okta delivers to; empty if none is registered from here.";
    HookVerified = 748, Truth, "Whether the event hook was active and verified when Okta was last asked.";
    HookVerifiedAt = 749, Time, "When Okta's challenge was last answered; null if never.";
    SecretHeader = 750, Text, "The header in which a delivery carries the secret.";
    HasHookSecret = 751, Truth, "Whether the event hook has a secret here.";
    HookDeliveredToday = 752, Integer, "Events that hooks delivered in the present 24 hours of Okta's cap, which begin with their first event; after 400 000 events Okta delivers none until they are over.";
    HookDailyCap = 753, Integer, "How many events Okta's hooks deliver in 24 hours.";
    HookCapNearFrom = 754, Integer, "The number of events from which Okta warns that its cap is near.";
    AnswerStatus = 755, Small, "The HTTP status of the answer to a delivery.";
    AnswerBody = 756, Text, "The body of the answer to a delivery, as JSON; empty if none.";
    EventsTaken = 757, Integer, "How many events arrived for the first time.";
    PollRequests = 758, Integer, "How many requests were sent to read the System Log.";
    PollMore = 759, Truth, "Whether the System Log has more events that can be read immediately.";
    PollNextMs = 760, Millis, "After how many milliseconds the System Log should be read again.";
    HookSecret = 761, Text, "The secret that deliveries must carry.";
    HookSecretDigest = 762, Text, "The SHA-256 digest of a secret that a delivery may carry, in hexadecimal digits.";
}

impl Column {
    /// The stable number.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The column with this number.
    pub fn from_number(number: u16) -> Option<Column> {
        Column::ALL
            .iter()
            .copied()
            .find(|column| column.number() == number)
    }

    /// What the cells hold. For a choice, its words or numbers are listed.
    pub fn meaning(self) -> String {
        let brief = self.brief();
        match self.kind() {
            ColumnType::Choice(choice) => format!("{}: {}.", brief.trim_end_matches('.'), choice.words()),
            ColumnType::Number(choice) => format!("{}: {}.", brief.trim_end_matches('.'), choice.numbers()),
            _ => brief.to_owned(),
        }
    }

    /// The name used in C and Java, for example `OKTA_ID`.
    pub fn name(self) -> String {
        names::upper_snake(self.variant())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ascending_unique_and_found_again() {
        let numbers: Vec<u16> = Column::ALL.iter().map(|column| column.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(
            Column::ALL
                .iter()
                .all(|column| Column::from_number(column.number()) == Some(*column))
        );
        assert_eq!(Column::OktaAmbiguousCount.name(), "OKTA_AMBIGUOUS_COUNT");
    }
}
