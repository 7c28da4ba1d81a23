package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key that seals secrets: in a file, and in Jira's secret service once Jira has one. */
class SealingKeyTest {
  @TempDir Path work;

  @Test
  void movesFromTheFileToTheSecretService() throws Exception {
    Path file = work.resolve("shared/data/okta-profiles/sealing.key");
    Map<String, String> kept = new ConcurrentHashMap<>();
    try (SimulatedOrg org = new SimulatedOrg(50)) {
      try (PluginFixture before = new PluginFixture(work)) {
        before.connect(org);
      }
      String key = Files.readString(file);
      assertTrue(key.matches("[0-9a-f]{64}"), "no key of 256 bits");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

      try (PluginFixture upgraded = new PluginFixture(work, kept)) {
        String kind = upgraded.page.get("api/connection").get("kind").getAsString();
        assertEquals("api_token", kind, "the credential is lost with the upgrade of Jira");
        assertTrue(upgraded.page.post("api/validate", "{}").get("usable").getAsBoolean());
      }
      assertEquals(Map.of("sealing-key", key), kept);
      assertEquals(key, Files.readString(file), "a node that is not upgraded yet has no key");

      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      try (PluginFixture later = new PluginFixture(work, kept)) {
        assertTrue(later.page.post("api/validate", "{}").get("usable").getAsBoolean());
      }
      assertFalse(Files.readString(file).contains(key), "the key stays in the file after the upgrade");

      try (PluginFixture again = new PluginFixture(work, kept)) {
        assertTrue(again.page.post("api/validate", "{}").get("usable").getAsBoolean());
      }
      assertEquals(Map.of("sealing-key", key), kept);
    }
  }

  /** In the middle of a rolling upgrade, and whenever the service is away for a moment. */
  @Test
  void neverMakesASecondKey() throws Exception {
    Path file = work.resolve("shared/data/okta-profiles/sealing.key");
    Map<String, String> kept = new ConcurrentHashMap<>();
    try (SimulatedOrg org = new SimulatedOrg(50)) {
      try (PluginFixture upgraded = new PluginFixture(work, kept)) {
        upgraded.connect(org);
      }
      assertEquals(Set.of("sealing-key"), kept.keySet());
      Map<String, String> before = Map.copyOf(kept);
      String note = Files.readString(file);
      assertFalse(note.contains(kept.get("sealing-key")), "a new key is in the file although there is a service");

      try (PluginFixture old = new PluginFixture(work)) {
        PageClient.Reply reply = old.page.tryGet("api/connection");
        assertEquals("SEALING_KEY_UNAVAILABLE", reply.error());
        assertTrue(reply.body().contains("secret service"), reply.body());
      }
      assertEquals(note, Files.readString(file), "a node without the service made a key of its own");

      kept.clear();
      try (PluginFixture emptied = new PluginFixture(work, kept)) {
        assertEquals("SEALING_KEY_UNAVAILABLE", emptied.page.tryGet("api/connection").error());
      }
      kept.putAll(before);
      try (PluginFixture again = new PluginFixture(work, kept)) {
        assertTrue(again.page.post("api/validate", "{}").get("usable").getAsBoolean());
      }
    }
  }
}
