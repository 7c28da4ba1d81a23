package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes: processes of their own with local homes of their own and one shared home. Okta is asked once. */
class ClusterTest {
  private static final int USERS = 1_500;
  /** Long enough for a killed node to be taken for dead. */
  private static final long STALE_MILLIS = 21_000;

  @TempDir Path work;

  @Test
  void oneSynchronizesTheOtherFollowsAndTakesOver() throws Exception {
    Path shared = work.resolve("shared");
    try (SimulatedOrg org = new SimulatedOrg(USERS, "--latency-ms", "150");
        Node first = new Node("first", work, shared, USERS);
        Node second = new Node("second", work, shared, USERS)) {
      first.page.post(
          "api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}");
      onlyOneRuns(first, second);
      first.page.awaitEnd();
      long requests = org.requests();

      theOtherFollows(first, second, org, requests);
      aMatchMadeOnEitherNodeHoldsOnBoth(first, second);
      aColdNodeAsksNothing(shared, first, org, requests);
      theSurvivorGoesOn(first, second, org, requests);
      nobodyElseCanRead(shared);
    }
  }

  private static void onlyOneRuns(Node first, Node second) throws IOException {
    first.page.post("api/sync/start", "{}");
    assertEquals(409, second.page.tryPost("api/sync/start", "{}").status(), "two nodes run at once");
    JsonObject seen = second.page.get("api/sync");
    assertTrue(seen.get("running").getAsBoolean(), "the other node does not see the run");
    assertEquals("first", seen.get("node").getAsString());
    assertTrue(seen.get("progress").isJsonObject(), "nothing to show of a run that has just begun");
  }

  private static void theOtherFollows(Node first, Node second, SimulatedOrg org, long requests) throws Exception {
    second.followUntil(
        "nothing was taken over",
        () -> first.statistics().get("oktaUsers").equals(second.statistics().get("oktaUsers")));
    assertEquals(first.statistics().get("matches"), second.statistics().get("matches"));
    assertEquals(requests, org.requests(), "the follower asked Okta");
    // The sign-in is shared as well.
    assertEquals("api_token", second.page.get("api/connection").get("kind").getAsString());
  }

  private static void aMatchMadeOnEitherNodeHoldsOnBoth(Node first, Node second) throws Exception {
    JsonObject lonely = row(second, "okta_only").getAsJsonObject("okta");
    JsonObject jira = row(second, "jira_only").getAsJsonObject("jira");
    String pin = "{\"oktaId\":\"" + lonely.get("id").getAsString() + "\",\"jiraKey\":\"" + jira.get("key").getAsString()
        + "\"}";
    second.page.post("api/directory/pin", pin);
    String user = "api/directory/user?oktaId=" + lonely.get("id").getAsString();
    first.followUntil(
        "the other node does not know of the match",
        () -> first.page.get(user).get("state").getAsString().equals("PINNED"));
  }

  private static JsonObject row(Node node, String view) throws IOException {
    return node.page.get("api/directory?limit=1&view=" + view).getAsJsonArray("rows").get(0).getAsJsonObject();
  }

  private void aColdNodeAsksNothing(Path shared, Node first, SimulatedOrg org, long requests) throws Exception {
    try (Node cold = new Node("cold", work, shared, USERS)) {
      for (int i = 0; i < 50 && cold.statistics().get("oktaUsers").getAsLong() == 0; i++) {
        Thread.sleep(100); // It follows by itself when it starts.
      }
      assertEquals(first.statistics().get("oktaUsers"), cold.statistics().get("oktaUsers"));
      assertEquals(requests, org.requests(), "the cold node asked Okta");
    }
  }

  private static void theSurvivorGoesOn(Node first, Node second, SimulatedOrg org, long wholeRun) throws Exception {
    long before = org.requests();
    first.page.post("api/sync/start", "{\"mode\":\"full\"}");
    while (first.page.get("api/sync").getAsJsonObject("progress").get("usersSeen").getAsLong() == 0) {
      assertTrue(first.page.get("api/sync").get("running").getAsBoolean(), "the run ended too soon to be killed");
    }
    first.kill();
    second.follow();
    assertTrue(second.page.get("api/sync").getAsJsonArray("runs").size() <= 1, "it did not wait for the lock's owner");
    Thread.sleep(STALE_MILLIS);
    assertFalse(second.page.get("api/sync").get("running").getAsBoolean(), "a dead node is shown as running");
    second.follow();
    JsonObject run = second.page.awaitEnd().getAsJsonArray("runs").get(0).getAsJsonObject();
    assertEquals("complete", run.get("state").getAsString());
    assertEquals(2, second.page.get("api/sync").getAsJsonArray("runs").size());
    assertTrue(org.requests() - before <= 2 * wholeRun, "more requests than the killed run and its repetition need");
  }

  private static void nobodyElseCanRead(Path shared) throws IOException {
    try (Stream<Path> files = Files.walk(shared.resolve("data/okta-profiles"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
      }
    }
  }
}
