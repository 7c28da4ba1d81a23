package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
