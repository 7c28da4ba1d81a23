package com.mumosystems.oktaprofiles.internal;

/** The fields that cross from the native library, with its numbers and names. */
public enum Column {
  /** Okta's user id. */
  OKTA_ID(1, true),
  /** Okta's status, such as ACTIVE. */
  STATUS(2, true),
  /** Id of the user type. */
  TYPE_ID(3, true),
  /** Id of the realm. */
  REALM_ID(4, true),
  /** When the user was created. */
  CREATED(5, false),
  /** When the user was activated. */
  ACTIVATED(6, false),
  /** When the status last changed. */
  STATUS_CHANGED(7, false),
  /** The last sign-in. */
  LAST_LOGIN(8, false),
  /** The last update of profile or status. */
  LAST_UPDATED(9, false),
  /** The last change of the password. */
  PASSWORD_CHANGED(10, false),
  /** The login. */
  LOGIN(11, true),
  /** The e-mail address. */
  EMAIL(12, true),
  /** The first name. */
  FIRST_NAME(13, true),
  /** The last name. */
  LAST_NAME(14, true),
  /** The display name. */
  DISPLAY_NAME(15, true),
  /** The whole profile, a JSON object with sorted keys. */
  PROFILE(16, true),
  /** When a complete run first did not see the user; null if the user is present. */
  ABSENT_SINCE(17, false),
  /** The cursor with which a listing continues after this row. */
  CURSOR(18, false),
  /** The cursor with which a search continues; only on the last row, null at the end of the search. */
  SEARCH_CURSOR(19, true),
  /** The name to show: the display name, else first and last name, else the login, else the id. */
  SHOWN_NAME(20, true),
  /** Jira's user key. */
  JIRA_KEY(100, true),
  /** Jira's username. */
  JIRA_USERNAME(101, true),
  /** The e-mail address in Jira. */
  JIRA_EMAIL(102, true),
  /** The display name in Jira. */
  JIRA_DISPLAY_NAME(103, true),
  /** Whether the Jira user may sign in. */
  JIRA_ACTIVE(104, false),
  /** How the user is tied: matched, pinned, ambiguous, okta_only or jira_only. */
  MATCH_STATE(150, true),
  /** The rule that tied the user or found it ambiguous; for an inactive user that is alone, the rule under which an active user with the same value was preferred; empty if none. */
  MATCH_RULE(151, true),
  /** The folded value that the rule compared; empty if none. */
  MATCH_VALUE(152, true),
  /** The position of the change in the change feed. */
  CHANGE_POSITION(200, false),
  /** When the change was committed. */
  CHANGE_AT(201, false),
  /** What happened: added, updated, absent, returned or purged. */
  CHANGE_KIND(202, true),
  /** JSON array of &#123;field, from, to&#125;. */
  CHANGE_FIELDS(203, true),
  /** Okta's id of the event that reported the change; null if a listing found it. */
  CHANGE_EVENT(204, true),
  /** Number of the run. */
  RUN(250, false),
  /** How the run stands: running, interrupted, complete, refused or dropped. */
  RUN_STATE(251, true),
  /** Number of the error that stopped or refused the run; 0 if none. */
  RUN_ERROR_CODE(252, false),
  /** The sentence of that error; empty if none. */
  RUN_ERROR_MESSAGE(253, true),
  /** When the run began. */
  RUN_STARTED(254, false),
  /** When the run ended; null while it is unfinished. */
  RUN_FINISHED(255, false),
  /** How many calls worked on the run. */
  RUN_ATTEMPTS(256, false),
  /** How many listings the run had to read. */
  RUN_SLICES(257, false),
  /** How many listings it has read to the end. */
  RUN_SLICES_ENDED(258, false),
  /** Pages committed. */
  RUN_PAGES(259, false),
  /** Different users seen. */
  RUN_SEEN(260, false),
  /** Rows that Okta sent more than once. */
  RUN_REPEATED(261, false),
  /** Users new in the directory. */
  RUN_ADDED(262, false),
  /** Users with changed content. */
  RUN_UPDATED(263, false),
  /** Users of which only time stamps changed. */
  RUN_TOUCHED(264, false),
  /** Users without a change. */
  RUN_UNCHANGED(265, false),
  /** Users that were absent and are present again. */
  RUN_RETURNED(266, false),
  /** Users marked absent. */
  RUN_ABSENT(267, false),
  /** Absent users erased. */
  RUN_PURGED(268, false),
  /** Users present after the run. */
  RUN_PRESENT(269, false),
  /** Requests sent, including repeated ones. */
  RUN_REQUESTS(270, false),
  /** How many of these requests repeated a failed one. */
  RUN_RETRIES(271, false),
  /** Time spent waiting, in milliseconds. */
  RUN_WAITED_MS(272, false),
  /** Bytes of the answers, after decompression. */
  RUN_BYTES(273, false),
  /** Time spent, in milliseconds. */
  RUN_ELAPSED_MS(274, false),
  /** The greatest lastUpdated that the run saw. */
  RUN_WATERMARK(275, false),
  /** Digest of all present users (hexadecimal); empty unless the run is complete. */
  RUN_DIGEST(276, true),
  /** Pairs tied by a rule. */
  MATCHED_COUNT(277, false),
  /** Pairs tied by hand. */
  PINNED_COUNT(278, false),
  /** Okta users in the state ambiguous. */
  OKTA_AMBIGUOUS_COUNT(279, false),
  /** Jira users in the state ambiguous. */
  JIRA_AMBIGUOUS_COUNT(280, false),
  /** Okta users without a Jira user. */
  OKTA_ONLY_COUNT(281, false),
  /** Jira users without an Okta user. */
  JIRA_ONLY_COUNT(282, false),
  /** Pairs by rule: JSON array of [rule, pairs]. */
  MATCHED_BY_RULE(283, true),
  /** What the run is doing: 0 idle, 1 starting, 2 reading, 3 waiting, 4 publishing, 5 groups. */
  PROGRESS_PHASE(300, false),
  /** Users committed so far. */
  PROGRESS_USERS_SEEN(301, false),
  /** How many users there will be; 0 if unknown. */
  PROGRESS_USERS_EXPECTED(302, false),
  /** Pages committed so far. */
  PROGRESS_PAGES(303, false),
  /** Requests sent by this call. */
  PROGRESS_REQUESTS(304, false),
  /** How many of these requests repeated a failed one. */
  PROGRESS_RETRIES(305, false),
  /** Time spent waiting, in milliseconds. */
  PROGRESS_WAITED_MS(306, false),
  /** How long the present wait will still take, in milliseconds. */
  PROGRESS_WAIT_LEFT_MS(307, false),
  /** Time since the call began, in milliseconds. */
  PROGRESS_ELAPSED_MS(308, false),
  /** Groups whose members this call has to read; 0 before they are listed. */
  PROGRESS_GROUPS_TO_READ(309, false),
  /** How many of these groups are completely read. */
  PROGRESS_GROUPS_READ(310, false),
  /** Memberships of these groups that this call has read. */
  PROGRESS_MEMBERSHIPS_READ(311, false),
  /** Why the call waits, as the number of an error: RATE_LIMITED, CONCURRENCY_LIMITED, or the error of the last attempt; 0 if it does not wait. */
  PROGRESS_WAITS_FOR(312, false),
  /** What was checked: organization, credential, read_users, read_groups, read_schemas, read_user_types, read_event_hooks, read_log, write_users, write_groups, write_event_hooks, scopes, sign_in, rate_limit, user_count, sync_duration or clock_skew. */
  CAPABILITY(350, true),
  /** How the check ended: ok, warning, missing_role, missing_scope, feature_off, refused, not_checked or unreachable. */
  OUTCOME(351, true),
  /** Whether a sync needs the capability with the present settings. */
  REQUIRED(352, false),
  /** Number of the error; 0 if none. */
  ERROR_CODE(353, false),
  /** What was found, or what to do. */
  ADVICE(354, true),
  /** The value that the check found; empty if none. */
  FINDING(355, true),
  /** The scope that is missing; empty if none. */
  MISSING_SCOPE(356, true),
  /** Okta's errorCode; empty if none. */
  OKTA_ERROR_CODE(357, true),
  /** Okta's request id; empty if none. */
  OKTA_REQUEST_ID(358, true),
  /** Whether a sync can work; the same on every row. */
  USABLE(359, false),
  /** The org URL after corrections; the same on every row. */
  ORG_URL(360, true),
  /** What was corrected in the URL; the same on every row. */
  ORG_URL_NOTE(361, true),
  /** What the capability is for. */
  PURPOSE(362, true),
  /** Scopes that the switched-on features need and the token lacks, separated by blanks; the same on every row. */
  MISSING_SCOPES(363, true),
  /** Scopes of the token that no switched-on feature needs, separated by blanks; the same on every row. */
  UNNEEDED_SCOPES(364, true),
  /** Position in the log. */
  LOG_POSITION(400, false),
  /** When the line was written. */
  LOG_AT(401, false),
  /** How important the line is: error, warn, info or debug. */
  LOG_LEVEL(402, true),
  /** The line, without secrets and personal data. */
  LOG_MESSAGE(403, true),
  /** Name of a value. */
  NAME(420, true),
  /** The value as text; null if it is a number. */
  VALUE(421, true),
  /** The value as a number; null if it is a text. */
  COUNT(422, false),
  /** Where the value of a setting comes from: call, directory or default. */
  SETTING_SOURCE(425, true),
  /** The value of a setting that nobody has set. */
  SETTING_DEFAULT(426, true),
  /** What a setting is for, with the unit. */
  SETTING_MEANING(427, true),
  /** The handle of an engine that was opened. */
  HANDLE(440, false),
  /** Whether opening made the directory file. */
  DIRECTORY_CREATED(441, false),
  /** The new path of a damaged directory file; null if the file was not damaged. */
  DAMAGED_MOVED_TO(442, true),
  /** What could be copied out of the damaged file, separated by commas; empty if nothing. */
  CARRIED_OVER(443, true),
  /** The kind of credential: none, api_token, oauth or service_app. */
  CREDENTIAL_KIND(500, true),
  /** The client id of the app; empty for an API token. */
  CLIENT_ID(501, true),
  /** The scopes of the access token, separated by blanks; empty if none is known. */
  GRANTED_SCOPES(502, true),
  /** When the access token expires; null if there is none. */
  ACCESS_TOKEN_EXPIRES(503, false),
  /** When the refresh token expires and the user must sign in again; null if unknown. */
  SIGN_IN_ENDS(504, false),
  /** Whether the sign-in ends within 14 days. */
  SIGN_IN_WARNING(505, false),
  /** Whether the tokens are bound to a key (DPoP). */
  DPOP(506, false),
  /** Number of the error that makes the credential unusable; 0 if none. */
  CREDENTIAL_PROBLEM(507, false),
  /** When the access token was obtained; null if there is none. */
  TOKEN_OBTAINED(508, false),
  /** The address where the user signs in and consents. */
  AUTHORIZATION_URL(520, true),
  /** The state that Okta sends back with its answer. */
  AUTHORIZATION_STATE(521, true),
  /** Until when the answer is accepted. */
  AUTHORIZATION_EXPIRES(522, false),
  /** Okta's group id. */
  GROUP_ID(550, true),
  /** OKTA_GROUP, APP_GROUP or BUILT_IN. */
  GROUP_TYPE(551, true),
  /** The name of the group; several may have the same. */
  GROUP_NAME(552, true),
  /** The description of the group. */
  GROUP_DESCRIPTION(553, true),
  /** When the group was created. */
  GROUP_CREATED(554, false),
  /** When the group's own profile last changed. */
  GROUP_LAST_UPDATED(555, false),
  /** When the members of the group last changed. */
  GROUP_LAST_MEMBERSHIP_UPDATED(556, false),
  /** How many members were read; null if they were never read. */
  GROUP_MEMBER_COUNT(557, false),
  /** The whole profile of the group, a JSON object with sorted keys. */
  GROUP_PROFILE(558, true),
  /** The name of a user type in Okta's API. */
  USER_TYPE_NAME(570, true),
  /** The name of a user type for people. */
  USER_TYPE_DISPLAY_NAME(571, true),
  /** The description of a user type. */
  USER_TYPE_DESCRIPTION(572, true),
  /** Whether it is the default user type. */
  USER_TYPE_IS_DEFAULT(573, false),
  /** The id of the schema of a user type. */
  SCHEMA_ID(574, true),
  /** When the schema last changed. */
  SCHEMA_LAST_UPDATED(575, false),
  /** The name of an attribute in the profile. */
  ATTRIBUTE_NAME(580, true),
  /** The name of the attribute for people. */
  ATTRIBUTE_TITLE(581, true),
  /** The description of the attribute. */
  ATTRIBUTE_DESCRIPTION(582, true),
  /** string, boolean, integer, number or array. */
  ATTRIBUTE_TYPE(583, true),
  /** The type of the elements of an array. */
  ATTRIBUTE_ITEMS_TYPE(584, true),
  /** The format of a text, such as email or date-time. */
  ATTRIBUTE_FORMAT(585, true),
  /** Whether the org added the attribute. */
  ATTRIBUTE_IS_CUSTOM(586, false),
  /** Whether every user must have it. */
  ATTRIBUTE_IS_REQUIRED(587, false),
  /** The place of the attribute in its schema: 0, 1, 2 and so on. */
  ATTRIBUTE_ORDER(588, false),
  /** The values that the attribute may have: JSON array of &#123;value, title&#125;; empty if every value is allowed. */
  ATTRIBUTE_ENUM(589, true),
  /** The value of the attribute, as JSON. */
  ATTRIBUTE_VALUE(590, true),
  /** Warnings, one sentence a line; empty if there are none. */
  RUN_WARNINGS(600, true),
  /** Groups that Okta listed and the settings want; null if groups were not read. */
  RUN_GROUPS_LISTED(601, false),
  /** Groups new in the directory. */
  RUN_GROUPS_ADDED(602, false),
  /** Groups whose profile changed. */
  RUN_GROUPS_UPDATED(603, false),
  /** Groups that were deleted in Okta or are no longer wanted. */
  RUN_GROUPS_REMOVED(604, false),
  /** Groups whose members were read. */
  RUN_GROUPS_READ(605, false),
  /** Memberships in the directory after the run. */
  RUN_MEMBERSHIPS(606, false),
  /** Rows of users that the setting retain leaves out. */
  RUN_PASSED_OVER(607, false),
  /** Some entries, as CSV or JSON lines. */
  EXPORT_TEXT(620, true),
  /** How many entries the text holds. */
  EXPORT_ENTRIES(621, false),
  /** The cursor with which the export continues; null at its end. */
  EXPORT_NEXT(622, false),
  /** What the run reads: full, delta or live. */
  RUN_MODE(680, true),
  /** Why the run has this mode: asked, changes_suffice, first_run, full_due, last_run_refused, confirmed, schema_changed, settings_changed, jira_users_changed, watermark_unknown, search_refused, events, many_events or events_lost. */
  RUN_REASON(681, true),
  /** A delta run reads users that were updated at this time of Okta's clock or later; null for a full run. */
  RUN_UPDATED_SINCE(682, false),
  /** What the row is about: user, attribute, manager or group. */
  PERSON_ROW(685, true),
  /** What the row of a dry run is about: run, field, jira_users or change. */
  DRY_RUN_ROW(690, true),
  /** The path that names a bucket of Okta's rate limits, such as /api/v1/users. */
  BUCKET(700, true),
  /** How many requests a sync would send to the bucket; null if unknown. */
  BUCKET_REQUESTS(701, false),
  /** Requests a minute that Okta allows; null if Okta did not say. */
  BUCKET_LIMIT(702, false),
  /** Requests left in the present minute; null if Okta did not say. */
  BUCKET_REMAINING(703, false),
  /** How long the present minute still lasts, in milliseconds; null if Okta did not say. */
  BUCKET_RESETS_IN_MS(704, false),
  /** Requests a minute that a sync leaves to others; null if unknown. */
  BUCKET_LEFT_TO_OTHERS(705, false),
  /** How long a sync would take if only this bucket limited it, in milliseconds; null if unknown. */
  BUCKET_DURATION_MS(706, false),
  /** How many users a sync would read; null if unknown; the same on every row. */
  BUDGET_USERS(707, false),
  /** How many requests a sync would send in all; null if unknown; the same on every row. */
  BUDGET_REQUESTS(708, false),
  /** How long a sync would take, in milliseconds; null if unknown; the same on every row. */
  BUDGET_DURATION_MS(709, false),
  /** Where events come from: off, log or hook. */
  LIVE_SOURCE(730, true),
  /** Since when events come from this source; null while live is off. */
  LIVE_SINCE(731, false),
  /** When the newest event happened, by Okta's clock; null if no event arrived. */
  LIVE_LAST_EVENT(732, false),
  /** When an event last arrived; null if none did. */
  LIVE_LAST_RECEIVED(733, false),
  /** The time from the oldest event of the last refresh until readers saw its change, in milliseconds; null before the first refresh. */
  LIVE_LAG_MS(734, false),
  /** Users, groups and memberships that events named and that must still be read again. */
  LIVE_PENDING(735, false),
  /** When the oldest of these changed; null if nothing waits. */
  LIVE_OLDEST_PENDING(736, false),
  /** Deletions that the guard against mass deletion left to the next full run. */
  LIVE_HELD(737, false),
  /** How many different events arrived. */
  LIVE_EVENTS(738, false),
  /** How many times an event arrived again. */
  LIVE_REPEATED(739, false),
  /** Changes that a full or delta run found although an event should have reported them. */
  LIVE_MISSED(740, false),
  /** When a run last found such a change; null if never. */
  LIVE_MISSED_AT(741, false),
  /** When events may last have been lost; null if never. */
  LIVE_GAP_AT(742, false),
  /** Why events may have been lost; empty if never. */
  LIVE_GAP(743, true),
  /** When the System Log was last read to its end; null if never. */
  LIVE_POLLED(744, false),
  /** How often the System Log is read, in milliseconds; null unless it is the source. */
  LIVE_INTERVAL_MS(745, false),
  /** Okta's id of the event hook; empty if none is registered from here. */
  HOOK_ID(746, true),
  /** The address that Okta delivers to; empty if none is registered from here. */
  HOOK_URL(747, true),
  /** Whether the event hook was active and verified when Okta was last asked. */
  HOOK_VERIFIED(748, false),
  /** When Okta's challenge was last answered; null if never. */
  HOOK_VERIFIED_AT(749, false),
  /** The header in which a delivery carries the secret. */
  SECRET_HEADER(750, true),
  /** Whether the event hook has a secret here. */
  HAS_HOOK_SECRET(751, false),
  /** Events that hooks delivered in the present 24 hours of Okta's cap, which begin with their first event; after 400 000 events Okta delivers none until they are over. */
  HOOK_DELIVERED_TODAY(752, false),
  /** How many events Okta's hooks deliver in 24 hours. */
  HOOK_DAILY_CAP(753, false),
  /** The number of events from which Okta warns that its cap is near. */
  HOOK_CAP_NEAR_FROM(754, false),
  /** The HTTP status of the answer to a delivery. */
  ANSWER_STATUS(755, false),
  /** The body of the answer to a delivery, as JSON; empty if none. */
  ANSWER_BODY(756, true),
  /** How many events arrived for the first time. */
  EVENTS_TAKEN(757, false),
  /** How many requests were sent to read the System Log. */
  POLL_REQUESTS(758, false),
  /** Whether the System Log has more events that can be read immediately. */
  POLL_MORE(759, false),
  /** After how many milliseconds the System Log should be read again. */
  POLL_NEXT_MS(760, false),
  /** The secret that deliveries must carry. */
  HOOK_SECRET(761, true),
  /** The SHA-256 digest of a secret that a delivery may carry, in hexadecimal digits. */
  HOOK_SECRET_DIGEST(762, true);

  final int number;
  final boolean text;

  Column(int number, boolean text) {
    this.number = number;
    this.text = text;
  }

  /** The column with a number. */
  static Column of(int number) {
    for (Column column : values()) {
      if (column.number == number) {
        return column;
      }
    }
    throw new IllegalStateException("the native library sent an unknown column " + number);
  }
}
