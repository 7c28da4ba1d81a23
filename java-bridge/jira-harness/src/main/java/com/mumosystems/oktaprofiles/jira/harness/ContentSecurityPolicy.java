package com.mumosystems.oktaprofiles.jira.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpFilter;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * A policy as strict as a careful administrator could set it: no inline script or style, nothing from elsewhere.
 * Browsers post violations to /csp, where a test reads them.
 */
final class ContentSecurityPolicy extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final int MAX_REPORT = 64 * 1024;

  private final transient Queue<String> reports = new ConcurrentLinkedQueue<>();

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String reportTo = request.getContextPath() + "/csp";
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri " + reportTo);
    if (!request.getRequestURI().equals(reportTo)) {
      chain.doFilter(request, response);
    } else if (request.getMethod().equals("POST")) {
      reports.add(new String(request.getInputStream().readNBytes(MAX_REPORT), StandardCharsets.UTF_8));
    } else {
      response.setContentType("application/json;charset=UTF-8");
      response.getWriter().write("[" + String.join(",", reports) + "]");
    }
  }
}
