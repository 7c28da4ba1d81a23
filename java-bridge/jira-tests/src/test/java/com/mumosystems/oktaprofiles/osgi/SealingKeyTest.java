package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
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
      assertFalse(Files.exists(file), "the key stays in the file as well");

      try (PluginFixture again = new PluginFixture(work, kept)) {
        assertTrue(again.page.post("api/validate", "{}").get("usable").getAsBoolean());
      }
    }
  }
}
