package com.mumosystems.oktaprofiles.jira.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpFilter;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;

/** Puts Jira's frame around pages that ask for a decorator of Jira, as its SiteMesh does. */
final class Decorator extends HttpFilter {
  private static final long serialVersionUID = 1L;
  private static final Pattern ASKS = Pattern.compile("<meta name=\"decorator\" content=\"atl\\.\\w+\"");
  private static final Pattern HEAD = Pattern.compile("<head>(.*?)</head>", Pattern.DOTALL);
  private static final Pattern BODY = Pattern.compile("<body[^>]*>(.*?)</body>", Pattern.DOTALL);

  private final List<String> sheets;
  private final List<String> scripts;

  /** Downloads of web resources that ask to be on every administration page. */
  Decorator(Descriptor descriptor) {
    sheets = descriptor.styleSheets("atl.admin");
    scripts = descriptor.scripts("atl.admin");
  }

  @Override
  protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Kept kept = new Kept(response);
    chain.doFilter(request, kept);
    byte[] bytes = kept.bytes();
    if (String.valueOf(kept.getContentType()).startsWith("text/html")) {
      String page = new String(bytes, StandardCharsets.UTF_8);
      if (ASKS.matcher(page).find()) {
        bytes = decorate(request, page).getBytes(StandardCharsets.UTF_8);
      }
    }
    response.getOutputStream().write(bytes);
  }

  private String decorate(HttpServletRequest request, String page) throws IOException {
    String user = SignIn.userOf(request);
    return Frame.fill("admin.html", Map.of(
        "contextPath", request.getContextPath(),
        "user", user == null ? "" : user,
        "head", part(HEAD, page) + resources(request.getContextPath() + "/download/resources/"),
        "body", part(BODY, page)));
  }

  private String resources(String base) {
    Stream<String> links = sheets.stream()
        .map(sheet -> "<link rel=\"stylesheet\" href=\"" + Frame.escape(base + sheet) + "\">");
    Stream<String> sources = scripts.stream()
        .map(script -> "<script src=\"" + Frame.escape(base + script) + "\"></script>");
    return Stream.concat(links, sources).collect(Collectors.joining());
  }

  private static String part(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Keeps what is written until the chain has ended. */
  private static final class Kept extends HttpServletResponseWrapper {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private PrintWriter writer;

    Kept(HttpServletResponse response) {
      super(response);
    }

    byte[] bytes() {
      if (writer != null) {
        writer.flush();
      }
      return written.toByteArray();
    }

    @Override
    public PrintWriter getWriter() {
      if (writer == null) {
        writer = new PrintWriter(new OutputStreamWriter(written, StandardCharsets.UTF_8));
      }
      return writer;
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return new ServletOutputStream() {
        @Override
        public void write(int b) {
          written.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
          written.write(bytes, from, count);
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          throw new IllegalStateException("plugin servlets are not asynchronous");
        }
      };
    }

    @Override
    public void flushBuffer() {
      // Nothing leaves before it is decorated.
    }
  }
}
