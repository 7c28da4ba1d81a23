package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.Page;

/** From rows and names to the records of this package. Written from the Rust tables by {@code make header}. */
final class Decode {
  private Decode() {}

  static OktaUser oktaUser(Page.Row row) {
    return new OktaUser(
        row.text(Column.OKTA_ID),
        row.text(Column.STATUS),
        row.text(Column.TYPE_ID),
        row.text(Column.REALM_ID),
        row.time(Column.CREATED),
        row.time(Column.ACTIVATED),
        row.time(Column.STATUS_CHANGED),
        row.time(Column.LAST_LOGIN),
        row.time(Column.LAST_UPDATED),
        row.time(Column.PASSWORD_CHANGED),
        row.text(Column.LOGIN),
        row.text(Column.EMAIL),
        row.text(Column.FIRST_NAME),
        row.text(Column.LAST_NAME),
        row.text(Column.DISPLAY_NAME),
        row.text(Column.SHOWN_NAME),
        row.text(Column.PROFILE));
  }

  static JiraUser jiraUser(Page.Row row) {
    return new JiraUser(
        row.text(Column.JIRA_KEY),
        row.text(Column.JIRA_USERNAME),
        row.text(Column.JIRA_EMAIL),
        row.text(Column.JIRA_DISPLAY_NAME),
        row.truth(Column.JIRA_ACTIVE));
  }

  static DirectoryEntry directoryEntry(Page.Row row) {
    return new DirectoryEntry(
        row.has(Column.OKTA_ID) ? oktaUser(row) : null,
        row.has(Column.JIRA_KEY) ? jiraUser(row) : null,
        MatchState.of(row.text(Column.MATCH_STATE)),
        row.text(Column.MATCH_RULE),
        row.text(Column.MATCH_VALUE),
        row.time(Column.ABSENT_SINCE),
        row.number(Column.CURSOR));
  }

  static Change change(Page.Row row) {
    return new Change(
        row.number(Column.CHANGE_POSITION),
        row.number(Column.RUN),
        row.time(Column.CHANGE_AT),
        row.text(Column.OKTA_ID),
        row.text(Column.CHANGE_KIND),
        row.text(Column.CHANGE_FIELDS),
        row.text(Column.CHANGE_EVENT));
  }

  static GroupCounts groupCounts(Page.Row row) {
    return new GroupCounts(
        row.number(Column.RUN_GROUPS_LISTED),
        row.number(Column.RUN_GROUPS_ADDED),
        row.number(Column.RUN_GROUPS_UPDATED),
        row.number(Column.RUN_GROUPS_REMOVED),
        row.number(Column.RUN_GROUPS_READ),
        row.number(Column.RUN_MEMBERSHIPS));
  }

  static SyncReport syncReport(Page.Row row) {
    return new SyncReport(
        row.number(Column.RUN),
        RunMode.of(row.text(Column.RUN_MODE)),
        RunReason.of(row.text(Column.RUN_REASON)),
        row.time(Column.RUN_UPDATED_SINCE),
        RunState.of(row.text(Column.RUN_STATE)),
        Math.toIntExact(row.number(Column.RUN_ERROR_CODE)),
        row.text(Column.RUN_ERROR_MESSAGE),
        row.time(Column.RUN_STARTED),
        row.time(Column.RUN_FINISHED),
        row.number(Column.RUN_ATTEMPTS),
        row.number(Column.RUN_SLICES),
        row.number(Column.RUN_SLICES_ENDED),
        row.number(Column.RUN_PAGES),
        row.number(Column.RUN_SEEN),
        row.number(Column.RUN_REPEATED),
        row.number(Column.RUN_PASSED_OVER),
        row.number(Column.RUN_ADDED),
        row.number(Column.RUN_UPDATED),
        row.number(Column.RUN_TOUCHED),
        row.number(Column.RUN_UNCHANGED),
        row.number(Column.RUN_RETURNED),
        row.number(Column.RUN_ABSENT),
        row.number(Column.RUN_PURGED),
        row.number(Column.RUN_PRESENT),
        row.number(Column.MATCHED_COUNT),
        row.number(Column.PINNED_COUNT),
        row.number(Column.OKTA_AMBIGUOUS_COUNT),
        row.number(Column.JIRA_AMBIGUOUS_COUNT),
        row.number(Column.OKTA_ONLY_COUNT),
        row.number(Column.JIRA_ONLY_COUNT),
        row.text(Column.MATCHED_BY_RULE),
        row.number(Column.RUN_REQUESTS),
        row.number(Column.RUN_RETRIES),
        row.span(Column.RUN_WAITED_MS),
        row.number(Column.RUN_BYTES),
        row.span(Column.RUN_ELAPSED_MS),
        row.time(Column.RUN_WATERMARK),
        row.text(Column.RUN_DIGEST),
        row.has(Column.RUN_GROUPS_LISTED) ? groupCounts(row) : null,
        row.lines(Column.RUN_WARNINGS));
  }

  static Progress progress(Page.Row row) {
    return new Progress(
        Phase.of(row.number(Column.PROGRESS_PHASE)),
        row.number(Column.RUN),
        row.number(Column.PROGRESS_USERS_SEEN),
        row.number(Column.PROGRESS_USERS_EXPECTED),
        row.number(Column.PROGRESS_PAGES),
        row.number(Column.PROGRESS_REQUESTS),
        row.number(Column.PROGRESS_RETRIES),
        row.span(Column.PROGRESS_WAITED_MS),
        row.span(Column.PROGRESS_WAIT_LEFT_MS),
        row.span(Column.PROGRESS_ELAPSED_MS),
        row.number(Column.PROGRESS_GROUPS_TO_READ),
        row.number(Column.PROGRESS_GROUPS_READ),
        row.number(Column.PROGRESS_MEMBERSHIPS_READ),
        Math.toIntExact(row.number(Column.PROGRESS_WAITS_FOR)));
  }

  static LogLine logLine(Page.Row row) {
    return new LogLine(
        row.number(Column.LOG_POSITION),
        row.time(Column.LOG_AT),
        row.text(Column.LOG_LEVEL),
        row.text(Column.LOG_MESSAGE));
  }

  static Check check(Page.Row row) {
    return new Check(
        row.text(Column.CAPABILITY),
        row.text(Column.PURPOSE),
        Outcome.of(row.text(Column.OUTCOME)),
        row.truth(Column.REQUIRED),
        Math.toIntExact(row.number(Column.ERROR_CODE)),
        row.text(Column.ADVICE),
        row.text(Column.FINDING),
        row.text(Column.MISSING_SCOPE),
        row.text(Column.OKTA_ERROR_CODE),
        row.text(Column.OKTA_REQUEST_ID));
  }

  static ValidationReport validationReport(Page page) {
    Page.Row row = page.row(0);
    return new ValidationReport(
        row.truth(Column.USABLE),
        row.text(Column.ORG_URL),
        row.text(Column.ORG_URL_NOTE),
        row.text(Column.CREDENTIAL_KIND),
        row.words(Column.GRANTED_SCOPES),
        row.words(Column.MISSING_SCOPES),
        row.words(Column.UNNEEDED_SCOPES),
        page.map(Decode::check));
  }

  static SyncBudget.Bucket bucket(Page.Row row) {
    return new SyncBudget.Bucket(
        row.text(Column.BUCKET),
        row.numberOrNull(Column.BUCKET_REQUESTS),
        row.numberOrNull(Column.BUCKET_LIMIT),
        row.numberOrNull(Column.BUCKET_REMAINING),
        row.span(Column.BUCKET_RESETS_IN_MS),
        row.numberOrNull(Column.BUCKET_LEFT_TO_OTHERS),
        row.span(Column.BUCKET_DURATION_MS));
  }

  static SyncBudget syncBudget(Page page) {
    Page.Row row = page.row(0);
    return new SyncBudget(
        RunMode.of(row.text(Column.RUN_MODE)),
        RunReason.of(row.text(Column.RUN_REASON)),
        row.numberOrNull(Column.BUDGET_USERS),
        row.numberOrNull(Column.BUDGET_REQUESTS),
        row.span(Column.BUDGET_DURATION_MS),
        page.map(Decode::bucket));
  }

  static TokenStatus tokenStatus(Page.Row row) {
    return new TokenStatus(
        row.text(Column.CREDENTIAL_KIND),
        row.text(Column.ORG_URL),
        row.text(Column.CLIENT_ID),
        row.words(Column.GRANTED_SCOPES),
        row.time(Column.TOKEN_OBTAINED),
        row.time(Column.ACCESS_TOKEN_EXPIRES),
        row.time(Column.SIGN_IN_ENDS),
        row.truth(Column.SIGN_IN_WARNING),
        row.truth(Column.DPOP),
        Math.toIntExact(row.number(Column.CREDENTIAL_PROBLEM)));
  }

  static AuthorizationRequest authorizationRequest(Page.Row row) {
    return new AuthorizationRequest(
        row.text(Column.AUTHORIZATION_URL),
        row.text(Column.AUTHORIZATION_STATE),
        row.time(Column.AUTHORIZATION_EXPIRES));
  }

  static Setting setting(Page.Row row) {
    return new Setting(
        row.text(Column.NAME),
        row.text(Column.VALUE),
        row.text(Column.SETTING_SOURCE),
        row.text(Column.SETTING_DEFAULT),
        row.text(Column.SETTING_MEANING));
  }

  static Group group(Page.Row row) {
    return new Group(
        row.text(Column.GROUP_ID),
        row.text(Column.GROUP_NAME),
        row.text(Column.GROUP_DESCRIPTION),
        row.text(Column.GROUP_TYPE),
        row.numberOrNull(Column.GROUP_MEMBER_COUNT),
        row.time(Column.GROUP_CREATED),
        row.time(Column.GROUP_LAST_UPDATED),
        row.time(Column.GROUP_LAST_MEMBERSHIP_UPDATED),
        row.text(Column.GROUP_PROFILE));
  }

  static GroupMember groupMember(Page.Row row) {
    return new GroupMember(
        row.text(Column.OKTA_ID),
        row.text(Column.STATUS),
        row.text(Column.LOGIN),
        row.text(Column.DISPLAY_NAME),
        row.text(Column.JIRA_KEY));
  }

  static UserType userType(Page.Row row) {
    return new UserType(
        row.text(Column.TYPE_ID),
        row.text(Column.USER_TYPE_NAME),
        row.text(Column.USER_TYPE_DISPLAY_NAME),
        row.text(Column.USER_TYPE_DESCRIPTION),
        row.truth(Column.USER_TYPE_IS_DEFAULT),
        row.text(Column.SCHEMA_ID),
        row.time(Column.SCHEMA_LAST_UPDATED));
  }

  static Attribute attribute(Page.Row row) {
    return new Attribute(
        row.text(Column.ATTRIBUTE_NAME),
        row.text(Column.ATTRIBUTE_TITLE),
        row.text(Column.ATTRIBUTE_DESCRIPTION),
        row.text(Column.ATTRIBUTE_TYPE),
        row.text(Column.ATTRIBUTE_ITEMS_TYPE),
        row.text(Column.ATTRIBUTE_FORMAT),
        row.truth(Column.ATTRIBUTE_IS_CUSTOM),
        row.truth(Column.ATTRIBUTE_IS_REQUIRED),
        Math.toIntExact(row.number(Column.ATTRIBUTE_ORDER)),
        row.text(Column.ATTRIBUTE_ENUM));
  }

  static TitledValue titledValue(Page.Row row) {
    return new TitledValue(
        row.text(Column.ATTRIBUTE_NAME),
        row.text(Column.ATTRIBUTE_TITLE),
        row.text(Column.ATTRIBUTE_VALUE));
  }

  static LiveStatus liveStatus(Page.Row row) {
    return new LiveStatus(
        LiveSource.of(row.text(Column.LIVE_SOURCE)),
        row.time(Column.LIVE_SINCE),
        row.time(Column.LIVE_LAST_EVENT),
        row.time(Column.LIVE_LAST_RECEIVED),
        row.span(Column.LIVE_LAG_MS),
        row.number(Column.LIVE_PENDING),
        row.time(Column.LIVE_OLDEST_PENDING),
        row.number(Column.LIVE_HELD),
        row.number(Column.LIVE_EVENTS),
        row.number(Column.LIVE_REPEATED),
        row.number(Column.LIVE_MISSED),
        row.time(Column.LIVE_MISSED_AT),
        row.time(Column.LIVE_GAP_AT),
        row.text(Column.LIVE_GAP),
        row.time(Column.LIVE_POLLED),
        row.span(Column.LIVE_INTERVAL_MS),
        row.text(Column.HOOK_ID),
        row.text(Column.HOOK_URL),
        row.truth(Column.HOOK_VERIFIED),
        row.time(Column.HOOK_VERIFIED_AT),
        row.text(Column.SECRET_HEADER),
        row.truth(Column.HAS_HOOK_SECRET),
        row.number(Column.HOOK_DELIVERED_TODAY),
        row.number(Column.HOOK_DAILY_CAP),
        row.number(Column.HOOK_CAP_NEAR_FROM));
  }

  static HookAnswer hookAnswer(Page.Row row) {
    return new HookAnswer(
        Math.toIntExact(row.number(Column.ANSWER_STATUS)),
        row.text(Column.ANSWER_BODY),
        row.number(Column.EVENTS_TAKEN));
  }

  static LogPoll logPoll(Page.Row row) {
    return new LogPoll(
        row.number(Column.EVENTS_TAKEN),
        row.number(Column.POLL_REQUESTS),
        row.truth(Column.POLL_MORE),
        row.span(Column.POLL_NEXT_MS));
  }

  static MatchCounts matchCounts(Named named) {
    return new MatchCounts(
        named.number("matched"),
        named.number("pinned"),
        named.number("okta_ambiguous"),
        named.number("jira_ambiguous"),
        named.number("okta_only"),
        named.number("jira_only"),
        named.below("rule:"));
  }

  static MatchPreview matchPreview(Named named) {
    return new MatchPreview(
        matchCounts(named.within("present.")),
        matchCounts(named.within("proposed.")),
        named.number("gained"),
        named.number("lost"));
  }

  static JiraUserCounts jiraUserCounts(Named named) {
    return new JiraUserCounts(
        named.number("added"),
        named.number("updated"),
        named.number("removed"),
        named.number("unchanged"),
        named.number("matches_ended"),
        named.number("matches_begun"),
        named.number("passed_over"),
        named.number("repeated"),
        named.number("needs_confirmation") == 1,
        named.texts("warning"));
  }

  static DirectoryStatistics directoryStatistics(Named named) {
    return new DirectoryStatistics(
        named.text("org_id"),
        named.text("digest"),
        named.number("okta_users"),
        named.number("absent_users"),
        named.number("orphaned_users"),
        named.number("jira_users"),
        named.below("status:"),
        matchCounts(named.within("")),
        named.number("changes"),
        named.number("last_change"),
        named.time("fresh_as_of"),
        named.time("last_full"),
        named.time("last_delta"),
        named.number("file_bytes"),
        named.number("schema_version"));
  }

  static Publication publication(Named named) {
    return new Publication(
        named.text("published"),
        named.number("rows"),
        named.number("bytes"));
  }

  static Followed followed(Named named) {
    return new Followed(
        named.text("following"),
        named.text("state"),
        named.text("note"));
  }
}
