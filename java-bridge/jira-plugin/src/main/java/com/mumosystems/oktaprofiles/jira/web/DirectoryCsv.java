package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.ExportFormat;
import com.mumosystems.oktaprofiles.SearchField;
import com.mumosystems.oktaprofiles.View;
import com.mumosystems.oktaprofiles.jira.Plugin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.servlet.http.HttpServletResponse;

/**
 * Exports the entries that the page shows, with its filter and search, as a CSV file. The engine writes it, so no
 * cell is a formula for a spreadsheet.
 */
final class DirectoryCsv {
  private DirectoryCsv() {}

  static void write(Plugin plugin, Call call, HttpServletResponse response) throws IOException {
    View view = DirectoryApi.view(call);
    String query = call.parameter("q", "");
    SearchField field = DirectoryApi.field(call);
    String found = query.isEmpty() ? "" : "-found";
    String file = "okta-profiles-" + view.name().toLowerCase(Locale.ROOT) + found + ".csv";
    Answer.protect(response);
    response.setContentType("text/csv;charset=UTF-8");
    response.setHeader(Answer.DISPOSITION, "attachment; filename=\"" + file + "\"");
    OutputStream out = response.getOutputStream();
    try {
      plugin.directory().use(engine -> {
        try {
          return query.isEmpty()
              ? engine.export().write(out, ExportFormat.CSV, view)
              : engine.export().write(out, ExportFormat.CSV, view, field, query);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
