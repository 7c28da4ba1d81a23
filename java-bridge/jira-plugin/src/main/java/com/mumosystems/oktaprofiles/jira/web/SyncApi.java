package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.Change;
import com.mumosystems.oktaprofiles.ChangeFilter;
import com.mumosystems.oktaprofiles.DryRun;
import com.mumosystems.oktaprofiles.SyncMode;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.sync.RunBoard;
import com.mumosystems.oktaprofiles.jira.sync.SyncRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs: shows the present and earlier ones, starts and stops them. */
final class SyncApi {
  private static final int RUNS = 20;

  private SyncApi() {}

  /**
   * The whole status, or without the statistics. Statistics count all users, and a page that follows a run asks
   * every second.
   */
  static Object show(Plugin plugin, Call call) {
    Map<String, Object> answer = show(plugin);
    if (call.parameter("statistics", "yes").equals("yes")) {
      answer.put("statistics", plugin.directory().use(engine -> Views.of(engine.statistics())));
    }
    return answer;
  }

  private static Map<String, Object> show(Plugin plugin) {
    Map<String, Object> answer = new LinkedHashMap<>();
    // This order matters: a run of this node that ends in between writes to the board before it counts as ended.
    boolean here = plugin.runner().isRunning();
    RunBoard.Notice notice = plugin.board().read().orElse(null);
    boolean elsewhere = notice != null && notice.running() && plugin.board().isFresh(notice);
    answer.put("running", here || elsewhere);
    answer.put("node", here ? plugin.host().nodeId() : notice == null ? null : notice.node());
    answer.put("request", notice == null ? null : notice.request());
    answer.put("progress", here ? live(plugin) : notice == null ? null : notice.progress());
    answer.put("lastError", here || notice == null ? null : notice.error());
    answer.put("runs", Views.each(plugin.directory().use(engine -> engine.runs(0, RUNS))));
    answer.put("lastDryRun", plugin.runner().lastDryRun().map(dryRun -> dryRun(plugin, dryRun)).orElse(null));
    answer.put("schedule", Map.of("minutes", plugin.settings().read().intervalMinutes()));
    return answer;
  }

  private static Map<String, Object> dryRun(Plugin plugin, DryRun dryRun) {
    return plugin.directory().use(engine -> Views.dryRun(dryRun, new Titles(engine)));
  }

  private static RunBoard.Figures live(Plugin plugin) {
    return plugin.directory().use(engine -> RunBoard.Figures.running(engine.progress()));
  }

  /** Changes of the feed in order; the changes of one run newest first, which people prefer. */
  static Object changes(Plugin plugin, Call call) {
    int limit = (int) call.number("limit", 200, 1, 1_000);
    long run = call.number("run", 0, 0, Long.MAX_VALUE);
    String oktaId = call.parameter("oktaId", null);
    long from = call.number("after", 0, 0, Long.MAX_VALUE);
    return plugin.directory().use(engine -> {
      Titles titles = new Titles(engine);
      List<Change> changes = run == 0
          ? engine.changes(from, oktaId, limit)
          : engine.changesBefore(from, new ChangeFilter(oktaId, run, null, null), limit);
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("changes", changes.stream().map(change -> Views.change(change, titles)).toList());
      answer.put("next", changes.size() < limit ? null : changes.get(limit - 1).position());
      return answer;
    });
  }

  static Object start(Plugin plugin, Call call) {
    String mode = mode(call.text("mode", "auto"));
    plugin.runner().start(new SyncRequest(
        mode,
        call.flag("dryRun"),
        call.flag("confirmAbsent"),
        call.flag("confirmCleared"),
        call.flag("confirmJiraLoss"),
        call.flag("restart")));
    return show(plugin, call);
  }

  private static String mode(String mode) {
    if (!SyncRequest.MODES.contains(mode)) {
      throw Call.bad("mode must be auto, full or delta.");
    }
    return mode;
  }

  /** What a run would use of Okta's rate limits. This sends requests to Okta. */
  static Object budget(Plugin plugin, Call call) {
    SyncMode mode = SyncMode.valueOf(mode(call.parameter("mode", "full")).toUpperCase(Locale.ROOT));
    return plugin.door().ask(engine -> Views.of(engine.planning().syncBudget(mode)));
  }

  static Object cancel(Plugin plugin) {
    plugin.runner().cancel();
    return Map.of("cancelled", true);
  }
}
