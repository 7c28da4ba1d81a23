package com.mumosystems.oktaprofiles.jira.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.Change;
import com.mumosystems.oktaprofiles.Check;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.DirectoryStatistics;
import com.mumosystems.oktaprofiles.DryRun;
import com.mumosystems.oktaprofiles.JiraUser;
import com.mumosystems.oktaprofiles.MatchCounts;
import com.mumosystems.oktaprofiles.OktaUser;
import com.mumosystems.oktaprofiles.SyncBudget;
import com.mumosystems.oktaprofiles.SyncReport;
import com.mumosystems.oktaprofiles.ValidationReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the engine's values look to the page: camel case, ISO 8601 times, milliseconds for durations. */
final class Views {
  private Views() {}

  static Map<String, Object> run(SyncReport report) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("run", report.run());
    view.put("mode", report.mode());
    view.put("reason", report.reason());
    view.put("state", report.state());
    view.put("errorCode", report.errorCode());
    view.put("errorMessage", report.errorMessage());
    view.put("started", report.started());
    view.put("finished", report.finished());
    view.put("attempts", report.attempts());
    view.put("pages", report.pages());
    view.put("seen", report.seen());
    view.put("repeated", report.repeated());
    view.put("passedOver", report.passedOver());
    view.put("added", report.added());
    view.put("updated", report.updated());
    view.put("touched", report.touched());
    view.put("unchanged", report.unchanged());
    view.put("returned", report.returned());
    view.put("absent", report.absent());
    view.put("purged", report.purged());
    view.put("present", report.present());
    view.put("requests", report.requests());
    view.put("retries", report.retries());
    view.put("waitedMs", report.waited().toMillis());
    view.put("bytes", report.bytes());
    view.put("elapsedMs", report.elapsed().toMillis());
    view.put("watermark", report.watermark());
    view.put("matched", report.matched());
    view.put("pinned", report.pinned());
    view.put("oktaAmbiguous", report.oktaAmbiguous());
    view.put("jiraAmbiguous", report.jiraAmbiguous());
    view.put("oktaOnly", report.oktaOnly());
    view.put("jiraOnly", report.jiraOnly());
    view.put("groups", report.groups());
    view.put("warnings", report.warnings());
    return view;
  }

  static Map<String, Object> dryRun(DryRun dryRun, Titles titles) {
    Map<String, Object> view = run(dryRun.report());
    view.put("dryRun", true);
    view.put("fields", dryRun.fields().entrySet().stream()
        .map(field -> Map.of("title", titles.attribute(field.getKey()), "users", field.getValue()))
        .toList());
    return view;
  }

  static Map<String, Object> budget(SyncBudget budget) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("mode", budget.mode());
    view.put("reason", budget.reason());
    view.put("users", budget.users());
    view.put("requests", budget.requests());
    view.put("durationMs", millis(budget.duration()));
    view.put("buckets", budget.buckets().stream().map(Views::bucket).toList());
    return view;
  }

  private static Map<String, Object> bucket(SyncBudget.Bucket bucket) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("path", bucket.path());
    view.put("requests", bucket.requests());
    view.put("limit", bucket.limit());
    view.put("remaining", bucket.remaining());
    view.put("resetsInMs", millis(bucket.resetsIn()));
    view.put("leftToOthers", bucket.leftToOthers());
    view.put("durationMs", millis(bucket.duration()));
    return view;
  }

  private static Long millis(Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  static Map<String, Object> statistics(DirectoryStatistics statistics) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("orgId", statistics.orgId());
    view.put("oktaUsers", statistics.oktaUsers());
    view.put("absentUsers", statistics.absentUsers());
    view.put("jiraUsers", statistics.jiraUsers());
    view.put("byStatus", statistics.byStatus());
    view.put("matches", matches(statistics.matches()));
    view.put("changes", statistics.changes());
    view.put("lastChange", statistics.lastChange());
    view.put("freshAsOf", statistics.freshAsOf());
    view.put("lastFull", statistics.lastFull());
    view.put("lastDelta", statistics.lastDelta());
    view.put("fileBytes", statistics.fileBytes());
    view.put("schemaVersion", statistics.schemaVersion());
    return view;
  }

  static Map<String, Object> matches(MatchCounts counts) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("matched", counts.matched());
    view.put("pinned", counts.pinned());
    view.put("oktaAmbiguous", counts.oktaAmbiguous());
    view.put("jiraAmbiguous", counts.jiraAmbiguous());
    view.put("oktaOnly", counts.oktaOnly());
    view.put("jiraOnly", counts.jiraOnly());
    view.put("byRule", counts.byRule());
    return view;
  }

  static Map<String, Object> change(Change change, Titles titles) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("position", change.position());
    view.put("run", change.run());
    view.put("at", change.at());
    view.put("oktaId", change.oktaId());
    view.put("displayName", titles.user(change.oktaId()));
    view.put("kind", change.kind());
    view.put("fields", fields(change.fieldsJson(), titles));
    return view;
  }

  private static JsonArray fields(String json, Titles titles) {
    JsonArray fields = json.isEmpty() ? new JsonArray() : JsonParser.parseString(json).getAsJsonArray();
    fields.forEach(field -> {
      JsonObject object = field.getAsJsonObject();
      object.addProperty("title", titles.attribute(object.get("field").getAsString()));
    });
    return fields;
  }

  static Map<String, Object> validation(ValidationReport report) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("usable", report.usable());
    view.put("orgUrl", report.orgUrl());
    view.put("orgUrlNote", report.orgUrlNote());
    view.put("credentialKind", report.credentialKind());
    view.put("grantedScopes", report.grantedScopes());
    view.put("missingScopes", report.missingScopes());
    view.put("unneededScopes", report.unneededScopes());
    view.put("checks", report.checks().stream().map(Views::check).toList());
    return view;
  }

  private static Map<String, Object> check(Check check) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("capability", check.capability());
    view.put("purpose", check.purpose());
    view.put("outcome", check.outcome());
    view.put("required", check.required());
    view.put("errorCode", check.errorCode());
    view.put("advice", check.advice());
    view.put("finding", check.finding());
    view.put("missingScope", check.missingScope());
    view.put("oktaErrorCode", check.oktaErrorCode());
    view.put("oktaRequestId", check.oktaRequestId());
    return view;
  }

  /** One row of the directory, without the profile. */
  static Map<String, Object> row(DirectoryEntry entry) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("state", entry.state().name());
    view.put("rule", entry.rule());
    view.put("value", entry.value());
    view.put("absentSince", entry.absentSince());
    view.put("okta", entry.okta() == null ? null : okta(entry.okta()));
    view.put("jira", entry.jira() == null ? null : jira(entry.jira()));
    return view;
  }

  private static Map<String, Object> okta(OktaUser user) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", user.id());
    view.put("status", user.status());
    view.put("login", user.login());
    view.put("email", user.email());
    view.put("firstName", user.firstName());
    view.put("lastName", user.lastName());
    view.put("displayName", user.displayName());
    view.put("lastUpdated", user.lastUpdated());
    return view;
  }

  private static Map<String, Object> jira(JiraUser user) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("key", user.key());
    view.put("username", user.username());
    view.put("email", user.email());
    view.put("displayName", user.displayName());
    view.put("active", user.active());
    return view;
  }
}
