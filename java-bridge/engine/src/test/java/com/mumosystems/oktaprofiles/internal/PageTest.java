package com.mumosystems.oktaprofiles.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PageTest {
  @Test
  void pagesComeBackTheSame() {
    PageWriter writer = new PageWriter(Column.JIRA_KEY, Column.JIRA_ACTIVE);
    String longText = "ß😀\u0000".repeat(30_000);
    writer.text("K1").number(1).text(null).number(Long.MIN_VALUE).text(longText).number(0);
    Page page = Page.read(ByteBuffer.wrap(writer.toBytes()));
    assertEquals(3, page.rows());
    assertEquals(Arrays.asList("K1", null, longText), page.map(row -> row.text(Column.JIRA_KEY)));
    assertEquals(Long.MIN_VALUE, page.map(row -> row.number(Column.JIRA_ACTIVE)).get(1));
    assertNull(page.map(row -> row.text(Column.OKTA_ID)).get(0), "a column the page has not is null");
  }

  @Test
  void cellsMustFitTheirColumns() {
    PageWriter writer = new PageWriter(Column.JIRA_KEY, Column.JIRA_ACTIVE);
    assertThrows(IllegalStateException.class, () -> writer.number(1));
    PageWriter half = new PageWriter(Column.JIRA_KEY, Column.JIRA_ACTIVE).text("K1");
    assertThrows(IllegalStateException.class, half::toBytes);
  }

  @Test
  void pagesCutShortAreRefused() {
    byte[] whole = new PageWriter(Column.JIRA_KEY).text("K1").toBytes();
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
      assertThrows(RuntimeException.class, () -> Page.read(cut), "cut at " + length);
    }
    assertThrows(BufferUnderflowException.class, () -> Page.read(ByteBuffer.wrap(new byte[1])));
  }
}
