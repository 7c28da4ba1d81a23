package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopping the plugin, and cancelling by the administrator, in the middle of a run. */
class StopTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path work;

  @Test
  void aRunEndsWithThePluginAndGoesOnWithIt() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(2_000, "--latency-ms", "700");
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.jira.users().addMany(1_000);
      plugin.connect(org);
      plugin.page.post("api/sync/start", "{\"mode\":\"full\"}");
      awaitFirstPage(plugin.page);
      long began = System.nanoTime();
      plugin.osgi.stop();
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.compareTo(LIMIT) < 0, "stopping took " + took);
      assertEquals(404, plugin.page.tryGet("api/sync").status());

      plugin.osgi.start();
      assertEquals("interrupted", newest(plugin.page).get("state").getAsString());
      plugin.page.post("api/sync/start", "{}");
      plugin.page.post("api/sync/cancel", "{}");
      while (plugin.page.get("api/sync").get("running").getAsBoolean()) {
        Thread.sleep(20);
      }
      plugin.page.sync("{}");
      JsonObject run = newest(plugin.page);
      assertEquals("complete", run.get("state").getAsString());
      assertEquals(2_000, run.get("seen").getAsLong());
      assertTrue(run.get("attempts").getAsLong() >= 2, "it began anew instead of going on");
    }
  }

  private static void awaitFirstPage(PageClient page) throws Exception {
    while (page.get("api/sync").getAsJsonObject("progress").get("usersSeen").getAsLong() == 0) {
      Thread.sleep(20);
    }
  }

  private static JsonObject newest(PageClient page) throws Exception {
    return page.get("api/sync").getAsJsonArray("runs").get(0).getAsJsonObject();
  }
}
