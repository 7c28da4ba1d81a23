package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.internal.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Facts about the loaded native library: its origin, its version, and the system it runs on. */
final class NativeFacts {
  private static final String NAME = "libokta_profiles";
  private static final Pattern GLIBC = Pattern.compile("GNU C Library[^\\n]*?version ([0-9]+\\.[0-9]+)");
  private static final int JEP_472 = 24;

  private NativeFacts() {}

  static Map<String, Object> gather() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("sha256", resource(NativeLibrary.resource() + ".sha256"));
    List<String> maps = maps();
    facts.put("mapped", maps.stream().filter(file -> file.contains(NAME)).toList());
    facts.put("glibc", glibc(maps));
    facts.put("nativeAccess", nativeAccess());
    return facts;
  }

  /** The files that this process has mapped. A copy that was deleted after loading is marked as deleted. */
  private static List<String> maps() {
    try {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains("/"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String glibc(List<String> maps) {
    for (String file : maps) {
      if (file.matches(".*/libc(-[0-9.]+)?\\.so(\\.6)?")) {
        try {
          Matcher matcher = GLIBC.matcher(Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
          return matcher.find() ? matcher.group(1) : file;
        } catch (IOException e) {
          return file;
        }
      }
    }
    return "unknown";
  }

  /** JEP 472: from Java 24 on the JVM warns about native code, and some later version will refuse it. */
  private static String nativeAccess() {
    if (Runtime.version().feature() < JEP_472) {
      return "no flag needed by this Java";
    }
    try {
      Object enabled = Module.class.getMethod("isNativeAccessEnabled").invoke(OktaProfiles.class.getModule());
      return Boolean.TRUE.equals(enabled)
          ? "enabled"
          : "add --enable-native-access=ALL-UNNAMED to JVM_SUPPORT_RECOMMENDED_ARGS in setenv.sh";
    } catch (ReflectiveOperationException e) {
      return "unknown: " + e.getClass().getSimpleName();
    }
  }

  private static String resource(String name) {
    try (InputStream stream = OktaProfiles.class.getResourceAsStream(name)) {
      return stream == null ? "missing" : new String(stream.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
