package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom Jira anonymises no file of the cluster knows any more, on whatever node it happens. */
class AnonymizeTest {
  private static final int USERS = 120;
  private static final String PERSON = "JIRAUSER10007";

  @TempDir Path work;

  @Test
  void anAnonymisedUserIsForgottenOnEveryNode() throws Exception {
    Path shared = work.resolve("shared");
    try (SimulatedOrg org = new SimulatedOrg(USERS);
        Node first = new Node("first", work, shared, USERS);
        Node second = new Node("second", work, shared, USERS)) {
      first.page.post(
          "api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}");
      first.page.sync("{}");
      first.page.sync("{}");
      String okta = first.page.get("api/directory?view=okta_only&limit=1").getAsJsonArray("rows").size() > 0
          ? id(first, "okta_only")
          : id(first, "matched");
      first.page.post("api/directory/pin", "{\"oktaId\":\"" + okta + "\",\"jiraKey\":\"" + PERSON + "\"}");
      second.followUntil("the other node has nobody to forget", () -> knows(second));

      assertEquals("affected 1", second.anonymize("affected", PERSON));
      assertEquals("valid true", second.anonymize("forget", PERSON));
      assertFalse(knows(second), "the node of the administrator still knows the person");
      first.followUntil("the other node still knows the person", () -> !knows(first));
      assertEquals("affected 0", second.anonymize("affected", PERSON));
      assertEquals(0, named(shared.resolve("data/okta-profiles")));

      // As Jira does it then, on every node: the user is there under a name that tells nothing.
      second.anonymize("renamed", PERSON);
      second.page.sync("{\"mode\":\"full\"}");
      JsonObject row = rows(second, "jira_only").asList().stream()
          .map(item -> item.getAsJsonObject().getAsJsonObject("jira"))
          .filter(jira -> jira.get("key").getAsString().equals(PERSON))
          .findFirst()
          .orElseThrow();
      assertEquals("user-ca31a", row.get("displayName").getAsString());
    }
  }

  @Test
  void whatAClusterLeftBehindForgetsThePersonToo() throws Exception {
    Path shared = work.resolve("shared/data/okta-profiles");
    try (SimulatedOrg org = new SimulatedOrg(USERS)) {
      try (PluginFixture node = PluginFixture.clustered(work)) {
        node.jira.users().addMany(USERS);
        node.connect(org);
        node.page.sync("{}");
      }
      assertTrue(named(shared) > 0, "the test has nothing to look for");
      try (PluginFixture alone = new PluginFixture(work)) {
        alone.jira.users().addMany(USERS);
        assertEquals("valid true", NodeProgram.anonymize(alone.jira, alone.osgi, "forget", PERSON));
        assertEquals(0, named(shared));
      }
    }
  }

  /** A node of an older version, which may publish nothing while newer ones do. */
  @Test
  void nobodyIsTakenForForgottenWhileNewerFilesStillKnowThePerson() throws Exception {
    Path shared = work.resolve("shared/data/okta-profiles");
    Path head = shared.resolve("increments/head.json");
    try (SimulatedOrg org = new SimulatedOrg(USERS); PluginFixture node = PluginFixture.clustered(work)) {
      node.jira.users().addMany(USERS);
      node.connect(org);
      node.page.sync("{}");
      String ours = Files.readString(head);
      String newer = ours.replaceFirst("\"schema\":\\d+", "\"schema\":1000000");
      Files.writeString(head, newer);
      assertEquals("valid true", NodeProgram.anonymize(node.jira, node.osgi, "forget", PERSON));
      assertEquals(newer, Files.readString(head));
      assertTrue(Files.readString(shared.resolve("forget.jsonl")).contains(PERSON), "the newer nodes are never told");
      Files.writeString(head, ours);
      node.page.sync("{}");
      assertEquals(0, named(shared));
    }
  }

  private static String id(Node node, String view) throws IOException {
    return rows(node, view).get(0).getAsJsonObject().getAsJsonObject("okta").get("id").getAsString();
  }

  private static JsonArray rows(Node node, String view) throws IOException {
    return node.page.get("api/directory?limit=500&view=" + view).getAsJsonArray("rows");
  }

  private static boolean knows(Node node) throws IOException {
    return Stream.of("all", "jira_only", "matched").flatMap(view -> {
      try {
        return rows(node, view).asList().stream();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }).anyMatch(row -> row.toString().contains(PERSON));
  }

  /** How many files hold the key or the name of the Jira user, also in what is compressed. */
  private static int named(Path folder) throws IOException {
    int named = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(plain(file), StandardCharsets.ISO_8859_1);
        if (Stream.of(PERSON, PERSON.toLowerCase(Locale.ROOT)).anyMatch(content::contains)) {
          named++;
        }
      }
    }
    return named;
  }

  private static byte[] plain(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (!file.toString().endsWith(".base") && !file.toString().endsWith(".increment")) {
      return content;
    }
    // Rows follow one line that says what the file is.
    int rows = new String(content, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    InputStream compressed = new ByteArrayInputStream(content, rows, content.length - rows);
    try (InputStream plain = new InflaterInputStream(compressed, new Inflater(true))) {
      return plain.readAllBytes();
    }
  }
}
