package com.mumosystems.oktaprofiles.jira.web;

/** HTML text. */
public final class Html {
  private Html() {}

  /**
   * A text that is safe between tags and in quoted attributes.
   *
   * @param text any text; null for none
   * @return the text, escaped
   */
  public static String escape(String text) {
    if (text == null) {
      return "";
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(c);
      }
    }
    return safe.toString();
  }
}
