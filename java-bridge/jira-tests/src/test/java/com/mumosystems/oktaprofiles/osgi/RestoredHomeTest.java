package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.atlassian.scheduler.config.JobId;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shared home that was restored from a backup: the nodes hold later snapshots than it names, and follow it again. */
class RestoredHomeTest {
  private static final int USERS = 200;

  @TempDir Path work;

  @Test
  void nodesFollowAHomeThatWasSetBack() throws Exception {
    Path shared = work.resolve("shared");
    Path files = shared.resolve("data/okta-profiles");
    Path backup = work.resolve("backup");
    try (SimulatedOrg org = new SimulatedOrg(USERS);
        Node first = new Node("first", work, shared, USERS);
        Node second = new Node("second", work, shared, USERS)) {
      first.page.post(
          "api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}");
      first.page.sync("{}");
      copy(files, backup);
      for (int i = 0; i < 4; i++) {
        first.page.sync("{\"mode\":\"full\"}");
      }
      second.followUntil("nothing was taken over", () -> generations(second).equals("5 of 5"));

      restore(backup, files);
      second.followUntil("the restored snapshot was not taken over", () -> generations(second).equals("1 of 1"));
      first.page.sync("{\"mode\":\"full\"}");
      assertEquals("2 of 2", generations(first));
      second.followUntil("nothing is taken over any more", () -> generations(second).equals("2 of 2"));
      assertEquals(runs(first), runs(second));
      assertNotEquals(0, runs(second));
    }
  }

  /** A backup that was made while a base was renewed: its head names files that it has not got. */
  @Test
  void aRunReplacesAStateToWhichNoWayLeads() throws Exception {
    Path files = work.resolve("shared/data/okta-profiles");
    Path head = files.resolve("increments/head.json");
    try (SimulatedOrg org = new SimulatedOrg(USERS); PluginFixture node = PluginFixture.clustered(work)) {
      node.connect(org);
      node.page.sync("{}");
      String lost = Files.readString(head)
          .replaceAll("\"state\":\"[0-9a-f]{24}\"", "\"state\":\"" + "a".repeat(24) + "\"");
      Files.writeString(head, lost);
      // People are forgotten meanwhile, and matches by hand made.
      Files.writeString(files.resolve("forget.jsonl"), "{\"jiraKey\":\"JIRAUSER1\",\"oktaId\":\"" + anybody(node) + "\"}\n");
      node.jira.scheduler().runNow(JobId.of("com.mumosystems.okta-profiles.follow"));
      assertEquals(USERS - 1, node.page.get("api/sync").getAsJsonObject("statistics").get("oktaUsers").getAsInt());
      node.page.sync("{}");
      assertFalse(Files.readString(head).contains("a".repeat(24)));
      try (Node cold = new Node("cold", work, work.resolve("shared"), 0)) {
        cold.followUntil("the new state leads nowhere, too",
            () -> cold.statistics().get("oktaUsers").getAsInt() == USERS - 1);
      }
    }
  }

  private static String anybody(PluginFixture node) throws IOException {
    return node.page.get("api/directory?limit=1").getAsJsonArray("rows").get(0).getAsJsonObject()
        .getAsJsonObject("okta").get("id").getAsString();
  }

  private static String generations(Node node) throws IOException {
    JsonObject cluster = node.page.get("api/diagnostics").getAsJsonObject("cluster");
    return cluster.get("snapshotHere").getAsLong() + " of " + cluster.get("snapshotNewest").getAsLong();
  }

  private static int runs(Node node) throws IOException {
    return node.page.get("api/sync").getAsJsonArray("runs").size();
  }

  private static void restore(Path backup, Path files) throws IOException {
    try (Stream<Path> present = Files.walk(files)) {
      for (Path file : present.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    copy(backup, files);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
