package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.PageWriter;
import java.util.Collection;
import java.util.Iterator;

/** Turns Jira users into pages for the native library. */
final class JiraUserPages {
  /** How many Jira users one call hands over: enough to be cheap, and few enough for any heap. */
  private static final int BATCH = 2_000;

  private JiraUserPages() {}

  /** A page with the next users of an iterator, at most one batch. */
  static byte[] nextBatch(Iterator<JiraUser> users) {
    PageWriter page = empty();
    for (int i = 0; i < BATCH && users.hasNext(); i++) {
      write(page, users.next());
    }
    return page.toBytes();
  }

  static byte[] all(Collection<JiraUser> users) {
    PageWriter page = empty();
    users.forEach(user -> write(page, user));
    return page.toBytes();
  }

  static byte[] keys(Collection<String> keys) {
    return PageWriter.texts(Column.JIRA_KEY, keys);
  }

  private static PageWriter empty() {
    return new PageWriter(
        Column.JIRA_KEY, Column.JIRA_USERNAME, Column.JIRA_EMAIL, Column.JIRA_DISPLAY_NAME, Column.JIRA_ACTIVE);
  }

  private static void write(PageWriter page, JiraUser user) {
    page.text(user.key()).text(user.username()).text(user.email()).text(user.displayName());
    page.number(user.active() ? 1 : 0);
  }
}
