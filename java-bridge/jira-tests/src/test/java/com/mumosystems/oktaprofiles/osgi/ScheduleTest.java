package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.scheduler.JobRunnerResponse;
import com.atlassian.scheduler.config.JobId;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin and Jira's scheduler: when the next run is, who ends it, what is left. */
class ScheduleTest {
  private static final String KEY = "com.mumosystems.okta-profiles";
  private static final JobId SYNC = JobId.of(KEY + ".sync");
  private static final JobId FOLLOW = JobId.of(KEY + ".follow");

  @TempDir Path work;

  @Test
  void nothingButAnotherIntervalMovesTheNextRun() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      Date planned = nextRun(plugin);
      plugin.osgi.stop();
      plugin.osgi.start();
      assertEquals(planned, nextRun(plugin), "a restart of the plugin moves the next run");
      plugin.page.post("api/settings", "{\"retain\":\"matched\"}");
      assertEquals(planned, nextRun(plugin), "an unrelated setting moves the next run");
      plugin.osgi.update();
      plugin.osgi.tellStart();
      assertEquals(planned, nextRun(plugin), "an upgrade moves the next run");
      try (PluginFixture second = new PluginFixture(work, "node2", null, name -> false)) {
        assertEquals(planned, nextRun(second), "a second node moves the next run");
      }
      plugin.page.post("api/settings", "{\"intervalMinutes\":61}");
      assertNotEquals(planned, nextRun(plugin), "the new interval is not in force");
      planned = nextRun(plugin);
      plugin.page.post("api/settings", "{\"intervalMinutes\":61}");
      assertEquals(planned, nextRun(plugin));
      plugin.page.post("api/settings", "{\"intervalMinutes\":0}");
      assertNull(plugin.jira.scheduler().getJobDetails(SYNC), "it runs although it was switched off");
    }
    try (PluginFixture restarted = new PluginFixture(work)) {
      assertNull(restarted.jira.scheduler().getJobDetails(SYNC), "a restart of Jira switches it on again");
    }
  }

  private static Date nextRun(PluginFixture plugin) {
    return plugin.jira.scheduler().getJobDetails(SYNC).getNextRunTime();
  }

  @Test
  void aRunEndsWhenTheSchedulerWantsIt() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(2_000, "--latency-ms", "700");
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.connect(org);
      CompletableFuture<JobRunnerResponse> job =
          CompletableFuture.supplyAsync(() -> plugin.jira.scheduler().runNow(SYNC));
      JsonObject state = plugin.page.get("api/sync");
      while (state.get("progress").isJsonNull()
          || state.getAsJsonObject("progress").get("usersSeen").getAsLong() == 0) {
        assertFalse(job.isDone(), "the run ended too soon to be cancelled");
        state = plugin.page.get("api/sync");
      }
      plugin.jira.scheduler().cancel(SYNC);
      String words = job.get(30, TimeUnit.SECONDS).getMessage();
      assertTrue(words.contains("cancelled"), words);
      state = plugin.page.get("api/sync");
      assertEquals("interrupted", state.getAsJsonArray("runs").get(0).getAsJsonObject().get("state").getAsString());
    }
  }

  /** Jira refuses a blank message of a job that failed, and would then know nothing of its end. */
  @Test
  void aFailureWithoutAMessageIsStillReported() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      plugin.jira.users().failWith(new IllegalStateException());
      assertTrue(plugin.jira.scheduler().runNow(SYNC).getMessage().contains("IllegalStateException"));
    }
  }

  @Test
  void uninstallingEndsTheScheduledRuns() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      plugin.jira.pluginEvents().uninstalling("another.app");
      assertTrue(plugin.jira.scheduler().getJobDetails(SYNC) != null, "another app's end ends ours");
      plugin.jira.pluginEvents().uninstalling(KEY);
      assertNull(plugin.jira.scheduler().getJobDetails(SYNC), "the job outlives the plugin");
      plugin.osgi.stop();
      assertEquals(0, plugin.jira.pluginEvents().listeners(), "the listener keeps the plugin's classes");
      assertEquals(0, plugin.jira.scheduler().runners());
    }
  }

  /** SAL tells the plugin while Jira's services are still there; the bundle may stay for a while. */
  @Test
  void itStopsWhenItIsAskedTo() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      plugin.osgi.tellStop();
      assertTrue(plugin.osgi.isActive());
      assertEquals(0, plugin.jira.scheduler().runners(), "the jobs go on");
      plugin.osgi.tellStart();
      assertEquals(200, plugin.page.tryGet("api/sync").status(), "it cannot be started again");
      plugin.osgi.stopBundle();
      assertEquals(0, plugin.jira.scheduler().runners(), "the bundle's end is no backstop");
    }
  }

  /** The engine writes into memory of its own; administrators look into Jira's log. */
  @Test
  void whatTheEngineLogsGetsIntoJirasLog() throws Exception {
    try (JiraLogFile log = new JiraLogFile();
        SimulatedOrg org = new SimulatedOrg(50);
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.connect(org);
      plugin.jira.scheduler().runNow(SYNC);
      List<String> lines = log.linesOf("EngineLog");
      assertFalse(lines.isEmpty(), "nothing of a whole run");
      plugin.jira.scheduler().runNow(FOLLOW);
      List<String> again = log.linesOf("EngineLog");
      assertEquals(lines, again.subList(0, lines.size()));
      assertEquals(1, again.stream().filter(lines.get(0)::equals).count(), "a line is handed over twice: " + again);
    }
  }

  @Test
  void ownThreadsAreSetUpAndCleared() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(50);
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.jira.users().requireThat(plugin.jira.threadLocals()::isSetUp);
      plugin.connect(org);
      plugin.page.sync("{}");
      plugin.osgi.stop();
      var cleared = plugin.jira.threadLocals().cleared();
      assertTrue(cleared.contains("okta-profiles-sync"), cleared.toString());
      assertTrue(cleared.contains("okta-profiles-start"), cleared.toString());
      assertTrue(cleared.contains("okta-profiles-progress"), cleared.toString());
    }
  }
}
