package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the rows of a page to the values of this package. */
final class Decode {
  private Decode() {}

  static OpenReport openReport(Page.Row row) {
    String movedTo = row.text(Column.DAMAGED_MOVED_TO);
    String carriedOver = row.text(Column.CARRIED_OVER);
    return new OpenReport(
        row.truth(Column.DIRECTORY_CREATED),
        movedTo == null ? null : Path.of(movedTo),
        carriedOver.isEmpty() ? List.of() : List.of(carriedOver.split(", ")));
  }

  static DirectoryEntry entry(Page.Row row) {
    MatchState state = MatchState.of(row.text(Column.MATCH_STATE));
    String rule = row.text(Column.MATCH_RULE);
    String value = row.text(Column.MATCH_VALUE);
    Instant absentSince = row.time(Column.ABSENT_SINCE);
    return new DirectoryEntry(
        okta(row), jira(row), state, rule, value, absentSince, row.number(Column.CURSOR));
  }

  private static OktaUser okta(Page.Row row) {
    if (row.text(Column.OKTA_ID) == null) {
      return null;
    }
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
        row.text(Column.PROFILE));
  }

  private static JiraUser jira(Page.Row row) {
    if (row.text(Column.JIRA_KEY) == null) {
      return null;
    }
    return new JiraUser(
        row.text(Column.JIRA_KEY),
        row.text(Column.JIRA_USERNAME),
        row.text(Column.JIRA_EMAIL),
        row.text(Column.JIRA_DISPLAY_NAME),
        row.truth(Column.JIRA_ACTIVE));
  }

  static SearchPage searchPage(Page page) {
    return new SearchPage(page.map(Decode::entry), next(page));
  }

  /** Where a listing goes on: it stands on the last row. */
  static String next(Page page) {
    List<String> cursors = page.map(row -> row.text(Column.SEARCH_CURSOR));
    return cursors.isEmpty() ? null : cursors.get(cursors.size() - 1);
  }

  static JiraKeyPage jiraKeys(Page page) {
    return new JiraKeyPage(page.map(row -> row.text(Column.JIRA_KEY)), next(page));
  }

  static Change change(Page.Row row) {
    return new Change(
        row.number(Column.CHANGE_POSITION),
        row.number(Column.RUN),
        row.time(Column.CHANGE_AT),
        row.text(Column.OKTA_ID),
        row.text(Column.CHANGE_KIND),
        row.text(Column.CHANGE_FIELDS));
  }

  static SyncReport report(Page.Row row) {
    return new SyncReport(
        row.number(Column.RUN),
        row.text(Column.RUN_MODE),
        row.text(Column.RUN_REASON),
        row.time(Column.RUN_UPDATED_SINCE),
        row.text(Column.RUN_STATE),
        (int) row.number(Column.RUN_ERROR_CODE),
        row.text(Column.RUN_ERROR_MESSAGE),
        row.time(Column.RUN_STARTED),
        row.time(Column.RUN_FINISHED),
        row.number(Column.RUN_ATTEMPTS),
        row.number(Column.RUN_SLICES),
        row.number(Column.RUN_SLICES_ENDED),
        row.number(Column.RUN_PAGES),
        row.number(Column.RUN_SEEN),
        row.number(Column.RUN_REPEATED),
        row.number(Column.RUN_ADDED),
        row.number(Column.RUN_UPDATED),
        row.number(Column.RUN_TOUCHED),
        row.number(Column.RUN_UNCHANGED),
        row.number(Column.RUN_RETURNED),
        row.number(Column.RUN_ABSENT),
        row.number(Column.RUN_PURGED),
        row.number(Column.RUN_PRESENT),
        row.number(Column.RUN_REQUESTS),
        row.number(Column.RUN_RETRIES),
        Duration.ofMillis(row.number(Column.RUN_WAITED_MS)),
        row.number(Column.RUN_BYTES),
        Duration.ofMillis(row.number(Column.RUN_ELAPSED_MS)),
        row.time(Column.RUN_WATERMARK),
        row.text(Column.RUN_DIGEST),
        row.number(Column.MATCHED_COUNT),
        row.number(Column.PINNED_COUNT),
        row.number(Column.OKTA_AMBIGUOUS_COUNT),
        row.number(Column.JIRA_AMBIGUOUS_COUNT),
        row.number(Column.OKTA_ONLY_COUNT),
        row.number(Column.JIRA_ONLY_COUNT),
        row.number(Column.RUN_PASSED_OVER),
        groups(row),
        row.text(Column.RUN_WARNINGS).lines().toList());
  }

  private static GroupCounts groups(Page.Row row) {
    if (row.numberOrNull(Column.RUN_GROUPS_LISTED) == null) {
      return null;
    }
    return new GroupCounts(
        row.number(Column.RUN_GROUPS_LISTED),
        row.number(Column.RUN_GROUPS_ADDED),
        row.number(Column.RUN_GROUPS_UPDATED),
        row.number(Column.RUN_GROUPS_REMOVED),
        row.number(Column.RUN_GROUPS_READ),
        row.number(Column.RUN_MEMBERSHIPS));
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
        Duration.ofMillis(row.number(Column.PROGRESS_WAITED_MS)),
        Duration.ofMillis(row.number(Column.PROGRESS_WAIT_LEFT_MS)),
        Duration.ofMillis(row.number(Column.PROGRESS_ELAPSED_MS)),
        row.number(Column.PROGRESS_GROUPS_TO_READ),
        row.number(Column.PROGRESS_GROUPS_READ),
        row.number(Column.PROGRESS_MEMBERSHIPS_READ));
  }

  static ValidationReport validation(Page page) {
    List<Check> checks = page.map(Decode::check);
    return page.map(
            row ->
                new ValidationReport(
                    row.truth(Column.USABLE),
                    row.text(Column.ORG_URL),
                    row.text(Column.ORG_URL_NOTE),
                    row.text(Column.CREDENTIAL_KIND),
                    words(row.text(Column.GRANTED_SCOPES)),
                    words(row.text(Column.MISSING_SCOPES)),
                    words(row.text(Column.UNNEEDED_SCOPES)),
                    checks))
        .get(0);
  }

  private static Check check(Page.Row row) {
    return new Check(
        row.text(Column.CAPABILITY),
        row.text(Column.PURPOSE),
        row.text(Column.OUTCOME),
        row.truth(Column.REQUIRED),
        (int) row.number(Column.ERROR_CODE),
        row.text(Column.ADVICE),
        row.text(Column.FINDING),
        row.text(Column.MISSING_SCOPE),
        row.text(Column.OKTA_ERROR_CODE),
        row.text(Column.OKTA_REQUEST_ID));
  }

  static AuthorizationRequest authorizationRequest(Page.Row row) {
    return new AuthorizationRequest(
        row.text(Column.AUTHORIZATION_URL),
        row.text(Column.AUTHORIZATION_STATE),
        row.time(Column.AUTHORIZATION_EXPIRES));
  }

  static TokenStatus tokenStatus(Page.Row row) {
    return new TokenStatus(
        row.text(Column.CREDENTIAL_KIND),
        row.text(Column.ORG_URL),
        row.text(Column.CLIENT_ID),
        words(row.text(Column.GRANTED_SCOPES)),
        row.time(Column.TOKEN_OBTAINED),
        row.time(Column.ACCESS_TOKEN_EXPIRES),
        row.time(Column.SIGN_IN_ENDS),
        row.truth(Column.SIGN_IN_WARNING),
        row.truth(Column.DPOP),
        (int) row.number(Column.CREDENTIAL_PROBLEM));
  }

  static LogLine logLine(Page.Row row) {
    return new LogLine(
        row.number(Column.LOG_POSITION),
        row.time(Column.LOG_AT),
        row.text(Column.LOG_LEVEL),
        row.text(Column.LOG_MESSAGE));
  }

  /** Names with numbers, in the order of the rows. */
  static Map<String, Long> counts(Page page) {
    Map<String, Long> counts = new LinkedHashMap<>();
    page.map(row -> counts.put(row.text(Column.NAME), row.numberOrNull(Column.COUNT)));
    return counts;
  }

  /** Names with texts, in the order of the rows. */
  static Map<String, String> texts(Page page) {
    Map<String, String> texts = new LinkedHashMap<>();
    page.map(row -> texts.put(row.text(Column.NAME), row.text(Column.VALUE)));
    return texts;
  }

  static JiraUserCounts jiraUserCounts(Page page) {
    List<String> warnings = new ArrayList<>();
    page.map(row -> "warning".equals(row.text(Column.NAME)) && warnings.add(row.text(Column.VALUE)));
    return jiraUserCounts(counts(page), warnings);
  }

  static JiraUserCounts jiraUserCounts(Map<String, Long> counts, List<String> warnings) {
    return new JiraUserCounts(
        counts.get("added"),
        counts.get("updated"),
        counts.get("removed"),
        counts.get("unchanged"),
        counts.get("matches_ended"),
        counts.get("matches_begun"),
        counts.get("passed_over"),
        counts.get("repeated"),
        counts.get("needs_confirmation") == 1,
        List.copyOf(warnings));
  }

  static MatchCounts matchCounts(Map<String, Long> counts, String prefix) {
    return new MatchCounts(
        counts.get(prefix + "matched"),
        counts.get(prefix + "pinned"),
        counts.get(prefix + "okta_ambiguous"),
        counts.get(prefix + "jira_ambiguous"),
        counts.get(prefix + "okta_only"),
        counts.get(prefix + "jira_only"),
        below(counts, prefix + "rule:"));
  }

  static DirectoryStatistics statistics(Page page) {
    Map<String, Long> counts = counts(page);
    Map<String, String> texts = texts(page);
    return new DirectoryStatistics(
        texts.get("org_id"),
        texts.get("digest"),
        counts.get("okta_users"),
        counts.get("absent_users"),
        counts.get("jira_users"),
        below(counts, "status:"),
        matchCounts(counts, ""),
        counts.get("changes"),
        counts.get("last_change"),
        moment(counts.get("fresh_as_of")),
        moment(counts.get("last_full")),
        moment(counts.get("last_delta")),
        counts.get("file_bytes"),
        counts.get("schema_version"));
  }

  private static Instant moment(Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  /** The counts whose names begin with a prefix, without it. */
  private static Map<String, Long> below(Map<String, Long> counts, String prefix) {
    Map<String, Long> found = new LinkedHashMap<>();
    counts.forEach(
        (name, count) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), count);
          }
        });
    return found;
  }

  /** Words separated by blanks. */
  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
