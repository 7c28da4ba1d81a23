package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.fakes.FakeJira;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Jira that lacks something: each package and each service is left out once, and the plugin stays. */
class MissingPartsTest {
  @TempDir Path work;

  private final JiraLogFile log = new JiraLogFile();

  @AfterEach
  void endListening() {
    log.close();
  }

  /** Packages of Jira that the bundle imports. */
  static Stream<String> packages() throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("okta.bundle"))) {
      String imports = jar.getManifest().getMainAttributes().getValue("Import-Package");
      return Arrays.stream(imports.replaceAll("\"[^\"]*\"", "").split(","))
          .map(item -> item.split(";")[0])
          .filter(name -> name.matches("(com\\.atlassian|org\\.slf4j|org\\.apache\\.log4j).*"))
          .toList()
          .stream();
    }
  }

  /** Services of Jira that the plugin may look for. */
  static Stream<String> services(@TempDir Path folder) throws Exception {
    try (FakeJira jira = new FakeJira("node1", folder.resolve("local"), folder.resolve("shared"), false)) {
      return jira.services().keySet().stream().map(Class::getName).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageThatIsMissingCostsAFeature(String missing) throws Exception {
    staysActive(missing);
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceThatIsMissingCostsAFeature(String missing) throws Exception {
    staysActive(missing);
  }

  private void staysActive(String missing) throws Exception {
    FakeJira jira = new FakeJira("node1", work.resolve("local"), work.resolve("shared"), false);
    Path bundle = Path.of(System.getProperty("okta.bundle"));
    try (OsgiJira osgi = new OsgiJira(jira, work.resolve("felix"), bundle, missing::equals)) {
      osgi.install();
      osgi.start();
      assertTrue(osgi.isActive(), "the bundle is not active");
      osgi.classOf("com.mumosystems.oktaprofiles.jira.Plugin").getMethod("current").invoke(null);
      for (String module : ContainerTest.moduleClasses()) {
        makeUnlessItIs(missing, osgi, module);
      }
      osgi.stop();
    }
    List<String> lines = log.warnings();
    assertTrue(lines.size() <= 2, "too many words: " + lines);
    assertTrue(lines.stream().allMatch(line -> line.contains(missing)), lines.toString());
  }

  /** A module lives unless its own class needs what is missing. */
  private static void makeUnlessItIs(String missing, OsgiJira osgi, String module) throws Exception {
    try {
      assertNotNull(osgi.classOf(module).getConstructor().newInstance());
    } catch (LinkageError e) {
      assertTrue(e.getMessage().replace('/', '.').contains(missing), module + ": " + e);
    }
  }

  /** A change that cannot be checked is refused, and the page says why; everything else goes on. */
  @Test
  void thePageSaysWhatIsMissing() throws Exception {
    String validator = "com.atlassian.sal.api.xsrf.XsrfRequestValidator";
    for (String missing : List.of(validator, "com.atlassian.sal.api.xsrf")) {
      try (PluginFixture plugin = new PluginFixture(work, missing, null, missing::equals)) {
        assertEquals(200, plugin.page.tryGet("api/settings").status());
        PageClient.Reply refused = plugin.page.tryPost("api/settings", "{}");
        assertEquals(500, refused.status(), refused.body());
        assertEquals("HOST_SERVICE_MISSING", refused.error());
        assertTrue(refused.body().contains(validator), refused.body());
      }
    }
  }

  @Test
  void settingsAreThereWithoutTheListOfProjects() throws Exception {
    String missing = "com.atlassian.jira.project.ProjectManager";
    try (PluginFixture plugin = new PluginFixture(work, "node1", null, missing::equals)) {
      JsonObject settings = plugin.page.get("api/settings");
      assertEquals(0, settings.getAsJsonArray("allProjects").size());
      assertEquals(60, settings.get("intervalMinutes").getAsInt());
    }
  }

  /** Without events nobody knows which users changed. */
  @Test
  void withoutEventsEachRunComparesAllUsers() throws Exception {
    for (String missing : List.of(
        "com.atlassian.event.api", "com.atlassian.event.api.EventPublisher", "com.atlassian.crowd.event.user",
        "com.atlassian.crowd.event.directory", "com.atlassian.crowd.model.user")) {
      try (SimulatedOrg org = new SimulatedOrg(20);
          PluginFixture plugin = new PluginFixture(work, missing, null, missing::equals)) {
        plugin.connect(org);
        for (int runs = 1; runs <= 3; runs++) {
          plugin.jira.users().addMany(runs);
          plugin.page.sync("{}");
          assertEquals(runs, plugin.jira.users().listings(), missing);
        }
      }
    }
  }

  /** Jira's own word on its home may go; SAL has the same. */
  @Test
  void theHomeIsFoundWithoutJirasService() throws Exception {
    String missing = "com.atlassian.jira.config.util";
    try (SimulatedOrg org = new SimulatedOrg(20);
        PluginFixture plugin = new PluginFixture(work, "node1", null, missing::equals)) {
      plugin.connect(org);
      plugin.page.sync("{}");
      assertTrue(Files.exists(work.resolve("node1/local/okta-profiles")));
    }
  }
}
