package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.crowd.event.directory.DirectoryDeletedEvent;
import com.atlassian.crowd.event.user.AutoUserUpdatedEvent;
import com.atlassian.crowd.event.user.UserAttributeStoredEvent;
import com.atlassian.crowd.event.user.UserCreatedFromDirectorySynchronisationEvent;
import com.atlassian.scheduler.config.JobId;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.fakes.FakeUser;
import com.mumosystems.oktaprofiles.fakes.FakeUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs look up the users whom Jira's events name, and compare all users whenever these may not suffice. */
class UserEventsTest {
  private static final int OKTA = 80;
  private static final int JIRA = 60;
  private static final JobId FOLLOW = JobId.of("com.mumosystems.okta-profiles.follow");

  @TempDir Path work;
  private SimulatedOrg org;
  private PluginFixture plugin;

  @BeforeEach
  void start() throws Exception {
    org = new SimulatedOrg(OKTA);
    plugin = PluginFixture.clustered(work);
    addMany(plugin);
    plugin.connect(org);
    plugin.page.sync("{}");
    assertEquals(1, users().listings(), "the first run compares all users");
    plugin.page.sync("{}");
    assertEquals(1, users().listings(), "nothing happened since");
  }

  @AfterEach
  void stop() throws Exception {
    plugin.close();
    org.close();
  }

  /** Users who were there before the plugin. */
  private static void addMany(PluginFixture node) {
    node.jira.events().lose(true);
    node.jira.users().addMany(JIRA);
    node.jira.events().lose(false);
  }

  private FakeUsers users() {
    return plugin.jira.users();
  }

  private Path file() {
    return work.resolve("shared/data/okta-profiles/jira-users.json");
  }

  /** Lets the times in the file be as long ago as if nobody had changed for an hour. */
  private void settle() throws IOException {
    age(Duration.ofHours(1));
  }

  private void age(Duration age) throws IOException {
    long then = System.currentTimeMillis() - age.toMillis();
    rewrite(file(), text -> Pattern.compile("\\d{13}").matcher(text).replaceAll(String.valueOf(then)));
  }

  private static void rewrite(Path file, UnaryOperator<String> change) throws IOException {
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  private static String key(int number) {
    return "JIRAUSER" + (10_000 + number);
  }

  private static String login(int number) {
    return "user%06d@example.com".formatted(number);
  }

  private static FakeUser user(int number, String name, String title) {
    return new FakeUser(key(number), name, name, title, true);
  }

  /** The row of a Jira user in the directory; null if there is none. */
  private static JsonObject row(PluginFixture plugin, int number) throws IOException {
    for (String view : List.of("all", "jira_only")) {
      for (JsonElement row : plugin.page.get("api/directory?limit=500&view=" + view).getAsJsonArray("rows")) {
        JsonElement jira = row.getAsJsonObject().get("jira");
        if (jira.isJsonObject() && jira.getAsJsonObject().get("key").getAsString().equals(key(number))) {
          return row.getAsJsonObject();
        }
      }
    }
    return null;
  }

  private String text(int number, String member) throws IOException {
    return row(plugin, number).getAsJsonObject("jira").get(member).getAsString();
  }

  @Test
  void aRunLooksUpWhomEventsName() throws Exception {
    users().add(user(70, login(70), "New"));
    users().add(user(1, login(1), "Other title"));
    users().add(new FakeUser(key(2), login(2), login(2), "User 2", false));
    users().add(user(3, "renamed", "User 3"));
    users().remove(key(4));
    users().removeTogether(List.of(key(5), key(6)));
    // Somebody else gets a name that was given up.
    users().remove(key(7));
    users().add(user(77, login(7), "Same name"));
    plugin.page.sync("{}");
    assertEquals("MATCHED", row(plugin, 70).get("state").getAsString());
    assertEquals("Other title", text(1, "displayName"));
    assertEquals("false", text(2, "active"));
    assertEquals("renamed", text(3, "username"));
    for (int gone = 4; gone <= 7; gone++) {
      assertNull(row(plugin, gone), "the directory still has a user whom Jira deleted");
    }
    assertEquals("MATCHED", row(plugin, 77).get("state").getAsString());
    assertEquals(1, users().listings(), "all users were compared");
  }

  @Test
  void namesStayForAWhileAndThenGo() throws Exception {
    users().add(user(70, login(70), "New"));
    plugin.page.sync("{}");
    assertTrue(Files.readString(file()).contains(login(70)), "its change may not be in the caches of all nodes yet");
    settle();
    plugin.page.sync("{}");
    assertFalse(Files.readString(file()).contains("example.com"), Files.readString(file()));
    plugin.page.sync("{}");
    assertEquals(1, users().listings());
    assertEquals("MATCHED", row(plugin, 70).get("state").getAsString());
  }

  /** An event may be published before its change is committed. */
  @Test
  void aChangeThatComesAfterItsEventIsSeen() throws Exception {
    plugin.jira.events().publish(new UserCreatedFromDirectorySynchronisationEvent(() -> login(70)));
    plugin.jira.events().publish(new AutoUserUpdatedEvent(() -> login(1)));
    plugin.page.sync("{}");
    plugin.jira.events().lose(true);
    users().add(user(70, login(70), "New"));
    users().add(user(1, login(1), "Other title"));
    plugin.page.sync("{}");
    assertEquals("MATCHED", row(plugin, 70).get("state").getAsString());
    assertEquals("Other title", text(1, "displayName"));
    assertEquals(1, users().listings());
  }

  @Test
  void aFullRunFindsWhatNoEventNamed() throws Exception {
    plugin.jira.events().lose(true);
    users().remove(key(4));
    plugin.page.sync("{}");
    assertEquals(1, users().listings());
    plugin.page.sync("{\"mode\":\"full\"}");
    assertEquals(2, users().listings());
    assertNull(row(plugin, 4));
  }

  @Test
  void allUsersAreComparedAsOftenAsAFullRunIsDue() throws Exception {
    Path mark = work.resolve("node1/local/okta-profiles/jira-users.mark");
    long yesterday = System.currentTimeMillis() - Duration.ofHours(25).toMillis();
    rewrite(mark, text -> text.replaceAll("\\d{13}", String.valueOf(yesterday)));
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
  }

  @Test
  void whatHappenedWhileThePluginWasOffIsFound() throws Exception {
    plugin.osgi.stop();
    assertEquals(0, plugin.jira.events().listeners(), "the listener keeps the plugin's classes");
    users().remove(key(4));
    plugin.osgi.start();
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
    assertNull(row(plugin, 4));
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
  }

  @Test
  void aRemovedDirectoryOfJiraLeadsToAComparison() throws Exception {
    plugin.jira.events().publish(new DirectoryDeletedEvent());
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
  }

  @Test
  void anEventThatCannotBeReadLeadsToAComparison() throws Exception {
    plugin.jira.events().publish(new UserCreatedFromDirectorySynchronisationEvent(() -> null));
    plugin.jira.events().publish(new UserCreatedFromDirectorySynchronisationEvent(() -> {
      throw new NoSuchMethodError("getName");
    }));
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
  }

  /** Jira stores the time of each sign-in. */
  @Test
  void attributesOfUsersAreNoNews() throws Exception {
    plugin.jira.events().publish(new UserAttributeStoredEvent(() -> login(1)));
    String before = Files.readString(file());
    plugin.page.sync("{}");
    assertEquals(before, Files.readString(file()));
  }

  @Test
  void aBurstOfEventsLeadsToAComparison() throws Exception {
    IntStream.range(0, 1_001).forEach(i -> users().add(user(1_000 + i, "burst" + i, "Burst")));
    passOn("\"all\":1");
    assertFalse(Files.readString(file()).contains("burst"), "names are kept that nobody will look up");
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
    JsonObject statistics = plugin.page.get("api/sync").getAsJsonObject("statistics");
    assertEquals(JIRA + 1_001, statistics.get("jiraUsers").getAsInt());
  }

  /** The comparison of all users has a limit of what may be lost; events must not lead around it. */
  @Test
  void manyDeletionsNeedAConfirmation() throws Exception {
    users().removeTogether(IntStream.range(10, 40).mapToObj(UserEventsTest::key).toList());
    for (String request : List.of("{}", "{\"mode\":\"full\"}", "{}")) {
      Exception refused = assertThrows(IllegalStateException.class, () -> plugin.page.sync(request));
      assertTrue(refused.getMessage().contains("TOO_MANY_JIRA_USERS_LOST"), refused.getMessage());
      settle();
    }
    plugin.page.sync("{\"confirmJiraLoss\":true}");
    assertNull(row(plugin, 10));
  }

  /** A comparison that was refused is not forgotten because no event came since. */
  @Test
  void aRefusedComparisonIsMadeAgain() throws Exception {
    plugin.jira.events().lose(true);
    users().removeTogether(IntStream.range(10, 40).mapToObj(UserEventsTest::key).toList());
    assertThrows(IllegalStateException.class, () -> plugin.page.sync("{\"mode\":\"full\"}"));
    assertThrows(IllegalStateException.class, () -> plugin.page.sync("{}"));
  }

  @Test
  void aDamagedFileLeadsToAComparison() throws Exception {
    users().remove(key(4));
    passOn(login(4));
    int runs = 1;
    for (UnaryOperator<String> damage : List.<UnaryOperator<String>>of(
        text -> text.substring(0, text.length() / 2),
        text -> "",
        text -> "{\"mark\":\"x\",\"all\":0,\"names\":{\"a\":null}}")) {
      rewrite(file(), damage);
      plugin.page.sync("{}");
      runs++;
      assertEquals(runs, users().listings());
      plugin.page.sync("{}");
      assertEquals(runs, users().listings(), "the file was not repaired");
    }
    assertNull(row(plugin, 4));
  }

  /** As after a kill between the two, or a backup of one of them. */
  @Test
  void aFileOfAnotherStateLeadsToAComparison() throws Exception {
    users().add(user(70, login(70), "New"));
    passOn(login(70));
    settle();
    String before = Files.readString(file());
    plugin.page.sync("{}");
    Files.writeString(file(), before);
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
  }

  @Test
  void aFileThatCannotBeWrittenDoesNotStopARun() throws Exception {
    Files.delete(file());
    Files.createDirectories(file().resolve("full"));
    users().remove(key(4));
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
    assertNull(row(plugin, 4));
    Files.delete(file().resolve("full"));
    Files.delete(file());
    plugin.page.sync("{}");
    plugin.page.sync("{}");
    assertEquals(3, users().listings());
  }

  @Test
  void aNodeLearnsOfEventsOnAnotherNode() throws Exception {
    try (PluginFixture other = PluginFixture.clustered(work, "node2")) {
      addMany(other);
      other.page.sync("{}");
      int before = other.jira.users().listings();
      // Both nodes have the same users, but the event comes on one of them only.
      plugin.jira.events().lose(true);
      other.jira.users().add(user(70, login(70), "New"));
      users().add(user(70, login(70), "New"));
      other.jira.users().remove(key(4));
      users().remove(key(4));
      Deliveries.await("the other node passes nothing on", () -> Files.readString(file()).contains(login(4)));
      int here = users().listings();
      plugin.page.sync("{}");
      assertEquals(here, users().listings());
      settle();
      other.page.sync("{}");
      for (PluginFixture node : List.of(plugin, other)) {
        node.jira.scheduler().runNow(FOLLOW);
        Deliveries.await("a node does not have the new user", () -> has(node, 70));
        assertNull(row(node, 4));
      }
      assertEquals(before, other.jira.users().listings());
      assertFalse(Files.readString(file()).contains("example.com"));
    }
  }

  private static boolean has(PluginFixture node, int number) throws IOException {
    return row(node, number) != null;
  }

  /** Follows until the file contains a text: the job leaves it to a thread of the node that already follows. */
  private void passOn(String text) throws Exception {
    Deliveries.await("the node passes nothing on", () -> {
      plugin.jira.scheduler().runNow(FOLLOW);
      return Files.readString(file()).contains(text);
    });
  }

  /** With live, a new user need not wait for a run. A user who is gone does, because only a run has a limit. */
  @Test
  void liveHandsOverNewUsers() throws Exception {
    plugin.page.post("api/settings", "{\"live\":{\"source\":\"log\",\"intervalSeconds\":5}}");
    users().add(user(70, login(70), "New"));
    users().remove(key(4));
    Deliveries.await("a new user waits for a run", () -> has(plugin, 70));
    assertEquals("MATCHED", row(plugin, 70).get("state").getAsString());
    assertTrue(has(plugin, 4), "a refresh must not remove users");
    plugin.page.sync("{}");
    assertNull(row(plugin, 4));
    assertEquals(1, users().listings());
  }

  @Test
  void namesDoNotWaitLongerThanADay() throws Exception {
    users().add(user(1, login(1), "Other title"));
    passOn(login(1));
    age(Duration.ofHours(25));
    Deliveries.await("a name is still there", () -> {
      plugin.jira.scheduler().runNow(FOLLOW);
      return !Files.readString(file()).contains(login(1));
    });
    plugin.page.sync("{}");
    assertEquals("Other title", text(1, "displayName"));
  }

  @Test
  void aNodeWithAWrongClockCausesOneComparisonOnly() throws Exception {
    plugin.jira.events().publish(new DirectoryDeletedEvent());
    users().add(user(1, login(1), "Other title"));
    passOn(login(1));
    age(Duration.ofDays(-400));
    plugin.page.sync("{}");
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
    assertFalse(Files.readString(file()).contains(login(1)));
  }

  @Test
  void anErasedPersonIsInNoList() throws Exception {
    users().add(user(1, login(1), "Other title"));
    passOn(login(1));
    assertEquals("valid true", NodeProgram.anonymize(plugin.jira, plugin.osgi, "forget", key(1)));
    assertFalse(Files.readString(file()).contains(login(1)));
    plugin.page.sync("{}");
    assertEquals(2, users().listings());
  }
}
