package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.Page;
import java.nio.file.Path;
import java.util.List;

/** What whole pages are made into, from the records in their rows. */
final class Pages {
  private Pages() {}

  static OpenReport openReport(Page.Row row) {
    String movedTo = row.text(Column.DAMAGED_MOVED_TO);
    String carriedOver = row.text(Column.CARRIED_OVER);
    return new OpenReport(
        row.truth(Column.DIRECTORY_CREATED),
        movedTo == null ? null : Path.of(movedTo),
        carriedOver.isEmpty() ? List.of() : List.of(carriedOver.split(", ")));
  }

  static SearchPage found(Page page) {
    return new SearchPage(page.map(Decode::directoryEntry), next(page));
  }

  static GroupPage groups(Page page) {
    return new GroupPage(page.map(Decode::group), next(page));
  }

  static JiraKeyPage jiraKeys(Page page) {
    return new JiraKeyPage(page.map(row -> row.text(Column.JIRA_KEY)), next(page));
  }

  /** Where a listing goes on: it stands on the last row. */
  private static String next(Page page) {
    return page.rows() == 0 ? null : page.row(page.rows() - 1).text(Column.SEARCH_CURSOR);
  }
}
