package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs did, as the page asks for it. */
class ChangesTest {
  private static final int USERS = 120;
  private static final List<String> DEPARTMENTS = List.of("Moon", "Mars", "Venus");

  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;
  private static String id;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(USERS);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(60);
    plugin.connect(org);
    plugin.page.sync("{}");
    id = plugin.page.get("api/directory?limit=1").getAsJsonArray("rows").get(0).getAsJsonObject()
        .getAsJsonObject("okta").get("id").getAsString();
    for (String department : DEPARTMENTS) {
      org.mutate("{\"update\":{\"id\":\"" + id + "\",\"profile\":{\"department\":\"" + department + "\"}}}");
      plugin.page.sync("{\"mode\":\"full\"}");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  private static String to(JsonObject change) {
    return change.getAsJsonArray("fields").asList().stream()
        .map(field -> field.getAsJsonObject())
        .filter(field -> field.get("field").getAsString().endsWith("department"))
        .map(field -> field.get("to").getAsString())
        .findFirst()
        .orElse("");
  }

  @Test
  void theHistoryOfAUserBeginsWithTheNewest() throws Exception {
    JsonArray history = plugin.page.get("api/directory/user?oktaId=" + id).getAsJsonArray("history");
    List<String> departments = history.asList().stream().map(change -> to(change.getAsJsonObject())).toList();
    assertEquals(List.of("Venus", "Mars", "Moon"), departments.subList(0, 3));
  }

  @Test
  void aRunTellsItsOwnChangesPageByPage() throws Exception {
    JsonArray runs = plugin.page.get("api/sync").getAsJsonArray("runs");
    for (int i = 0; i < DEPARTMENTS.size(); i++) {
      String run = runs.get(i).getAsJsonObject().get("run").getAsString();
      JsonObject answer = plugin.page.get("api/changes?run=" + run);
      assertEquals(1, answer.getAsJsonArray("changes").size(), "of run " + run);
      assertEquals(DEPARTMENTS.get(2 - i), to(answer.getAsJsonArray("changes").get(0).getAsJsonObject()));
      assertTrue(answer.get("next").isJsonNull());
    }
    String first = runs.get(DEPARTMENTS.size()).getAsJsonObject().get("run").getAsString();
    Set<String> seen = new TreeSet<>();
    String after = "0";
    for (int pages = 0; after != null && pages < 10; pages++) {
      JsonObject answer = plugin.page.get("api/changes?limit=50&run=" + first + "&after=" + after);
      answer.getAsJsonArray("changes").forEach(change -> seen.add(change.getAsJsonObject().get("oktaId").getAsString()));
      after = answer.get("next").isJsonNull() ? null : answer.get("next").getAsString();
    }
    assertEquals(USERS, seen.size());
    assertEquals(0, plugin.page.get("api/changes?run=99999").getAsJsonArray("changes").size());
  }
}
