package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.mail.Email;
import com.google.gson.JsonArray;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators are told without opening the page: one mail for each cause, and a flag while it lasts. */
class NoticesTest {
  private static final int USERS = 300;

  @TempDir Path work;

  private static List<String> titles(PluginFixture plugin) throws Exception {
    JsonArray notices = plugin.page.get("notices").getAsJsonArray("notices");
    return notices.asList().stream().map(notice -> notice.getAsJsonObject().get("title").getAsString()).toList();
  }

  private static List<String> subjects(PluginFixture plugin) {
    return plugin.jira.mailQueue().mails().stream().map(Email::getSubject).toList();
  }

  private static void failToSync(PluginFixture plugin, String request) {
    assertThrows(IllegalStateException.class, () -> plugin.page.sync(request));
  }

  @Test
  void aNoticeAboutWhatGoesWrongForLongerIsSentOnce() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(USERS); PluginFixture plugin = new PluginFixture(work)) {
      plugin.jira.users().addMany(60);
      plugin.connect(org);
      plugin.page.post("api/settings", "{\"noticesTo\":[\"ops@example.com\"]}");
      plugin.page.sync("{}");
      org.control("faults", "{\"faults\":[\"not-okta\"]}");
      failToSync(plugin, "{\"mode\":\"full\"}");
      failToSync(plugin, "{\"mode\":\"full\"}");
      assertEquals(List.of(), titles(plugin));
      failToSync(plugin, "{\"mode\":\"full\"}");
      failToSync(plugin, "{\"mode\":\"full\"}");
      List<String> fails = List.of("Okta Profiles cannot synchronize");
      assertEquals(fails, titles(plugin));
      assertEquals(fails, subjects(plugin));
      Email mail = plugin.jira.mailQueue().mails().get(0);
      assertEquals("ops@example.com", mail.getTo());
      assertTrue(mail.getBody().contains("Several runs in a row") && mail.getBody().contains("/okta-profiles/admin"), mail.getBody());

      org.control("faults", "{\"faults\":[]}");
      plugin.page.sync("{\"mode\":\"full\"}");
      assertEquals(List.of(), titles(plugin));

      org.mutate("{\"delete_range\":{\"from\":50,\"to\":" + USERS + "}}");
      failToSync(plugin, "{\"mode\":\"full\"}");
      failToSync(plugin, "{\"mode\":\"full\"}");
      assertEquals(List.of("Okta Profiles waits for your decision"), titles(plugin));
      assertEquals(2, subjects(plugin).size(), "one for each cause");

      // Another administrator of Jira, who may not open the page, is told nothing.
      plugin.jira.session().signIn("JIRAUSER10001");
      assertEquals(List.of(), titles(plugin));
    }
  }

  @Test
  void addressesAreAddresses() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      PageClient.Reply reply = plugin.page.tryPost("api/settings", "{\"noticesTo\":[\"ops at example\"]}");
      assertEquals("400 INVALID_ARGUMENT", reply.status() + " " + reply.error());
    }
  }
}
