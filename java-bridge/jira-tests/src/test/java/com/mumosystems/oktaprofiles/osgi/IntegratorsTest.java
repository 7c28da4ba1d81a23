package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other plugins and scripts: the exported service, and JSON over HTTP, each with the permissions of who asks. */
class IntegratorsTest {
  private static final String FOREIGN = "com.mumosystems.oktaprofiles.foreign.ForeignPlugin";
  private static final String READER = "JIRAUSER10002";
  private static final String OTHER = "JIRAUSER10001";

  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;
  /** Of a matched user with a department: the key, and every attribute that is no list. */
  private static String key;
  private static Map<String, String> attributes;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(200);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(200);
    plugin.jira.users().join(READER, "readers");
    plugin.connect(org);
    plugin.page.post("api/settings", "{\"visibleToGroup\":\"readers\",\"panelAttributes\":[\"department\",\"title\"],"
        + "\"searchAttributes\":[\"department\"]}");
    plugin.page.sync("{}");
    for (JsonElement row : plugin.page.get("api/directory?view=matched&limit=200").getAsJsonArray("rows")) {
      JsonObject entry = row.getAsJsonObject();
      String oktaId = entry.getAsJsonObject("okta").get("id").getAsString();
      attributes = new TreeMap<>();
      plugin.page.get("api/directory/user?oktaId=" + oktaId).getAsJsonArray("attributes").forEach(attribute -> {
        JsonElement value = attribute.getAsJsonObject().get("value");
        if (value.isJsonPrimitive()) {
          attributes.put(attribute.getAsJsonObject().get("name").getAsString(), value.getAsString());
        }
      });
      key = entry.getAsJsonObject("jira").get("key").getAsString();
      if (attributes.containsKey("department")) {
        break;
      }
    }
    assertTrue(attributes.containsKey("department"), "nobody has a department");
    plugin.osgi.add(foreignBundle());
    plugin.osgi.startOthers();
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  /** The class as a bundle that imports the exported package by its version, as another vendor would. */
  private static Path foreignBundle() throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", "com.example.foreign");
    main.putValue("Bundle-Version", "1.0.0");
    main.putValue("Bundle-Activator", FOREIGN);
    main.putValue("Import-Package", "org.osgi.framework,com.mumosystems.oktaprofiles.api;version=\"[1,2)\"");
    Path jar = work.resolve("foreign.jar");
    String entry = FOREIGN.replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        var bytes = IntegratorsTest.class.getResourceAsStream("/" + entry)) {
      out.putNextEntry(new JarEntry(entry));
      bytes.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> ask(String question) {
    return ((Function<String, Map<String, String>>) plugin.osgi.service("java.util.function.Function", null)).apply(question);
  }

  @Test
  void aForeignBundleReadsTheDirectory() throws Exception {
    Map<String, String> all = ask(key);
    attributes.forEach((name, value) -> assertEquals(value, all.get("attribute " + name), name));
    assertEquals("true", all.get("colleagues"));
    assertEquals("200", all.get("users"));
    assertEquals("200", all.get("changes"));
    assertFalse(all.get("text").contains(attributes.get("department")), "the text form names nobody");
    assertEquals("false", ask("nobody").get("found"));
  }

  @Test
  void aPersonSeesWhatAnAdministratorChose() throws Exception {
    Map<String, String> seen = ask(key + " as " + READER);
    assertEquals(attributes.get("department"), seen.get("attribute department"));
    assertEquals(null, seen.get("attribute login"));
    assertEquals("null", seen.get("status"));
    assertEquals("false", ask(key + " as " + OTHER).get("found"));
  }

  @Test
  void aHolderOfTheServiceGetsAClearErrorWhileThePluginStops() throws Exception {
    plugin.osgi.tellStop();
    try {
      assertTrue(ask(key).get("unavailable").contains("stopped"));
    } finally {
      plugin.osgi.tellStart();
    }
    assertEquals("true", ask(key).get("found"));
  }

  private static PageClient.Reply rest(String user, String path) throws IOException {
    plugin.jira.session().signIn(user);
    try {
      return plugin.page.tryGet("rest/1/" + path);
    } finally {
      plugin.jira.session().signIn("admin");
    }
  }

  @Test
  void scriptsReadWhatTheirUserMaySee() throws Exception {
    JsonObject profile = rest(READER, "profile?key=" + key).json();
    assertEquals(key, profile.get("jiraKey").getAsString());
    Map<String, String> told = new TreeMap<>();
    profile.getAsJsonArray("attributes").forEach(attribute -> told.put(
        attribute.getAsJsonObject().get("name").getAsString(), attribute.getAsJsonObject().get("value").getAsString()));
    Map<String, String> shown = new TreeMap<>(attributes);
    shown.keySet().retainAll(Set.of("department", "title"));
    assertEquals(shown, told);
    assertTrue(profile.get("status").isJsonNull());
    String username = plugin.jira.users().getUserByKey(key).getUsername();
    assertEquals(profile, rest(READER, "profile?username=" + username.toUpperCase(Locale.ROOT)).json());

    String department = URLEncoder.encode(attributes.get("department"), StandardCharsets.UTF_8);
    JsonObject users = rest(READER, "users?limit=1&attribute=department&value=" + department).json();
    assertEquals(1, users.getAsJsonArray("jiraKeys").size());
    assertEquals(200, rest(READER, "freshness").json().get("oktaUsers").getAsLong());
    assertTrue(rest(OTHER, "openapi.json").json().getAsJsonObject("paths").has("/profile"));
  }

  @Test
  void scriptsAreRefusedInWords() throws Exception {
    Map<String, String> refused = new TreeMap<>(Map.of(
        "profile", "INVALID_ARGUMENT",
        "profile?key=a&username=b", "INVALID_ARGUMENT",
        "profile?key=nobody", "NOT_FOUND",
        "users?attribute=login&value=x", "NOT_SEARCHABLE",
        "users?attribute=department", "INVALID_ARGUMENT",
        "users?attribute=department&value=x&limit=0", "INVALID_ARGUMENT",
        "nothing", "NOT_FOUND"));
    for (Map.Entry<String, String> question : refused.entrySet()) {
      assertEquals(question.getValue(), rest(READER, question.getKey()).error(), question.getKey());
    }
    assertEquals("NOT_ADMITTED", rest(OTHER, "profile?key=" + key).error());
    assertEquals("NOT_SIGNED_IN", rest(null, "profile?key=" + key).error());
    assertEquals(405, plugin.page.tryPost("rest/1/profile", "{}").status());
  }
}
