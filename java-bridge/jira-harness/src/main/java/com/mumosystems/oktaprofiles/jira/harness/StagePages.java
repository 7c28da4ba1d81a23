package com.mumosystems.oktaprofiles.jira.harness;

import com.atlassian.jira.issue.Issue;
import com.atlassian.jira.plugin.webfragment.model.JiraHelper;
import com.atlassian.jira.user.ApplicationUser;
import com.atlassian.plugin.web.Condition;
import com.atlassian.plugin.web.api.model.WebPanel;
import com.atlassian.sal.api.message.I18nResolver;
import com.mumosystems.oktaprofiles.fakes.FakeIssue;
import com.mumosystems.oktaprofiles.fakes.FakeProject;
import com.mumosystems.oktaprofiles.fakes.FakeUsers;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.w3c.dom.Element;

/**
 * The two pages of Jira that show panels: an issue (/browse/HELP-1, reporter and assignee by ?reporter= and
 * ?assignee=) and a user's page (/secure/ViewProfile.jspa?name=). Users are named by their keys. And a page of its
 * administration.
 */
final class StagePages extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String ISSUE_PANELS = "atl.jira.view.issue.right.context";
  private static final String PROFILE_PANELS = "webpanels.user.profile.summary.custom";

  private final transient Descriptor descriptor;
  private final transient FakeUsers users;
  private final transient I18nResolver texts;

  StagePages(Descriptor descriptor, FakeUsers users, I18nResolver texts) {
    this.descriptor = descriptor;
    this.users = users;
    this.texts = texts;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String viewer = SignIn.userOf(request);
    if (viewer == null) {
      response.sendRedirect(request.getContextPath() + SignIn.LOGIN + "?os_destination=" + request.getRequestURI());
    } else if (request.getServletPath().equals("/browse")) {
      issue(request, response, viewer);
    } else if (request.getServletPath().startsWith("/secure/admin/")) {
      administration(response);
    } else {
      profile(request, response, viewer);
    }
  }

  /** A page of Jira's own administration. */
  private static void administration(HttpServletResponse response) throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    response.getWriter().write("<html><head><meta name=\"decorator\" content=\"atl.admin\"><title>System info</title></head>"
        + "<body><h2>System info</h2></body></html>");
  }

  private void issue(HttpServletRequest request, HttpServletResponse response, String viewer) throws IOException {
    String key = String.valueOf(request.getPathInfo()).replaceFirst("^/", "");
    Iterator<ApplicationUser> some = users.getAllApplicationUsers().iterator();
    ApplicationUser reporter = user(request.getParameter("reporter"), some.next());
    ApplicationUser assignee = user(request.getParameter("assignee"), some.next());
    String project = key.replaceFirst("-.*", "");
    Issue issue = new FakeIssue(new FakeProject(project, project), reporter, assignee);
    Map<String, Object> context = context(viewer);
    context.put("issue", issue);
    context.put("helper", new JiraHelper(Map.of("issue", issue, "project", issue.getProjectObject())));
    String links = link(request, "Reporter", reporter) + link(request, "Assignee", assignee);
    page(request, response, key, "The printer on the third floor prints only question marks.", links,
        panels(ISSUE_PANELS, context), "jira.view.issue");
  }

  private void profile(HttpServletRequest request, HttpServletResponse response, String viewer) throws IOException {
    ApplicationUser shown = user(request.getParameter("name"), null);
    if (shown == null) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    Map<String, Object> context = context(viewer);
    context.put("profileUser", shown);
    context.put("helper", new JiraHelper(Map.of("profileUser", shown)));
    page(request, response, shown.getDisplayName(), shown.getUsername(), "", panels(PROFILE_PANELS, context),
        "atl.userprofile");
  }

  private ApplicationUser user(String key, ApplicationUser otherwise) {
    ApplicationUser user = key == null ? null : users.getUserByKey(key);
    return user == null ? otherwise : user;
  }

  private Map<String, Object> context(String viewer) {
    Map<String, Object> context = new HashMap<>();
    context.put("user", users.getUserByKey(viewer));
    return context;
  }

  private static String link(HttpServletRequest request, String role, ApplicationUser user) {
    String address = request.getContextPath() + "/secure/ViewProfile.jspa?name=" + user.getKey();
    // As in Jira: the name stands in a place of its own, beside its title and not within a sentence.
    return "<li><div>" + role + "</div><div><a href=\"" + Frame.escape(address) + "\">"
        + Frame.escape(user.getDisplayName()) + "</a></div></li>";
  }

  private String panels(String location, Map<String, Object> context) {
    StringBuilder html = new StringBuilder();
    for (Element panel : descriptor.panels(location)) {
      if (displayed(panel, context)) {
        WebPanel made = make(WebPanel.class, panel.getAttribute("class"));
        Element label = (Element) panel.getElementsByTagName("label").item(0);
        html.append("<div class=\"frame-module\"><h2>").append(Frame.escape(texts.getText(label.getAttribute("key"))))
            .append("</h2>").append(made.getHtml(context)).append("</div>");
      }
    }
    return html.toString();
  }

  private static boolean displayed(Element panel, Map<String, Object> context) {
    var conditions = panel.getElementsByTagName("condition");
    for (int i = 0; i < conditions.getLength(); i++) {
      Condition condition = make(Condition.class, ((Element) conditions.item(i)).getAttribute("class"));
      if (!condition.shouldDisplay(context)) {
        return false;
      }
    }
    return true;
  }

  private static <T> T make(Class<T> type, String name) {
    try {
      return type.cast(Class.forName(name).getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " cannot be made", e);
    }
  }

  private void page(
      HttpServletRequest request, HttpServletResponse response, String title, String text, String links,
      String panels, String context)
      throws IOException {
    String base = request.getContextPath() + "/download/resources/";
    List<String> sheets = descriptor.styleSheets(context);
    StringBuilder head = new StringBuilder();
    sheets.forEach(sheet -> head.append("<link rel=\"stylesheet\" href=\"" + Frame.escape(base + sheet) + "\">"));
    response.setContentType("text/html;charset=UTF-8");
    response.getWriter().write(Frame.fill("issue.html", Map.of(
        "contextPath", request.getContextPath(), "title", title, "description", text, "links", links,
        "user", SignIn.userOf(request), "panels", panels, "head", head.toString())));
  }
}
