package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.atlassian.jira.plugin.jql.function.AbstractJqlFunction;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.plugin.web.Condition;
import com.atlassian.query.operand.FunctionOperand;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.fakes.FakeIssue;
import com.mumosystems.oktaprofiles.fakes.FakeProject;
import com.mumosystems.oktaprofiles.fakes.FakeSearch;
import com.mumosystems.oktaprofiles.fakes.FakeUser;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every visitor against every path and method, every panel, every question in JQL, what scripts ask and what other
 * plugins are told on the visitor's behalf, as one table.
 */
class VisitorsTest {
  private static final String PACKAGE = "com.mumosystems.oktaprofiles.jira.";
  private static final String BASE = "/plugins/servlet/okta-profiles/";
  /** Nothing answers these: a request in another method does nothing, whoever sends it. */
  private static final List<String> OTHER_METHODS = List.of("PUT", "DELETE", "TRACE");
  private static final List<String> QUESTIONS =
      List.of("department", "profile.department", "title", "status", "group", "manager", "mobilePhone", "login");

  /**
   * One line of the table: what a visitor gets.
   *
   * @param name who it is
   * @param key the user's key; null for nobody
   * @param webSudo whether the secure administrator session is fresh
   * @param page status of the page
   * @param reads status of every question of the page
   * @param changes status of every change without a body that makes sense; 0 where the path itself decides
   * @param callback status of a callback that belongs to no sign-in
   * @param sees whether panels show and JQL answers
   */
  private record Visitor(
      String name, String key, boolean webSudo, int page, int reads, int changes, int callback, boolean sees) {}

  private static final List<Visitor> VISITORS = List.of(
      new Visitor("anonymous", null, true, 302, 401, 401, 302, false),
      new Visitor("a user", "JIRAUSER10001", true, 403, 403, 403, 403, false),
      new Visitor("a member of the group", "JIRAUSER10002", true, 403, 403, 403, 403, true),
      new Visitor("an administrator of a project", "projectadmin", true, 403, 403, 403, 403, false),
      new Visitor("a system administrator without a secure session", "admin", false, 302, 401, 401, 302, false),
      new Visitor("a system administrator", "admin", true, 200, 200, 0, 400, false),
      new Visitor("a system administrator in the group", "root", true, 200, 200, 0, 400, true));

  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;
  private static ApplicationUser somebody;
  private static Map<String, String> values;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(200);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(200);
    for (String key : List.of("projectadmin", "admin", "root")) {
      plugin.jira.users().add(new FakeUser(key, key, "", key, true));
    }
    plugin.jira.session().makeAdministrator("root");
    List.of("JIRAUSER10002", "root").forEach(member -> plugin.jira.users().join(member, "readers"));
    plugin.connect(org);
    plugin.page.post("api/settings", "{\"projects\":[\"HELP\"],\"visibleToGroup\":\"readers\","
        + "\"panelAttributes\":[\"department\"],\"searchAttributes\":[\"department\"]}");
    plugin.page.sync("{}");
    find();
  }

  /** A matched user with a department, and what could be asked of it. */
  private static void find() throws IOException {
    for (var row : plugin.page.get("api/directory?view=matched&limit=200").getAsJsonArray("rows")) {
      JsonObject okta = row.getAsJsonObject().getAsJsonObject("okta");
      JsonObject user = plugin.page.get("api/directory/user?oktaId=" + okta.get("id").getAsString());
      values = new TreeMap<>();
      user.getAsJsonArray("attributes").forEach(attribute -> values.put(
          attribute.getAsJsonObject().get("name").getAsString(), attribute.getAsJsonObject().get("value").toString()));
      if (values.containsKey("department")) {
        somebody = plugin.jira.users().getUserByKey(user.getAsJsonObject("jira").get("key").getAsString());
        values.replaceAll((name, value) -> value.replaceAll("^\"|\"$", ""));
        values.put("profile.department", values.get("department"));
        values.put("status", okta.get("status").getAsString());
        values.put("okta id", okta.get("id").getAsString());
        return;
      }
    }
    throw new AssertionError("nobody has a department");
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  @Test
  void everyVisitorGetsWhatTheTableSays() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Visitor visitor : VISITORS) {
      plugin.jira.session().signIn(visitor.key());
      plugin.jira.session().setWebSudo(visitor.webSudo());
      pages(visitor, wrong);
      scripts(visitor, wrong);
      otherPlugins(visitor, wrong);
      panels(visitor, wrong);
      questions(visitor, wrong);
    }
    assertEquals(List.of(), wrong);
  }

  private static void pages(Visitor visitor, List<String> wrong) throws IOException {
    for (String page : List.of("", "admin")) {
      expect(visitor, "GET " + page, visitor.page(), plugin.page.tryGet(page).status(), wrong);
    }
    for (String path : PageClient.READS) {
      expect(visitor, "GET " + path, visitor.reads(), plugin.page.tryGet(path).status(), wrong);
      expect(visitor, "HEAD " + path, visitor.reads(), send("HEAD", BASE + path), wrong);
    }
    String user = "api/directory/user?oktaId=" + values.get("okta id");
    expect(visitor, "GET a user", visitor.reads(), plugin.page.tryGet(user).status(), wrong);
    for (String path : PageClient.CHANGES) {
      if (visitor.changes() != 0) {
        expect(visitor, "POST " + path, visitor.changes(), plugin.page.tryPost(path, "{}").status(), wrong);
      }
      for (String method : OTHER_METHODS) {
        expect(visitor, method + " " + path, 405, send(method, BASE + path), wrong);
      }
    }
    // Nobody is asked who they are: without a source of events there is nothing for anybody.
    for (String method : List.of("GET", "POST", "HEAD", "PUT", "DELETE")) {
      expect(visitor, method + " events", 404, send(method, BASE + "events"), wrong);
    }
    expect(visitor, "GET callback", visitor.callback(), send("GET", PageClient.CALLBACK + "?code=x&state=y"), wrong);
    expect(visitor, "POST callback", 405, send("POST", PageClient.CALLBACK + "?code=x&state=y"), wrong);
  }

  /** What scripts ask, by session or by token. */
  private static void scripts(Visitor visitor, List<String> wrong) throws IOException {
    int told = visitor.key() == null ? 401 : visitor.sees() ? 200 : 403;
    String department = URLEncoder.encode(values.get("department"), StandardCharsets.UTF_8);
    Map<String, Integer> paths = new TreeMap<>(Map.of(
        "openapi.json", visitor.key() == null ? 401 : 200,
        "freshness", told,
        "profile?key=" + somebody.getKey(), told,
        "profile?username=" + somebody.getUsername(), told,
        "users?attribute=department&value=" + department, told,
        "users?attribute=title&value=x", visitor.key() == null ? 401 : 403,
        "nothing", told == 200 ? 404 : told));
    for (Map.Entry<String, Integer> path : paths.entrySet()) {
      for (String method : List.of("GET", "HEAD")) {
        int found = send(method, BASE + "rest/1/" + path.getKey());
        expect(visitor, method + " rest " + path.getKey(), path.getValue(), found, wrong);
      }
      for (String method : List.of("POST", "PUT", "DELETE", "TRACE")) {
        expect(visitor, method + " rest " + path.getKey(), 405, send(method, BASE + "rest/1/" + path.getKey()), wrong);
      }
    }
  }

  /** What another plugin is told on the visitor's behalf. */
  private static void otherPlugins(Visitor visitor, List<String> wrong) throws ReflectiveOperationException {
    // By reflection: the exported types are the bundle's, not those of this test.
    Object directory = plugin.osgi.module(Object.class, PACKAGE + "api.DirectoryService");
    Object view = directory.getClass().getMethod("asSeenBy", String.class).invoke(directory, visitor.key());
    Class<?> face = directory.getClass().getClassLoader().loadClass("com.mumosystems.oktaprofiles.api.OktaView");
    Object profile = face.getMethod("profileOfJiraUser", String.class).invoke(view, somebody.getKey());
    expect(visitor, "profile for a plugin", visitor.sees(), ((Optional<?>) profile).isPresent(), wrong);
    Method where = face.getMethod("jiraUsersWhere", String.class, String.class, int.class);
    for (String name : QUESTIONS) {
      boolean answered = visitor.sees() && name.endsWith("department");
      Object found = where.invoke(view, name, values.getOrDefault(name, "Everyone"), 10);
      expect(visitor, "users for a plugin by " + name, answered, !((List<?>) found).isEmpty(), wrong);
    }
  }

  private static int send(String method, String path) throws IOException {
    String body = method.equals("PUT") || method.equals("POST") ? "{}" : null;
    return PageClient.send(method, plugin.container.url() + path, body, Map.of("X-Atlassian-Token", "no-check")).status();
  }

  private static void panels(Visitor visitor, List<String> wrong) {
    Condition condition = plugin.osgi.module(Condition.class, PACKAGE + "panel.IssuePanelCondition");
    for (String project : List.of("HELP", "OPS")) {
      boolean sees = visitor.sees() && project.equals("HELP");
      Map<String, Object> context = Map.of("issue", new FakeIssue(new FakeProject(project, project), somebody, null));
      expect(visitor, "condition in " + project, sees, condition.shouldDisplay(context), wrong);
      expect(visitor, "issue panel in " + project, sees, html("panel.IssuePanel", context).contains("<dd>"), wrong);
    }
    Map<String, Object> page = Map.of("profileUser", somebody);
    expect(visitor, "panel of a user", visitor.sees(), html("panel.ProfilePanel", page).contains("<dd>"), wrong);
  }

  private static String html(String panel, Map<String, Object> context) {
    try {
      // By reflection: the interface of panels differs between versions of Jira.
      Object made = plugin.osgi.module(Object.class, PACKAGE + panel);
      return (String) made.getClass().getMethod("getHtml", Map.class).invoke(made, context);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(panel, e);
    }
  }

  private static void questions(Visitor visitor, List<String> wrong) {
    AbstractJqlFunction function = plugin.osgi.module(AbstractJqlFunction.class, PACKAGE + "jql.OktaUsersFunction");
    ApplicationUser searcher = visitor.key() == null ? null : plugin.jira.users().getUserByKey(visitor.key());
    for (String name : QUESTIONS) {
      boolean answered = visitor.sees() && name.endsWith("department");
      FunctionOperand operand = new FunctionOperand("oktaUsers", List.of(name, values.getOrDefault(name, "Everyone")));
      boolean valid = !function.validate(searcher, operand, null).hasAnyErrors();
      expect(visitor, "JQL validates " + name, answered, valid, wrong);
      boolean found = !function.getValues(new FakeSearch(searcher), operand, null).isEmpty();
      expect(visitor, "JQL answers " + name, answered, found, wrong);
    }
  }

  private static void expect(Visitor visitor, String what, Object expected, Object found, List<String> wrong) {
    if (!expected.equals(found)) {
      wrong.add(visitor.name() + ", " + what + ": " + found + " instead of " + expected);
    }
  }
}
