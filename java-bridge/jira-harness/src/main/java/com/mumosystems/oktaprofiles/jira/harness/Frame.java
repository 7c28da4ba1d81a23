package com.mumosystems.oktaprofiles.jira.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTML file of the frame: {@code {{name}}} is replaced and escaped, {@code {{{name}}}} is replaced as it is. */
final class Frame {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\{(\\w+)}}}|\\{\\{(\\w+)}}");

  private Frame() {}

  static String fill(String name, Map<String, String> values) throws IOException {
    Matcher matcher = PLACEHOLDER.matcher(text("/frame/" + name));
    StringBuilder page = new StringBuilder();
    while (matcher.find()) {
      String asIs = matcher.group(1);
      String value = asIs != null ? values.get(asIs) : escape(values.get(matcher.group(2)));
      matcher.appendReplacement(page, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(page).toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String text(String resource) throws IOException {
    try (InputStream stream = Frame.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IOException(resource + " is missing");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
