package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.plugin.web.Condition;
import com.atlassian.plugin.web.api.model.WebPanel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the descriptor and the code say of each other. */
class DescriptorTest {
  private static final String CONDITION = "com.mumosystems.oktaprofiles.jira.web.AdministratorCondition";

  @TempDir Path work;

  @Test
  void theMenuItemShowsForThoseWhomThePageLetsIn() throws Exception {
    assertEquals(2, Pattern.compile(CONDITION).matcher(descriptor()).results().count());
    try (PluginFixture plugin = new PluginFixture(work)) {
      for (String user : new String[] {"admin", "alice", null}) {
        plugin.jira.session().signIn(user);
        boolean letIn = plugin.page.tryGet("admin").status() == 200;
        assertEquals(letIn, plugin.osgi.module(Condition.class, CONDITION).shouldDisplay(Map.of()), user);
      }
    }
  }

  /** Jira serves them under addresses without a hash; caches would keep those of the version before. */
  @Test
  void staticFilesHaveTheVersionInTheirAddress() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      String html = plugin.page.tryGet("admin").body();
      List<String> files = Pattern.compile("/download/resources/com\\.mumosystems\\.okta-profiles:admin/([^\"]+)")
          .matcher(html)
          .results()
          .map(match -> match.group(1))
          .toList();
      assertTrue(files.size() >= 2, html);
      for (String file : files) {
        String folder = file.substring(0, file.lastIndexOf('/') + 1);
        String xml = descriptor();
        assertTrue(xml.contains("name=\"" + file + "\"") || xml.contains("name=\"" + folder + "\""), file);
        assertTrue(file.startsWith(System.getProperty("okta.version") + "/"), file);
      }
    }
  }

  /** From Jira 10 on Jira renders panels of this type, and by getHtml. */
  @Test
  void panelsAreOfTheTypeThatJiraRenders() throws Exception {
    try (PluginFixture plugin = new PluginFixture(work)) {
      for (String panel : List.of("IssuePanel", "ProfilePanel")) {
        String name = "com.mumosystems.oktaprofiles.jira.panel." + panel;
        assertEquals("", plugin.osgi.module(WebPanel.class, name).getHtml(Map.of()));
      }
      assertFalse(descriptor().contains("<resource type=\"velocity\""));
    }
  }

  private static String descriptor() throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("okta.bundle"))) {
      byte[] xml = jar.getInputStream(jar.getEntry("atlassian-plugin.xml")).readAllBytes();
      return new String(xml, StandardCharsets.UTF_8);
    }
  }
}
