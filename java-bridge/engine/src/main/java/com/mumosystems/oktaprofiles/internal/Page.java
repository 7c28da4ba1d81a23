package com.mumosystems.oktaprofiles.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Rows under columns, decoded from the bytes of a reply: little-endian, length-prefixed, see {@code
 * src/ffi/wire.rs}.
 */
public final class Page {
  private final Map<Column, Integer> places;
  private final Object[] cells;
  private final int rows;

  private Page(Map<Column, Integer> places, Object[] cells, int rows) {
    this.places = places;
    this.cells = cells;
    this.rows = rows;
  }

  static Page read(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int width = Short.toUnsignedInt(bytes.getShort());
    Column[] columns = new Column[width];
    Map<Column, Integer> places = new EnumMap<>(Column.class);
    for (int i = 0; i < width; i++) {
      columns[i] = Column.of(Short.toUnsignedInt(bytes.getShort()));
      places.put(columns[i], i);
    }
    int rows = bytes.getInt();
    Object[] cells = new Object[Math.multiplyExact(rows, width)];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = columns[i % width].text ? readText(bytes) : readNumber(bytes);
    }
    return new Page(places, cells, rows);
  }

  static String readText(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length < 0) {
      return null;
    }
    // The buffer wraps a whole array, so the text is decoded in place.
    String text = new String(bytes.array(), bytes.position(), length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + length);
    return text;
  }

  private static Long readNumber(ByteBuffer bytes) {
    return bytes.get() == 0 ? null : bytes.getLong();
  }

  /**
   * How many rows there are.
   *
   * @return the number
   */
  public int rows() {
    return rows;
  }

  /**
   * Makes a value of each row.
   *
   * @param <T> what is made
   * @param make makes it
   * @return one for each row, in order
   */
  public <T> List<T> map(Function<Row, T> make) {
    List<T> made = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      made.add(make.apply(new Row(i)));
    }
    return made;
  }

  /**
   * One row.
   *
   * @param index its place, from 0
   * @return the row
   */
  public Row row(int index) {
    return new Row(index);
  }

  /**
   * Shows each row.
   *
   * @param take takes it
   */
  public void each(Consumer<Row> take) {
    for (int i = 0; i < rows; i++) {
      take.accept(new Row(i));
    }
  }

  /** One row. */
  public final class Row {
    private final int start;

    private Row(int index) {
      this.start = index * places.size();
    }

    private Object cell(Column column) {
      Integer place = places.get(column);
      return place == null ? null : cells[start + place];
    }

    /**
     * Whether the page has the column and the cell is not null.
     *
     * @param column where
     * @return whether there is a value
     */
    public boolean has(Column column) {
      return cell(column) != null;
    }

    /**
     * A text.
     *
     * @param column where
     * @return the text, or null
     */
    public String text(Column column) {
      return (String) cell(column);
    }

    /**
     * A number.
     *
     * @param column where
     * @return the number, 0 for null
     */
    public long number(Column column) {
      Long number = numberOrNull(column);
      return number == null ? 0 : number;
    }

    /**
     * A number that may be missing.
     *
     * @param column where
     * @return the number, or null
     */
    public Long numberOrNull(Column column) {
      return (Long) cell(column);
    }

    /**
     * A truth.
     *
     * @param column where
     * @return whether it is 1
     */
    public boolean truth(Column column) {
      return number(column) == 1;
    }

    /**
     * Words separated by blanks.
     *
     * @param column where
     * @return the words; none for null
     */
    public List<String> words(Column column) {
      String text = text(column);
      return text == null || text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    /**
     * Sentences, one a line.
     *
     * @param column where
     * @return the lines; none for null
     */
    public List<String> lines(Column column) {
      String text = text(column);
      return text == null ? List.of() : text.lines().toList();
    }

    /**
     * A span.
     *
     * @param column where
     * @return the span, or null
     */
    public Duration span(Column column) {
      Long millis = numberOrNull(column);
      return millis == null ? null : Duration.ofMillis(millis);
    }

    /**
     * A moment.
     *
     * @param column where
     * @return the moment, or null
     */
    public Instant time(Column column) {
      Long millis = numberOrNull(column);
      return millis == null ? null : Instant.ofEpochMilli(millis);
    }
  }
}
