package com.mumosystems.oktaprofiles.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a page for the native library, cell by cell, in the form that {@link Page} reads. */
public final class PageWriter {
  private final Column[] columns;
  private final int rowsAt;
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private int cells;

  /**
   * Begins a page without rows.
   *
   * @param columns its columns; each row needs one cell for each column, in this order
   */
  public PageWriter(Column... columns) {
    this.columns = columns;
    bytes.putShort((short) columns.length);
    for (Column column : columns) {
      bytes.putShort((short) column.number);
    }
    rowsAt = bytes.position();
    bytes.putInt(0);
  }

  /**
   * A page with one text in each row.
   *
   * @param column its only column
   * @param texts the texts, in the order of the rows
   * @return the page
   */
  public static byte[] texts(Column column, Iterable<String> texts) {
    PageWriter page = new PageWriter(column);
    texts.forEach(page::text);
    return page.toBytes();
  }

  /**
   * Adds the next cell, a text.
   *
   * @param text the text, or null
   * @return this
   */
  public PageWriter text(String text) {
    next(true);
    byte[] encoded = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    room(4 + encoded.length);
    bytes.putInt(text == null ? -1 : encoded.length).put(encoded);
    return this;
  }

  /**
   * Adds the next cell, a number.
   *
   * @return this
   */
  public PageWriter number(long number) {
    next(false);
    room(9);
    bytes.put((byte) 1).putLong(number);
    return this;
  }

  /**
   * Ends the page.
   *
   * @return a copy of its bytes
   */
  public byte[] toBytes() {
    if (cells % columns.length != 0) {
      throw new IllegalStateException("the last row has too few cells");
    }
    bytes.putInt(rowsAt, cells / columns.length);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private void next(boolean text) {
    if (columns[cells % columns.length].text != text) {
      throw new IllegalStateException("the type of a cell does not fit its column");
    }
    cells++;
  }

  private void room(int length) {
    if (bytes.remaining() < length) {
      int size = Math.max(bytes.capacity() * 2, Math.addExact(bytes.position(), length));
      ByteBuffer larger = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      bytes = larger.put(bytes.flip());
    }
  }
}
