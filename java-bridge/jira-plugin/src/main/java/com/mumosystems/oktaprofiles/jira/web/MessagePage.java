package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.jira.host.Host;
import java.io.IOException;
import java.util.Map;
import javax.servlet.http.HttpServletResponse;

/** A page with one message and a link back to the administration page. */
final class MessagePage {
  private MessagePage() {}

  static void write(Host host, String contextPath, HttpServletResponse response, int status, String message)
      throws IOException {
    String html = Template.fill(host, "/admin/message.html", Map.of(
        "base", contextPath + AdminServlet.PATH,
        "kind", status < 400 ? "success" : "error",
        "message", message));
    Answer.protect(response);
    response.setStatus(status);
    response.setContentType("text/html;charset=UTF-8");
    response.getWriter().write(html);
  }
}
