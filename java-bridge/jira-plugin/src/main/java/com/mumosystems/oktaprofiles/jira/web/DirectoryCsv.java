package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.JiraUser;
import com.mumosystems.oktaprofiles.OktaUser;
import com.mumosystems.oktaprofiles.View;
import com.mumosystems.oktaprofiles.jira.Plugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import javax.servlet.http.HttpServletResponse;

/**
 * A view of the directory as a CSV file (RFC 4180), row by row. Values that a spreadsheet would take for a formula
 * get an apostrophe in front (OWASP, "CSV Injection").
 */
final class DirectoryCsv {
  private static final String HEADER =
      "state,rule,okta_id,okta_status,login,email,first_name,last_name,display_name,jira_key,jira_username,"
          + "jira_email,jira_display_name,jira_active\r\n";

  private DirectoryCsv() {}

  static void write(Plugin plugin, Call call, HttpServletResponse response) throws IOException {
    View view = DirectoryApi.view(call);
    Answer.protect(response);
    response.setContentType("text/csv;charset=UTF-8");
    response.setHeader("Content-Disposition", "attachment; filename=\"okta-profiles-" + view.name().toLowerCase(
        java.util.Locale.ROOT) + ".csv\"");
    Writer out = response.getWriter();
    out.write(HEADER);
    try {
      plugin.directory().use(engine -> {
        engine.entries(view).forEach(entry -> line(out, entry));
        return null;
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void line(Writer out, DirectoryEntry entry) {
    OktaUser okta = entry.okta();
    JiraUser jira = entry.jira();
    List<String> values = java.util.Arrays.asList(
        entry.state().name(),
        entry.rule(),
        okta == null ? null : okta.id(),
        okta == null ? null : okta.status(),
        okta == null ? null : okta.login(),
        okta == null ? null : okta.email(),
        okta == null ? null : okta.firstName(),
        okta == null ? null : okta.lastName(),
        okta == null ? null : okta.displayName(),
        jira == null ? null : jira.key(),
        jira == null ? null : jira.username(),
        jira == null ? null : jira.email(),
        jira == null ? null : jira.displayName(),
        jira == null ? null : String.valueOf(jira.active()));
    try {
      for (int i = 0; i < values.size(); i++) {
        out.write(i == 0 ? "" : ",");
        out.write(cell(values.get(i)));
      }
      out.write("\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String cell(String value) {
    if (value == null) {
      return "";
    }
    String inert = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    return inert.matches("(?s).*[\",\r\n].*") ? '"' + inert.replace("\"", "\"\"") + '"' : inert;
  }
}
