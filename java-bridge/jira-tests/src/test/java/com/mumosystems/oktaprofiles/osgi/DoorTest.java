package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.beehive.ClusterLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  private static void announceRunOf(Path work, String node) throws Exception {
    // A clock far ahead keeps the notice fresh however long this takes.
    long updated = System.currentTimeMillis() + 3_600_000;
    Files.writeString(work.resolve("shared/data/okta-profiles/run.json"), "{\"running\":true,\"node\":\"" + node
        + "\",\"process\":\"1@1\",\"started\":1,\"updated\":" + updated
        + ",\"request\":{\"mode\":\"auto\",\"dryRun\":false}}");
  }

  private static void isBusy(PageClient.Reply reply, String what) {
    assertEquals("409 BUSY", reply.status() + " " + reply.error(), what);
    String message = reply.json().getAsJsonObject("error").get("message").getAsString();
    assertTrue(message.contains("node2"), message);
  }
}
