package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node finds in its own folder after a crash: a damaged directory, files that were never finished. */
class DamagedDirectoryTest {
  private static final int USERS = 100;

  @TempDir Path work;

  @Test
  void aDamagedDirectoryIsReportedAndTheSnapshotTakenAgain() throws Exception {
    Path shared = work.resolve("shared");
    Path local = work.resolve("second/local/okta-profiles");
    try (SimulatedOrg org = new SimulatedOrg(USERS); Node first = new Node("first", work, shared, USERS)) {
      first.page.post(
          "api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}");
      first.page.sync("{}");
      try (Node second = new Node("second", work, shared, USERS)) {
        second.followUntil("no snapshot was taken over", () -> users(second) == USERS);
        second.kill();
      }
      damage(local);
      Path old = leftover(local.resolve(".pins.bookmark.-123"), Instant.EPOCH);
      Path oldShared = leftover(shared.resolve("data/okta-profiles/.run.json.123"), Instant.EPOCH);
      Path youngShared = leftover(shared.resolve("data/okta-profiles/.run.json.124"), Instant.now());
      try (Node second = new Node("second", work, shared, USERS)) {
        second.followUntil("the snapshot was not taken again", () -> users(second) == USERS);
        JsonObject directory = second.page.get("api/diagnostics").getAsJsonObject("directory");
        assertTrue(directory.get("damage").getAsString().contains("was damaged"), directory.toString());
      }
      assertEquals(List.of(false, false), Stream.of(old, oldShared).map(Files::exists).toList());
      assertTrue(Files.exists(youngShared), "another node may still be writing it");
      assertFalse(first.page.get("api/diagnostics").getAsJsonObject("directory").has("damage"));
    }
  }

  private static long users(Node node) throws IOException {
    return node.statistics().get("oktaUsers").getAsLong();
  }

  private static void damage(Path local) throws IOException {
    String name = "directory-0.db";
    Files.deleteIfExists(local.resolve(name + "-wal"));
    byte[] content = Files.readAllBytes(local.resolve(name));
    // Behind the header, which says whose file it is.
    Arrays.fill(content, 100, content.length, (byte) 0x5a);
    Files.write(local.resolve(name), content);
  }

  private static Path leftover(Path file, Instant modified) throws IOException {
    Files.writeString(file, "half");
    return Files.setLastModifiedTime(file, FileTime.from(modified));
  }
}
