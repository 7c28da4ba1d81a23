package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.Page;
import java.nio.file.Path;
import java.util.List;

/** Makes one value of a whole page, from the records in its rows. */
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

  /** The position where a listing continues; only the last row contains it. */
  private static String next(Page page) {
    return page.rows() == 0 ? null : page.row(page.rows() - 1).text(Column.SEARCH_CURSOR);
  }
}
