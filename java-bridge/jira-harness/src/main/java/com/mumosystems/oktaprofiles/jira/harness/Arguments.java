package com.mumosystems.oktaprofiles.jira.harness;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Arguments of the form --name value. */
final class Arguments {
  private static final Set<String> KNOWN = Set.of("port", "home", "aui", "jquery", "jira-users");
  private static final Set<String> NEEDED = Set.of("home", "aui", "jquery");

  private Arguments() {}

  static Map<String, String> parse(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    if (arguments.length % 2 != 0 || !KNOWN.containsAll(options.keySet()) || !options.keySet().containsAll(NEEDED)) {
      throw new IllegalArgumentException("known are --" + String.join(", --", KNOWN) + "; needed " + NEEDED);
    }
    return options;
  }
}
