package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.scheduler.config.JobId;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that others left on the shared home torn, empty, full of NUL bytes, or as a newer version writes them. */
class SharedHomeTest {
  private static final byte[] NULS = new byte[512];

  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(60);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(40);
    plugin.connect(org);
    plugin.page.sync("{}");
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  private static Path file(String name) throws IOException {
    Path file = work.resolve("shared/data/okta-profiles").resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private static void append(byte[] bytes) throws IOException {
    Files.write(file("pins.jsonl"), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String pin(String oktaId, String jiraKey) {
    return "{\"jiraKey\":\"" + jiraKey + "\",\"oktaId\":\"" + oktaId + "\",\"by\":\"a\",\"at\":\"b\"}";
  }

  private static String state(String oktaId) throws IOException {
    return plugin.page.get("api/directory/user?oktaId=" + oktaId).get("state").getAsString();
  }

  private static List<String> lonely() throws IOException {
    JsonArray rows = plugin.page.get("api/directory?view=okta_only&limit=50").getAsJsonArray("rows");
    return rows.asList().stream()
        .map(row -> row.getAsJsonObject().getAsJsonObject("okta").get("id").getAsString())
        .toList();
  }

  @Test
  void damagedLinesOfTheJournalArePassedOverAndAppendsStandAlone() throws Exception {
    List<String> okta = lonely();
    append(bytes("{\"jiraKey\":\"JIRAUSER10001\",\"okt\n"));
    append(bytes("\n[1,2]\nnull\n{}\n{\"jiraKey\":7,\"oktaId\":[]}\n{\"kind\":\"of a newer version\"}\n"));
    append(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
    append(NULS);
    append(bytes(pin(okta.get(0), "JIRAUSER10001") + "\n"));
    append(bytes(pin(okta.get(1), "JIRAUSER10002")));
    plugin.page.sync("{}");
    assertEquals("PINNED", state(okta.get(0)), "the line behind the damaged ones was not applied");
    assertEquals("PINNED", state(okta.get(1)), "only the end of the last line was lost");

    append(bytes("\n{\"jiraKey\":\"JIRAUSER1"));
    plugin.page.post("api/directory/pin", "{\"oktaId\":\"" + okta.get(2) + "\",\"jiraKey\":\"JIRAUSER10003\"}");
    List<String> lines = new String(Files.readAllBytes(file("pins.jsonl")), StandardCharsets.ISO_8859_1).lines().toList();
    assertEquals("{\"jiraKey\":\"JIRAUSER1", lines.get(lines.size() - 2), "the torn tail was lost or changed");
    JsonObject last = JsonParser.parseString(lines.get(lines.size() - 1)).getAsJsonObject();
    assertEquals(okta.get(2), last.get("oktaId").getAsString());
  }

  @Test
  void anEntryThatCouldNotBeWrittenIsAppliedLater() throws Exception {
    String okta = lonely().get(0);
    Path file = work.resolve("node1/local/okta-profiles/directory-0.db");
    Path away = file.resolveSibling("away");
    follow();
    String before = bookmark();
    append(bytes("\n" + pin(okta, "JIRAUSER10031") + "\n"));
    // As a disk that fails for a moment: whatever is written is lost.
    Files.move(file, away);
    try {
      follow();
      assertEquals(before, bookmark(), "the entry is passed over");
    } finally {
      Files.move(away, file);
    }
    follow();
    assertEquals("PINNED", state(okta));
    assertNotEquals(before, bookmark());
  }

  /** How far the journal is applied, as the node keeps it. */
  private static String bookmark() throws IOException {
    Path file = work.resolve("node1/local/okta-profiles/pins.bookmark");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static void follow() {
    plugin.jira.scheduler().runNow(JobId.of("com.mumosystems.okta-profiles.follow"));
  }

  @Test
  void pipesAndLinksKeepNobodyWaiting() throws Exception {
    for (String name : List.of("run.json", "live.json", "increments/head.json", "pins.jsonl")) {
      Path file = file(name);
      byte[] content = Files.exists(file) ? Files.readAllBytes(file) : null;
      Files.deleteIfExists(file);
      assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
      assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
        for (String path : List.of("api/sync", "api/live", "api/diagnostics")) {
          assertEquals(200, plugin.page.tryGet(path).status(), name + ", " + path);
        }
        String pin = "{\"oktaId\":\"" + lonely().get(0) + "\",\"jiraKey\":\"JIRAUSER10032\"}";
        assertEquals(name.equals("pins.jsonl") ? 500 : 200, plugin.page.tryPost("api/directory/pin", pin).status(), name);
        follow();
      });
      Files.delete(file);
      if (content != null) {
        Files.write(file, content);
      }
    }
    Files.deleteIfExists(file("run.json.unreadable"));
    Files.deleteIfExists(file("run.json"));
    Files.createSymbolicLink(file("run.json"), Path.of("/etc/passwd"));
    assertFalse(plugin.page.get("api/sync").get("running").getAsBoolean());
    assertFalse(Files.exists(file("run.json.unreadable")), "what a link leads to was copied");
    plugin.page.sync("{}");
    assertTrue(Files.isRegularFile(file("run.json"), LinkOption.NOFOLLOW_LINKS));
  }

  /** Whoever sees a delivery reads again and publishes, every two seconds. */
  @Test
  void onlyDeliveriesCountAsDeliveries() throws Exception {
    Class<?> plugins = plugin.osgi.classOf("com.mumosystems.oktaprofiles.jira.Plugin");
    Object snapshots = plugins.getMethod("snapshots").invoke(plugins.getMethod("current").invoke(null));
    Method hasDeliveries = snapshots.getClass().getMethod("hasDeliveries");
    String name = "increments/deliveries/" + "a".repeat(32) + ".delivery";
    Files.write(file(name + ".part-1-2-3"), bytes("half"));
    Files.write(file("increments/deliveries/.nfs0001"), bytes("x"));
    Files.createDirectories(file(name));
    assertEquals(false, hasDeliveries.invoke(snapshots));
    Files.delete(file(name));
    Files.write(file(name), bytes("{}"));
    assertEquals(true, hasDeliveries.invoke(snapshots));
    Files.delete(file(name));
  }

  @Test
  void noticesFromFarAheadAreOld() throws Exception {
    Files.write(file("run.json"), bytes("{\"running\":true,\"node\":\"gone\",\"process\":\"1@1\",\"started\":1,"
        + "\"updated\":9999999999999,\"request\":{\"mode\":\"auto\",\"dryRun\":true}}"));
    assertFalse(plugin.page.get("api/sync").get("running").getAsBoolean(), "a run that nobody can stop");
    Files.write(file("live.json"), bytes("{\"node\":\"gone\",\"updated\":9999999999999,\"status\":{\"source\":\"off\"}}"));
    assertTrue(plugin.page.get("api/live").get("node").isJsonNull(), "a node that is gone keeps the duty");
    Files.delete(file("live.json"));
  }

  @Test
  void aJournalThatWasRestoredIsAppliedAnew() throws Exception {
    List<String> okta = lonely();
    for (int i = 0; i < 3; i++) {
      plugin.page.post(
          "api/directory/pin", "{\"oktaId\":\"" + okta.get(i) + "\",\"jiraKey\":\"JIRAUSER1001" + i + "\"}");
    }
    // As long as before, but another one.
    long lines = Files.readAllBytes(file("pins.jsonl")).length;
    Files.write(file("pins.jsonl"), bytes(pin(okta.get(4), "JIRAUSER10020") + "\n"));
    plugin.page.sync("{}");
    assertEquals("PINNED", state(okta.get(4)), "shorter than what was applied: " + lines);
  }

  @Test
  void damagedFilesCountAsMissing() throws Exception {
    for (String name : List.of("run.json", "increments/head.json")) {
      for (byte[] content : List.of(new byte[0], NULS, bytes("{\"running\":tru"), bytes("{}"), bytes("[]"), bytes("7"),
          bytes("{\"running\":true,\"node\":{},\"generation\":\"x\"}"), new byte[] {(byte) 0xc3})) {
        Files.write(file(name), content);
        assertFalse(plugin.page.get("api/sync").get("running").getAsBoolean(), name);
        assertEquals(200, plugin.page.tryGet("api/diagnostics").status(), name);
        if (content.length > 0) {
          assertEquals(content.length, Files.readAllBytes(file(name + ".unreadable")).length, name);
        }
      }
    }
    plugin.page.sync("{}");
    assertFalse(plugin.page.get("api/sync").get("lastError").isJsonObject());
  }

  @Test
  void requestsOfANewerVersionAreNotTakenOver() throws Exception {
    Files.write(file("run.json"), bytes("{\"running\":true,\"node\":\"gone\",\"process\":\"1@1\",\"started\":1,\"updated\":1,"
        + "\"request\":{\"mode\":\"telepathy\",\"dryRun\":false}}"));
    plugin.jira.scheduler().runNow(JobId.of("com.mumosystems.okta-profiles.follow"));
    assertEquals(200, plugin.page.tryGet("api/sync").status());
  }

  @Test
  void nothingIsStoredUnderDamagedSettings() throws Exception {
    Path stored = work.resolve("shared/plugin-settings/com.mumosystems.okta-profiles.settings");
    plugin.page.post("api/settings", "{\"attributesDrop\":[\"department\"]}");
    String sound = Files.readString(stored);
    for (String broken : List.of("", "{", "null", sound.substring(0, sound.length() / 2), "{\"attributesDrop\":7}")) {
      Files.writeString(stored, broken);
      int runs = plugin.page.get("api/sync").getAsJsonArray("runs").size();
      plugin.page.post("api/sync/start", "{\"mode\":\"full\"}");
      JsonObject state = plugin.page.get("api/sync");
      while (state.get("running").getAsBoolean()) {
        Thread.sleep(20);
        state = plugin.page.get("api/sync");
      }
      JsonObject error = state.getAsJsonObject("lastError");
      assertEquals("INVALID_SETTING", error.get("name").getAsString(), broken);
      assertTrue(error.get("message").getAsString().contains("damaged"), error.toString());
      assertEquals(runs, state.getAsJsonArray("runs").size(), "a run began under defaults");
    }
    Files.writeString(stored, sound);
    plugin.page.sync("{\"mode\":\"full\"}");
    plugin.page.post("api/settings", "{\"attributesDrop\":[]}");
  }

  @Test
  void damagedSettingsHaveTheirDefaultsAndThoseOfNewerVersionsStay() throws Exception {
    Path stored = work.resolve("shared/plugin-settings/com.mumosystems.okta-profiles.settings");
    Files.createDirectories(stored.getParent());
    for (String broken : List.of("", "{", "[]", "null", "\u0000\u0000", "{\"rules\":null,\"groups\":{\"sync\":1}}",
        "{\"intervalMinutes\":4294967297,\"panelAttributes\":[[]],\"network\":7}")) {
      Files.writeString(stored, broken);
      JsonObject settings = plugin.page.get("api/settings");
      assertEquals(60, settings.get("intervalMinutes").getAsInt(), broken);
      assertTrue(settings.getAsJsonObject("groups").get("types").isJsonArray(), broken);
    }
    Files.writeString(stored, "{\"intervalMinutes\":30,\"ofANewerVersion\":{\"x\":1}}");
    plugin.page.post("api/settings", "{\"retain\":\"all\"}");
    JsonObject kept = JsonParser.parseString(Files.readString(stored)).getAsJsonObject();
    assertEquals(30, kept.get("intervalMinutes").getAsInt());
    assertTrue(kept.has("ofANewerVersion"), "an older node has thrown away what a newer one set");
    Files.writeString(stored, "{broken");
    plugin.page.post("api/settings", "{\"retain\":\"all\"}");
    Path aside = stored.resolveSibling(stored.getFileName() + ".unreadable");
    assertEquals("{broken", Files.readString(aside));
  }
}
