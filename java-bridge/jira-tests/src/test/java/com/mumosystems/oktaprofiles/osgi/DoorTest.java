package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.beehive.ClusterLock;
import com.atlassian.scheduler.config.JobId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While one node asks Okta, no other one may renew or replace the credential. */
class DoorTest {
  @TempDir Path work;

  @Test
  void nothingThatMayRenewTheCredentialPassesWhileAnotherNodeRuns() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(50);
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.connect(org);
      PageClient.Reply begun = plugin.page.tryPost("api/connection/oauth",
          "{\"orgUrl\":\"" + org.url() + "\",\"clientId\":\"0oaclient\",\"clientSecret\":\"hidden-secret\"}");
      String state = begun.json().get("authorizeUrl").getAsString().replaceFirst(".*[?&]state=([^&]+).*", "$1");
      String cookie = begun.headers().get("Set-Cookie").get(0).split(";")[0];

      ClusterLock lock = plugin.jira.locks().getLockForName("com.mumosystems.okta-profiles.sync");
      assertTrue(lock.tryLock());
      try {
        announceRunOf(work, "node2");
        long requests = org.requests();
        String token = "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}";
        String app = "{\"orgUrl\":\"" + org.url() + "\",\"clientId\":\"0oa\",\"clientSecret\":\"s\"}";
        for (List<String> change : List.of(List.of("api/validate", "{}"), List.of("api/connection/token", token),
            List.of("api/connection/oauth", app), List.of("api/connection/disconnect", "{}"),
            List.of("api/sync/start", "{}"), List.of("api/sync/start", "{\"dryRun\":true}"))) {
          isBusy(plugin.page.tryPost(change.get(0), change.get(1)), change.get(0));
        }
        isBusy(plugin.page.tryGet("api/sync/budget"), "budget");
        String callback = plugin.container.url() + PageClient.CALLBACK + "?code=x&state=" + state;
        assertEquals(409, PageClient.send("GET", callback, null, Map.of("Cookie", cookie)).status());
        assertEquals(requests, org.requests(), "Okta was asked beside the door");
        assertEquals("api_token", plugin.page.get("api/connection").get("kind").getAsString());
      } finally {
        lock.unlock();
      }
      Files.delete(work.resolve("shared/data/okta-profiles/run.json"));
      assertTrue(plugin.page.post("api/validate", "{}").get("usable").getAsBoolean());
    }
  }

  /** A node whose clock is behind looks dead until one has the lock. */
  @Test
  void aRunThatEndedMeanwhileIsNotRepeated() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(50);
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.connect(org);
      ClusterLock lock = plugin.jira.locks().getLockForName("com.mumosystems.okta-profiles.sync");
      assertTrue(lock.tryLock());
      CompletableFuture<Void> following;
      try {
        announce(work, "node2", true, System.currentTimeMillis() - 60_000);
        following = CompletableFuture.runAsync(
            () -> plugin.jira.scheduler().runNow(JobId.of("com.mumosystems.okta-profiles.follow")));
        while (!following.isDone() && !somebodyWaits()) {
          Thread.sleep(10);
        }
        announce(work, "node2", false, System.currentTimeMillis() - 60_000);
      } finally {
        lock.unlock();
      }
      following.get(1, TimeUnit.MINUTES);
      assertEquals(0, plugin.page.get("api/sync").getAsJsonArray("runs").size());
    }
  }

  private static boolean somebodyWaits() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().contains("FileClusterLocks") && frame.getMethodName().equals("tryLock"));
  }

  private static void announceRunOf(Path work, String node) throws Exception {
    // A clock ahead keeps the notice fresh however long this takes.
    announce(work, node, true, System.currentTimeMillis() + 300_000);
  }

  private static void announce(Path work, String node, boolean running, long updated) throws Exception {
    Files.writeString(work.resolve("shared/data/okta-profiles/run.json"), "{\"running\":" + running + ",\"node\":\"" + node
        + "\",\"process\":\"1@1\",\"started\":1,\"updated\":" + updated
        + ",\"request\":{\"mode\":\"auto\",\"dryRun\":false}}");
  }

  private static void isBusy(PageClient.Reply reply, String what) {
    assertEquals("409 BUSY", reply.status() + " " + reply.error(), what);
    String message = reply.json().getAsJsonObject("error").get("message").getAsString();
    assertTrue(message.contains("node2"), message);
  }
}
