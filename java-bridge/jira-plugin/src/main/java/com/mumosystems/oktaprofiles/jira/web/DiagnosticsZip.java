package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.jira.Plugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.servlet.http.HttpServletResponse;

/** Writes the diagnostics as one file for support: a JSON text for each topic, and the log as lines. */
final class DiagnosticsZip {
  private DiagnosticsZip() {}

  static void write(Plugin plugin, HttpServletResponse response) throws IOException {
    Map<String, Object> facts = Diagnostics.facts(plugin);
    Answer.protect(response);
    response.setContentType("application/zip");
    response.setHeader(Answer.DISPOSITION, "attachment; filename=\"okta-profiles-diagnostics.zip\"");
    try (ZipOutputStream zip = new ZipOutputStream(response.getOutputStream())) {
      for (Map.Entry<String, Object> topic : facts.entrySet()) {
        boolean lines = topic.getKey().equals("log") && topic.getValue() instanceof List;
        zip.putNextEntry(new ZipEntry("okta-profiles/" + topic.getKey() + (lines ? ".txt" : ".json")));
        zip.write(text(topic.getValue(), lines).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }

  private static String text(Object topic, boolean lines) {
    return lines ? String.join("\n", ((List<?>) topic).stream().map(String::valueOf).toList()) : Answer.GSON.toJson(topic);
  }
}
