package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.Change;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.sync.RunBoard;
import com.mumosystems.oktaprofiles.jira.sync.SyncRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs: what goes on, what was, start and stop. */
final class SyncApi {
  private static final int RUNS = 20;

  private SyncApi() {}

  static Object show(Plugin plugin) {
    Map<String, Object> answer = new LinkedHashMap<>();
    RunBoard.Notice notice = plugin.board().read().orElse(null);
    boolean here = plugin.runner().isRunning();
    boolean elsewhere = notice != null && notice.running() && plugin.board().isFresh(notice);
    answer.put("running", here || elsewhere);
    answer.put("node", here ? plugin.host().nodeId() : notice == null ? null : notice.node());
    answer.put("request", notice == null ? null : notice.request());
    answer.put("progress", here ? live(plugin) : notice == null ? null : notice.progress());
    answer.put("lastError", here || notice == null ? null : notice.error());
    answer.put("statistics", plugin.directory().use(engine -> Views.statistics(engine.statistics())));
    answer.put("runs", plugin.directory().use(engine -> engine.runs(0, RUNS)).stream().map(Views::run).toList());
    answer.put("schedule", Map.of("minutes", plugin.settings().read().intervalMinutes()));
    return answer;
  }

  private static RunBoard.Figures live(Plugin plugin) {
    return plugin.directory().use(engine -> RunBoard.Figures.of(engine.progress()));
  }

  static Object changes(Plugin plugin, Call call) {
    long after = call.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) call.number("limit", 200, 1, 1_000);
    long run = call.number("run", 0, 0, Long.MAX_VALUE);
    String oktaId = call.parameter("oktaId", null);
    List<Change> changes = plugin.directory().use(engine -> engine.changes(after, oktaId, limit));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("changes", changes.stream().filter(change -> run == 0 || change.run() == run).map(Views::change).toList());
    answer.put("next", changes.size() < limit ? null : changes.get(changes.size() - 1).position());
    return answer;
  }

  static Object start(Plugin plugin, Call call) {
    String mode = call.text("mode", "auto");
    if (!List.of("auto", "full", "delta").contains(mode)) {
      throw Call.bad("mode must be auto, full or delta.");
    }
    plugin.runner().start(new SyncRequest(
        mode, call.flag("dryRun"), call.flag("confirmAbsent"), call.flag("confirmCleared"), call.flag("restart")));
    return show(plugin);
  }

  static Object cancel(Plugin plugin) {
    plugin.runner().cancel();
    return Map.of("cancelled", true);
  }
}
