package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.jira.plugin.jql.function.AbstractJqlFunction;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.jira.util.MessageSet;
import com.atlassian.query.operand.FunctionOperand;
import com.mumosystems.oktaprofiles.fakes.FakeSearch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question in JQL that nearly everybody fits. */
class LongAnswersTest {
  private static final int USERS = 5_600;

  @TempDir Path work;

  @Test
  void aLongAnswerIsCutWithAWarning() throws Exception {
    try (SimulatedOrg org = new SimulatedOrg(USERS);
        PluginFixture plugin = new PluginFixture(work)) {
      plugin.jira.users().addMany(USERS);
      plugin.jira.users().join("JIRAUSER10001", "readers");
      plugin.connect(org);
      plugin.page.post("api/settings", "{\"visibleToGroup\":\"readers\",\"searchAttributes\":[\"group\",\"status\"],"
          + "\"groups\":{\"sync\":true,\"types\":[]}}");
      plugin.page.sync("{}");
      AbstractJqlFunction function = plugin.osgi.module(
          AbstractJqlFunction.class, "com.mumosystems.oktaprofiles.jira.jql.OktaUsersFunction");
      ApplicationUser searcher = plugin.jira.users().getUserByKey("JIRAUSER10001");
      FunctionOperand everyone = new FunctionOperand("oktaUsers", List.of("group", "Everyone"));
      MessageSet messages = function.validate(searcher, everyone, null);
      assertEquals(List.of(), List.copyOf(messages.getErrorMessages()));
      assertTrue(messages.getWarningMessages().toString().contains("5,000"), messages.getWarningMessages().toString());
      assertEquals(5_000, function.getValues(new FakeSearch(searcher), everyone, null).size());

      FunctionOperand few = new FunctionOperand("oktaUsers", List.of("status", "STAGED"));
      assertEquals(0, function.validate(searcher, few, null).getWarningMessages().size());
    }
  }
}
