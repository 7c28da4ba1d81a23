package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.message.I18nResolver;
import com.mumosystems.oktaprofiles.jira.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTML file of the bundle with placeholders: {@code {{name}}} for a value, {@code {{i18n:key}}} for a text in
 * the reader's language. Both are escaped. Velocity is not used on purpose: from Jira 10.5 on, templates may call
 * only listed methods.
 */
final class Template {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(i18n:)?([A-Za-z0-9.-]+)}}");

  private Template() {}

  static String fill(Host host, String resource, Map<String, String> values) throws IOException {
    Matcher matcher = PLACEHOLDER.matcher(read(resource));
    StringBuilder page = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(2);
      String value = matcher.group(1) == null ? values.get(name) : host.require(I18nResolver.class).getText(name);
      if (value == null) {
        throw new IllegalStateException(resource + " names " + name + ", which has no value");
      }
      matcher.appendReplacement(page, Matcher.quoteReplacement(Html.escape(value)));
    }
    return matcher.appendTail(page).toString();
  }

  private static String read(String resource) throws IOException {
    try (InputStream stream = Template.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IOException("The bundle does not contain " + resource);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
