package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.jira.plugin.jql.function.AbstractJqlFunction;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.util.MessageSet;
import com.atlassian.query.operand.FunctionOperand;
import com.mumosystems.oktaprofiles.fakes.FakeSearch;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a question in JQL costs: the directory is asked once for each question and state, and no answer is endless. */
class JqlCostTest {
  private static final int USERS = 5_600;

  @TempDir Path work;

  @Test
  void aLongAnswerIsCutWithAWarning() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(USERS);
        PluginFixture plugin = synchronize(org, USERS, "\"group\",\"status\"")) {
      FunctionOperand everyone = question("group", "Everyone");
      MessageSet messages = function(plugin).validate(searcher(plugin), everyone, null);
      assertEquals(List.of(), List.copyOf(messages.getErrorMessages()));
      assertTrue(messages.getWarningMessages().toString().contains("5,000"), messages.getWarningMessages().toString());
      assertEquals(5_000, answer(plugin, everyone));
      FunctionOperand few = question("status", "STAGED");
      assertEquals(0, function(plugin).validate(searcher(plugin), few, null).getWarningMessages().size());
    }
  }

  @Test
  void theDirectoryIsAskedOnceForEachQuestionUntilItChanges() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(60);
        PluginFixture plugin = synchronize(org, 60, "\"department\"")) {
      FunctionOperand question = question("department", "Sales");
      long before = lookUps();
      function(plugin).validate(searcher(plugin), question, null);
      int found = answer(plugin, question);
      answer(plugin, question);
      assertEquals(before + 1, lookUps(), "one search asks once");

      function(plugin).validate(searcher(plugin), question("mobilePhone", "1"), null);
      function(plugin).validate(searcher(plugin), question("department"), null);
      function(plugin).validate(null, question, null);
      assertEquals(0, answer(plugin, question("mobilePhone", "1")));
      assertEquals(before + 1, lookUps(), "what is refused asks nothing");

      plugin.page.sync("{}");
      assertEquals(found, answer(plugin, question));
      assertEquals(before + 2, lookUps(), "an answer is not older than the directory");
    }
  }

  @Test
  void everyAttributeThatPeopleMaySearchByHasAnIndex() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(20);
        PluginFixture plugin = synchronize(org, 20, "\"department\",\"profile.costCenter\",\"status\"")) {
      String diagnostics = plugin.page.get("api/diagnostics").toString();
      assertTrue(diagnostics.contains("\"department,costCenter\""), diagnostics);
    }
  }

  private PluginFixture synchronize(SimulatedOrg org, int users, String askable) throws Exception {
    PluginFixture plugin = new PluginFixture(work);
    plugin.jira.users().addMany(users);
    plugin.jira.users().join("JIRAUSER10001", "readers");
    plugin.connect(org);
    plugin.page.post("api/settings", "{\"visibleToGroup\":\"readers\",\"searchAttributes\":[" + askable
        + "],\"groups\":{\"sync\":true,\"types\":[]}}");
    plugin.page.sync("{}");
    return plugin;
  }

  private static AbstractJqlFunction function(PluginFixture plugin) {
    return plugin.osgi.module(AbstractJqlFunction.class, "com.mumosystems.oktaprofiles.jira.jql.OktaUsersFunction");
  }

  private static ApplicationUser searcher(PluginFixture plugin) {
    return plugin.jira.users().getUserByKey("JIRAUSER10001");
  }

  private static FunctionOperand question(String... arguments) {
    return new FunctionOperand("oktaUsers", List.of(arguments));
  }

  private static int answer(PluginFixture plugin, FunctionOperand question) {
    return function(plugin).getValues(new FakeSearch(searcher(plugin)), question, null).size();
  }

  /** How often people have asked this node's directory. */
  private static long lookUps() throws Exception {
    ObjectName name = new ObjectName("com.mumosystems.okta-profiles:type=Directory");
    return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "LookUps");
  }
}
