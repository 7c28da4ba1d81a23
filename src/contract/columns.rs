//! The one table of fields that cross the boundary, shared by C, JNI, header, Java and the reference.
//!
//! Numbers are stable and never reused. A kind of record is a list of columns, and a page says which columns it has. So
//! a new field is a new number, and older callers go on working.

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
    /// Signed, 64 bits; Java sees 0 for null.
    Integer,
    /// Signed, 64 bits; Java sees null for null.
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

            /// Its title in the report of a run on Jira's page; none if it is not listed there.
            pub fn title(self) -> Option<&'static str> {
                match self { $(Column::$name => columns!(@title $($title)?),)* }
            }

            /// What it holds, without the words of a choice; see [`Column::meaning`].
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
    AbsentSince = 17, Time, "Since when a complete run has not seen the user; null if present.";
    Cursor = 18, Integer, "Where a listing goes on after this row.";
    SearchCursor = 19, Text, "Where a search goes on; on the last row only, null at its end.";

    JiraKey = 100, Text, "Jira's user key.";
    JiraUsername = 101, Text, "Jira's username.";
    JiraEmail = 102, Text, "The e-mail address in Jira.";
    JiraDisplayName = 103, Text, "The display name in Jira.";
    JiraActive = 104, Truth, "Whether the Jira user may sign in.";

    MatchState = 150, Choice(MatchState), "How the user is tied";
    MatchRule = 151, Text, "The rule that tied the two or found them ambiguous, or under which an inactive user who is alone gave way to an active one; empty if none.";
    MatchValue = 152, Text, "The folded value that the rule compared; empty if none.";

    ChangePosition = 200, Integer, "Position in the change feed.";
    ChangeAt = 201, Time, "When the change was committed.";
    ChangeKind = 202, Choice(ChangeKind), "What happened";
    ChangeFields = 203, Text, "JSON array of {field, from, to}.";
    ChangeEvent = 204, Text, "Okta's id of the event that reported it; null if a listing found it.";

    Run = 250, Integer, "Number of the run.";
    RunState = 251, Choice(RunState), "How the run stands";
    RunErrorCode = 252, Small, "Number of the error that stopped or refused the run; 0 if none.";
    RunErrorMessage = 253, Text, "That error's sentence; empty if none.";
    RunStarted = 254, Time, "When the run began.";
    RunFinished = 255, Time, "When it ended; null while unfinished.";
    RunAttempts = 256, Integer, "How many calls worked on it.", "Attempts";
    RunSlices = 257, Integer, "Listings that had to end.";
    RunSlicesEnded = 258, Integer, "Listings that ended.";
    RunPages = 259, Integer, "Pages committed.", "Pages";
    RunSeen = 260, Integer, "Different users seen.";
    RunRepeated = 261, Integer, "Rows that Okta sent more than once.", "Sent twice by Okta";
    RunAdded = 262, Integer, "Users new in the directory.";
    RunUpdated = 263, Integer, "Users with changed content.";
    RunTouched = 264, Integer, "Users of whom only time stamps moved.", "Only times moved";
    RunUnchanged = 265, Integer, "Users as the directory had them.", "As they were";
    RunReturned = 266, Integer, "Users that had been absent.", "Back again";
    RunAbsent = 267, Integer, "Users marked absent.";
    RunPurged = 268, Integer, "Absent users erased.", "Erased";
    RunPresent = 269, Integer, "Users present after the run.", "Users afterwards";
    RunRequests = 270, Integer, "Requests sent, retries included.", "Requests";
    RunRetries = 271, Integer, "Of these, retries.", "Requests repeated";
    RunWaitedMs = 272, Millis, "Time spent waiting, in milliseconds.";
    RunBytes = 273, Integer, "Bytes of the answers after decompression.";
    RunElapsedMs = 274, Millis, "Time spent, in milliseconds.";
    RunWatermark = 275, Time, "Greatest lastUpdated seen.";
    RunDigest = 276, Text, "Digest of all present users (hex); empty unless complete.";
    MatchedCount = 277, Integer, "Pairs tied by a rule.", "Matched by a rule";
    PinnedCount = 278, Integer, "Pairs tied by hand.", "Matched by hand";
    OktaAmbiguousCount = 279, Integer, "Okta users in the state ambiguous.", "Ambiguous in Okta";
    JiraAmbiguousCount = 280, Integer, "Jira users in the state ambiguous.", "Ambiguous in Jira";
    OktaOnlyCount = 281, Integer, "Okta users without a Jira user.", "Only in Okta";
    JiraOnlyCount = 282, Integer, "Jira users without an Okta user.", "Only in Jira";
    MatchedByRule = 283, Text, "Pairs by rule: JSON array of [rule, pairs].";

    ProgressPhase = 300, Number(Phase), "What the run is doing";
    ProgressUsersSeen = 301, Integer, "Users committed so far.";
    ProgressUsersExpected = 302, Integer, "How many there will be; 0 if unknown.";
    ProgressPages = 303, Integer, "Pages committed so far.";
    ProgressRequests = 304, Integer, "Requests sent by this call.";
    ProgressRetries = 305, Integer, "Of these, retries.";
    ProgressWaitedMs = 306, Millis, "Time spent waiting, in milliseconds.";
    ProgressWaitLeftMs = 307, Millis, "How long the present wait will still take, in milliseconds.";
    ProgressElapsedMs = 308, Millis, "Time since the call began, in milliseconds.";
    ProgressGroupsToRead = 309, Integer, "Groups whose members this call has to read; 0 before they are listed.";
    ProgressGroupsRead = 310, Integer, "Of these, groups that are done.";
    ProgressMembershipsRead = 311, Integer, "Memberships of these groups that this call has read.";
    ProgressWaitsFor = 312, Small, "Why it waits, as the number of an error: RATE_LIMITED, CONCURRENCY_LIMITED, or what made the last attempt fail; 0 if it does not wait.";

    Capability = 350, Choice(Capability), "What was checked";
    Outcome = 351, Choice(Outcome), "How the check ended";
    Required = 352, Truth, "Whether a sync needs it with the settings in force.";
    ErrorCode = 353, Small, "Number of the error; 0 if none.";
    Advice = 354, Text, "What was found, or what to do.";
    Finding = 355, Text, "What the check found out; empty if nothing.";
    MissingScope = 356, Text, "The scope that is missing; empty if none.";
    OktaErrorCode = 357, Text, "Okta's errorCode; empty if none.";
    OktaRequestId = 358, Text, "Okta's request id; empty if none.";
    Usable = 359, Truth, "Whether a sync can work; the same on every row.";
    OrgUrl = 360, Text, "The org URL after normalisation; the same on every row.";
    OrgUrlNote = 361, Text, "What was repaired in the URL; the same on every row.";
    Purpose = 362, Text, "What the capability is for.";
    MissingScopes = 363, Words, "Scopes that the switched-on features need and the token lacks, separated by blanks; the same on every row.";
    UnneededScopes = 364, Words, "Scopes of the token that nothing switched on needs, separated by blanks; the same on every row.";

    LogPosition = 400, Integer, "Position in the log.";
    LogAt = 401, Time, "When the line was written.";
    LogLevel = 402, Choice(Level), "How important the line is";
    LogMessage = 403, Text, "The line, redacted.";

    Name = 420, Text, "Name of a value.";
    Value = 421, Text, "The value as text; null if it is a number.";
    Count = 422, Optional, "The value as a number; null if it is a text.";

    SettingSource = 425, Choice(SettingSource), "Where the value of a setting comes from";
    SettingDefault = 426, Text, "The value that a setting has while nobody sets it.";
    SettingMeaning = 427, Text, "What a setting is for, with the unit.";

    Handle = 440, Integer, "The handle of an engine that was opened.";
    DirectoryCreated = 441, Truth, "Whether opening made the directory file.";
    DamagedMovedTo = 442, Text, "Where a damaged directory file was moved; null if it was not damaged.";
    CarriedOver = 443, Text, "What was saved from the damaged file, separated by commas; empty if nothing.";

    CredentialKind = 500, Choice(CredentialKind), "The kind of credential";
    ClientId = 501, Text, "The client id of the app; empty for an API token.";
    GrantedScopes = 502, Words, "The scopes of the access token, separated by blanks; empty if none is known.";
    AccessTokenExpires = 503, Time, "When the access token expires; null if there is none.";
    SignInEnds = 504, Time, "When the refresh token expires and the user must sign in again; null if unknown.";
    SignInWarning = 505, Truth, "Whether the sign-in ends within 14 days.";
    Dpop = 506, Truth, "Whether the tokens are bound to a key (DPoP).";
    CredentialProblem = 507, Small, "Number of the error that keeps the credential from being used; 0 if none.";
    TokenObtained = 508, Time, "When the access token was obtained; null if there is none.";
    AuthorizationUrl = 520, Text, "Where the user signs in and consents.";
    AuthorizationState = 521, Text, "The state that comes back with the answer.";
    AuthorizationExpires = 522, Time, "Until when the answer is accepted.";

    GroupId = 550, Text, "Okta's group id.";
    GroupType = 551, Text, "OKTA_GROUP, APP_GROUP or BUILT_IN.";
    GroupName = 552, Text, "The name of the group; several may have the same.";
    GroupDescription = 553, Text, "The description of the group.";
    GroupCreated = 554, Time, "When the group was made.";
    GroupLastUpdated = 555, Time, "When the group's own profile last changed.";
    GroupLastMembershipUpdated = 556, Time, "When the members of the group last changed.";
    GroupMemberCount = 557, Optional, "How many members were read; null until they were read once.";
    GroupProfile = 558, Text, "The whole profile of the group, a JSON object with sorted keys.";

    UserTypeName = 570, Text, "The name of a user type in the API.";
    UserTypeDisplayName = 571, Text, "The name of a user type that people read.";
    UserTypeDescription = 572, Text, "The description of a user type.";
    UserTypeIsDefault = 573, Truth, "Whether it is the default user type.";
    SchemaId = 574, Text, "The id of the schema of a user type.";
    SchemaLastUpdated = 575, Time, "When the schema last changed.";

    AttributeName = 580, Text, "The key of an attribute in the profile.";
    AttributeTitle = 581, Text, "The name of the attribute that people read.";
    AttributeDescription = 582, Text, "The description of the attribute.";
    AttributeType = 583, Text, "string, boolean, integer, number or array.";
    AttributeItemsType = 584, Text, "The type of the elements of an array.";
    AttributeFormat = 585, Text, "The format of a text, such as email or date-time.";
    AttributeIsCustom = 586, Truth, "Whether the org added the attribute.";
    AttributeIsRequired = 587, Truth, "Whether every user must have it.";
    AttributeOrder = 588, Small, "The place of the attribute in its schema: 0, 1, 2 and so on.";
    AttributeEnum = 589, Text, "The values the attribute may have: JSON array of {value, title}; empty if any.";
    AttributeValue = 590, Text, "The value of the attribute, JSON.";

    RunWarnings = 600, Lines, "Warnings, one sentence a line; empty if there are none.";
    RunGroupsListed = 601, Integer, "Groups that Okta listed and the settings want; null if groups were not read.";
    RunGroupsAdded = 602, Integer, "Groups new in the directory.";
    RunGroupsUpdated = 603, Integer, "Groups whose profile changed.";
    RunGroupsRemoved = 604, Integer, "Groups that are gone or no longer wanted.";
    RunGroupsRead = 605, Integer, "Groups whose members were read.";
    RunMemberships = 606, Integer, "Memberships in the directory afterwards.";
    RunPassedOver = 607, Integer, "Rows of users that the setting retain leaves out.", "Left out, as only matched users are kept";

    ExportText = 620, Text, "Some entries as CSV or JSON lines.";
    ExportEntries = 621, Integer, "How many entries the text holds.";
    ExportNext = 622, Optional, "Where the export goes on; null at its end.";

    RunMode = 680, Choice(RunMode), "What the run reads";
    RunReason = 681, Choice(RunReason), "Why the run is of its mode";
    RunUpdatedSince = 682, Time, "A delta run asks for users updated at this moment of Okta's clock or later; null in a full run.";

    PersonRow = 685, Text, "What a row of people is: user, attribute, manager or group.";

    DryRunRow = 690, Text, "What a row of a dry run is: run, field, jira_users or change.";

    Bucket = 700, Text, "The path that names a bucket of Okta's rate limits, such as /api/v1/users.";
    BucketRequests = 701, Optional, "How many requests a sync would send to the bucket; null if unknown.";
    BucketLimit = 702, Optional, "Requests a minute that Okta allows; null if Okta did not say.";
    BucketRemaining = 703, Optional, "Requests left in the present minute; null if Okta did not say.";
    BucketResetsInMs = 704, Millis, "How long the present minute still lasts, in milliseconds; null if Okta did not say.";
    BucketLeftToOthers = 705, Optional, "Requests a minute that a sync leaves to others; null if unknown.";
    BucketDurationMs = 706, Millis, "How long the bucket alone would keep a sync, in milliseconds; null if unknown.";
    BudgetUsers = 707, Optional, "How many users a sync would read; null if unknown; the same on every row.";
    BudgetRequests = 708, Optional, "How many requests it would send in all; null if unknown; the same on every row.";
    BudgetDurationMs = 709, Millis, "How long it would take, in milliseconds; null if unknown; the same on every row.";

    LiveSource = 730, Choice(LiveSource), "Where events come from";
    LiveSince = 731, Time, "Since when events come from there; null while live is off.";
    LiveLastEvent = 732, Time, "When the newest event happened, by Okta's clock; null if none came.";
    LiveLastReceived = 733, Time, "When an event last came; null if none did.";
    LiveLagMs = 734, Millis, "How long it took from the oldest event of the last refresh until readers saw the change, in milliseconds; null before the first.";
    LivePending = 735, Integer, "Users, groups and memberships that events named and that wait to be read again.";
    LiveOldestPending = 736, Time, "When the oldest of them changed; null if nothing waits.";
    LiveHeld = 737, Integer, "Deletions that the guard left to the next full run.";
    LiveEvents = 738, Integer, "Events that came, each once.";
    LiveRepeated = 739, Integer, "Events that came again.";
    LiveMissed = 740, Integer, "Changes that a full or delta run found and that an event should have reported.";
    LiveMissedAt = 741, Time, "When a run last found one; null if never.";
    LiveGapAt = 742, Time, "When events may last have been lost; null if never.";
    LiveGap = 743, Text, "Why events may have been lost; empty if never.";
    LivePolled = 744, Time, "When the System Log was last read to its end; null if never.";
    LiveIntervalMs = 745, Millis, "How often the System Log is read, in milliseconds; null unless it is the source.";
    HookId = 746, Text, "Okta's id of the event hook; empty if none is registered from here.";
    HookUrl = 747, Text, "The address that Okta delivers to; empty if none is registered from here.";
    HookVerified = 748, Truth, "Whether the event hook was active and verified when Okta was last asked.";
    HookVerifiedAt = 749, Time, "When Okta's challenge was last answered; null if never.";
    SecretHeader = 750, Text, "The header in which a delivery carries the secret.";
    HasHookSecret = 751, Truth, "Whether a secret was made.";
    HookDeliveredToday = 752, Integer, "Events that came by hooks in the present day of Okta's cap, which begins with its first event; from 400 000 on Okta delivers none until it is over.";
    HookDailyCap = 753, Integer, "How many events Okta's hooks deliver in a day of its cap.";
    HookCapNearFrom = 754, Integer, "From how many events on Okta warns that its cap is near.";
    AnswerStatus = 755, Small, "The HTTP status to answer a delivery with.";
    AnswerBody = 756, Text, "The body to answer a delivery with, JSON; empty if none.";
    EventsTaken = 757, Integer, "Events that came for the first time.";
    PollRequests = 758, Integer, "Requests that reading the System Log took.";
    PollMore = 759, Truth, "Whether there is more to read at once.";
    PollNextMs = 760, Millis, "When to read the System Log again, in milliseconds.";
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

    /// What it holds; for a choice with its words or numbers.
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
