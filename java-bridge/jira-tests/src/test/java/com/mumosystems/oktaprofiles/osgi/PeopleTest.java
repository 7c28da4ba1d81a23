package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.atlassian.jira.issue.Issue;
import com.atlassian.jira.jql.operand.QueryLiteral;
import com.atlassian.jira.jql.query.QueryCreationContext;
import com.atlassian.jira.plugin.jql.function.AbstractJqlFunction;
import com.atlassian.jira.project.Project;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.plugin.web.Condition;
import com.atlassian.plugin.web.api.model.WebPanel;
import com.atlassian.query.operand.FunctionOperand;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.fakes.FakeProject;
import com.mumosystems.oktaprofiles.fakes.FakeUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people who are no administrators see and search, and what the page shows of a profile. */
class PeopleTest {
  private static final String PACKAGE = "com.mumosystems.oktaprofiles.jira.";

  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(400);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(300);
    plugin.jira.users().add(new FakeUser("admin", "admin", "", "Ada Administrator", true));
    List.of("admin", "JIRAUSER10001").forEach(user -> plugin.jira.users().join(user, "readers"));
    plugin.jira.users().join("JIRAUSER10002", "hr");
    plugin.connect(org);
    plugin.page.post("api/settings", "{\"projects\":[\"HELP\"],"
        + "\"groups\":{\"sync\":true,\"types\":[],\"namePrefix\":\"\"},"
        + "\"managers\":{\"attribute\":\"managerId\",\"refersTo\":\"employeeNumber\"}}");
    plugin.page.sync("{}");
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  @BeforeEach
  void settings() throws Exception {
    plugin.jira.session().signIn("admin");
    choose("readers", SHOWN, "\"department\",\"group\",\"manager\"");
  }

  private static final String SHOWN = "\"manager\",\"department\",\"title\",\"login\",\"group\"";

  private static void choose(String group, String shown, String asked) throws Exception {
    plugin.page.post("api/settings", "{\"visibleToGroup\":\"" + group + "\",\"panelAttributes\":[" + shown
        + "],\"searchAttributes\":[" + asked + "]}");
  }

  /** A matched user with a department and a manager, as the page shows it. */
  private static JsonObject somebody() throws Exception {
    for (JsonElement row : plugin.page.get("api/directory?view=matched&limit=200").getAsJsonArray("rows")) {
      String id = row.getAsJsonObject().getAsJsonObject("okta").get("id").getAsString();
      JsonObject user = plugin.page.get("api/directory/user?oktaId=" + id);
      if (attribute(user, "department") != null && !user.get("manager").isJsonNull()
          && user.getAsJsonArray("groups").size() > 1) {
        return user;
      }
    }
    throw new AssertionError("nobody in the org has a department, a manager and groups");
  }

  private static JsonObject attribute(JsonObject user, String name) {
    for (JsonElement attribute : user.getAsJsonArray("attributes")) {
      if (attribute.getAsJsonObject().get("name").getAsString().equals(name)) {
        return attribute.getAsJsonObject();
      }
    }
    return null;
  }

  private static String key(JsonObject user) {
    return user.getAsJsonObject("jira").get("key").getAsString();
  }

  private record Ticket(Project project, ApplicationUser reporter, ApplicationUser assignee) implements Issue {
    @Override
    public Project getProjectObject() {
      return project;
    }

    @Override
    public ApplicationUser getReporter() {
      return reporter;
    }

    @Override
    public ApplicationUser getAssignee() {
      return assignee;
    }
  }

  private static Map<String, Object> issue(String project, String reporterKey) {
    ApplicationUser reporter = plugin.jira.users().getUserByKey(reporterKey);
    return Map.of("issue", new Ticket(new FakeProject(project, project), reporter, null));
  }

  /** Jira asks with every page; the plugin may be stopped, or about to be, at any of them. */
  @Test
  void whileThePluginIsStoppedItAnswersQuietly() throws Exception {
    Map<String, Object> context = issue("HELP", key(somebody()));
    Condition condition = plugin.osgi.module(Condition.class, PACKAGE + "panel.IssuePanelCondition");
    Condition menu = plugin.osgi.module(Condition.class, PACKAGE + "web.AdministratorCondition");
    WebPanel panel = plugin.osgi.module(WebPanel.class, PACKAGE + "panel.IssuePanel");
    AbstractJqlFunction function = plugin.osgi.module(AbstractJqlFunction.class, PACKAGE + "jql.OktaUsersFunction");
    FunctionOperand operand = new FunctionOperand("oktaUsers", List.of("department", "Sales"));
    plugin.osgi.tellStop();
    try (JiraLogFile log = new JiraLogFile()) {
      assertFalse(condition.shouldDisplay(context));
      assertFalse(menu.shouldDisplay(Map.of()));
      assertEquals("", panel.getHtml(context));
      assertTrue(function.validate(null, operand, null).getErrorMessages().iterator().next().contains("stopped"));
      assertEquals(List.of(), function.getValues(null, operand, null));
      assertEquals("409 CANCELLED", plugin.page.tryGet("api/sync").status() + " " + plugin.page.tryGet("api/sync").error());
      PageClient.Reply page = plugin.page.tryGet("admin");
      assertEquals(503, page.status(), page.body());
      assertTrue(page.body().contains("is stopped"), page.body());
      assertEquals(List.of(), log.warnings());
    } finally {
      plugin.osgi.tellStart();
    }
    assertTrue(condition.shouldDisplay(context));
  }

  @Test
  void profilesAreShownOnIssues() throws Exception {
    JsonObject user = somebody();
    Condition condition = plugin.osgi.module(Condition.class, PACKAGE + "panel.IssuePanelCondition");
    assertTrue(condition.shouldDisplay(issue("HELP", key(user))));
    assertFalse(condition.shouldDisplay(issue("OPS", key(user))), "the panel is off in this project");
    long requests = org.requests();
    String html = plugin.osgi.module(WebPanel.class, PACKAGE + "panel.IssuePanel").getHtml(issue("HELP", key(user)));
    assertEquals(requests, org.requests(), "a panel asked Okta");
    JsonObject department = attribute(user, "department");
    assertTrue(html.contains("<dt>" + escaped(department.get("title").getAsString()) + "</dt><dd>"
        + escaped(department.get("value").getAsString()) + "</dd>"), html);
    assertTrue(html.contains("<dt>Manager</dt>"), html);
    assertTrue(html.contains("<dt>Groups</dt>") && html.contains("Everyone"), html);
    String login = "<dt>" + escaped(attribute(user, "login").get("title").getAsString()) + "</dt>";
    int first = html.indexOf("<dt>" + escaped(department.get("title").getAsString()) + "</dt>");
    assertTrue(first >= 0 && first < html.indexOf(login), "not in the chosen order: " + html);
  }

  @Test
  void profilesAreShownOnThePageOfAUser() throws Exception {
    JsonObject user = somebody();
    WebPanel panel = plugin.osgi.module(WebPanel.class, PACKAGE + "panel.ProfilePanel");
    Map<String, Object> context = Map.of("profileUser", plugin.jira.users().getUserByKey(key(user)));
    String department = attribute(user, "department").get("value").getAsString();
    assertTrue(panel.getHtml(context).contains("<dd>" + escaped(department) + "</dd>"));
    String link = "/plugins/servlet/okta-profiles/admin#/directory/" + user.getAsJsonObject("okta").get("id").getAsString();
    assertTrue(panel.getHtml(context).contains("href=\"/jira" + link), panel.getHtml(context));
    plugin.jira.session().signIn("JIRAUSER10001");
    assertTrue(panel.getHtml(context).contains("<dd>" + escaped(department) + "</dd>"));
    assertFalse(panel.getHtml(context).contains(link), "a link for those who may not follow it");
    plugin.jira.session().signIn(null);
    assertEquals("", panel.getHtml(context), "nobody is signed in");
  }

  @Test
  void onlyTheGroupThatWasSetSeesProfiles() throws Exception {
    JsonObject user = somebody();
    choose("hr", SHOWN, "\"department\"");
    Condition condition = plugin.osgi.module(Condition.class, PACKAGE + "panel.IssuePanelCondition");
    plugin.jira.session().signIn("JIRAUSER10001");
    assertFalse(condition.shouldDisplay(issue("HELP", key(user))));
    plugin.jira.session().signIn("JIRAUSER10002");
    assertTrue(condition.shouldDisplay(issue("HELP", key(user))));
    assertEquals(Set.of(), search("JIRAUSER10001", "department", attribute(user, "department")));
    assertFalse(search("JIRAUSER10002", "department", attribute(user, "department")).isEmpty());
  }

  @Test
  void usersAreFoundInJql() throws Exception {
    JsonObject user = somebody();
    String name = user.getAsJsonObject("jira").get("username").getAsString();
    assertTrue(search("JIRAUSER10001", "department", attribute(user, "department")).contains(name));
    assertTrue(search("JIRAUSER10001", "group", "Everyone").contains(name));
    JsonObject manager = user.getAsJsonObject("manager").getAsJsonObject("okta");
    assertTrue(search("JIRAUSER10001", "manager", manager.get("login").getAsString()).contains(name));
    assertEquals(Set.of(), search("JIRAUSER10001", "department", "no such department"));
    assertEquals(Set.of(), search("JIRAUSER10001", "group", "no such group"));
    AbstractJqlFunction function = plugin.osgi.module(AbstractJqlFunction.class, PACKAGE + "jql.OktaUsersFunction");
    ApplicationUser searcher = plugin.jira.users().getUserByKey("JIRAUSER10001");
    assertTrue(function.validate(searcher, operand("department"), null).hasAnyErrors(), "one argument");
    assertFalse(function.validate(searcher, operand("department", "x"), null).hasAnyErrors());
    assertTrue(function.validate(null, operand("department", "x"), null).hasAnyErrors(), "nobody searches");
  }

  @Test
  void nobodySeesAnythingUntilAGroupIsSet() throws Exception {
    JsonObject user = somebody();
    choose("", SHOWN, "\"department\"");
    assertFalse(plugin.osgi.module(Condition.class, PACKAGE + "panel.IssuePanelCondition")
        .shouldDisplay(issue("HELP", key(user))));
    assertEquals("", issuePanel(user), "without its condition the panel shows all the same");
    assertEquals(Set.of(), search("admin", "department", attribute(user, "department")));
  }

  @Test
  void whatIsTakenOffAListIsGoneAtOnce() throws Exception {
    JsonObject user = somebody();
    String department = escaped(attribute(user, "department").get("value").getAsString());
    assertTrue(issuePanel(user).contains(department));
    assertFalse(search("JIRAUSER10001", "department", attribute(user, "department")).isEmpty());
    choose("readers", "\"title\"", "\"title\"");
    String html = issuePanel(user);
    assertFalse(html.contains(department) || html.contains("<dt>Manager") || html.contains("<dt>Groups"), html);
    assertEquals(Set.of(), search("JIRAUSER10001", "department", attribute(user, "department")));
    choose("readers", SHOWN, "\"department\"");
    plugin.page.post("api/settings", "{\"attributesDrop\":[\"department\"]}");
    assertFalse(issuePanel(user).contains("<dd>" + department), "what the directory is to drop is still shown");
    assertEquals(Set.of(), search("JIRAUSER10001", "department", attribute(user, "department")));
    plugin.page.post("api/settings", "{\"attributesDrop\":[]}");
  }

  @Test
  void onlyWhatWasChosenCanBeAsked() throws Exception {
    AbstractJqlFunction function = plugin.osgi.module(AbstractJqlFunction.class, PACKAGE + "jql.OktaUsersFunction");
    ApplicationUser searcher = plugin.jira.users().getUserByKey("JIRAUSER10001");
    for (String name : List.of("status", "userType", "countryCode", "costCenter", "mobilePhone", "profile.title", "login",
        "profile.group", "Department", "", "department ")) {
      assertTrue(function.validate(searcher, operand(name, "x"), null).hasAnyErrors(), name);
      assertEquals(Set.of(), search("JIRAUSER10001", name, "ACTIVE"), name);
    }
    assertFalse(function.validate(searcher, operand("profile.department", "x"), null).hasAnyErrors());
    choose("readers", SHOWN, "\"status\"");
    assertFalse(search("JIRAUSER10001", "status", "ACTIVE").isEmpty());
  }

  @Test
  void aMatchMadeByHandIsFoundAtOnce() throws Exception {
    JsonObject user = somebody();
    JsonObject before = attribute(user, "department");
    String name = user.getAsJsonObject("jira").get("username").getAsString();
    assertTrue(search("JIRAUSER10001", "department", before).contains(name));
    JsonObject other = plugin.page.get("api/directory?view=okta_only&limit=1").getAsJsonArray("rows").get(0)
        .getAsJsonObject().getAsJsonObject("okta");
    plugin.page.post("api/directory/pin",
        "{\"oktaId\":\"" + other.get("id").getAsString() + "\",\"jiraKey\":\"" + key(user) + "\"}");
    JsonObject pinned = plugin.page.get("api/directory/user?oktaId=" + other.get("id").getAsString());
    String now = attribute(pinned, "department") == null ? "" : attribute(pinned, "department").get("value").getAsString();
    if (!now.equals(before.get("value").getAsString())) {
      assertFalse(search("JIRAUSER10001", "department", before).contains(name), "an answer of before is remembered");
    }
    plugin.page.post("api/directory/unpin", "{\"jiraKey\":\"" + key(user) + "\"}");
    assertTrue(search("JIRAUSER10001", "department", before).contains(name));
  }

  private static String issuePanel(JsonObject user) {
    return plugin.osgi.module(WebPanel.class, PACKAGE + "panel.IssuePanel").getHtml(issue("HELP", key(user)));
  }

  private static Set<String> search(String searcher, String attribute, JsonObject value) {
    return search(searcher, attribute, value.get("value").getAsString());
  }

  private static Set<String> search(String searcher, String attribute, String value) {
    AbstractJqlFunction function = plugin.osgi.module(AbstractJqlFunction.class, PACKAGE + "jql.OktaUsersFunction");
    QueryCreationContext context =
        new QueryCreationContext() {
          @Override
          public ApplicationUser getApplicationUser() {
            return plugin.jira.users().getUserByKey(searcher);
          }

          @Override
          public boolean isSecurityOverriden() {
            return false;
          }
        };
    List<QueryLiteral> found = function.getValues(context, operand(attribute, value), null);
    return found.stream().map(QueryLiteral::getStringValue).collect(Collectors.toSet());
  }

  private static FunctionOperand operand(String... arguments) {
    return new FunctionOperand("oktaUsers", List.of(arguments));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
