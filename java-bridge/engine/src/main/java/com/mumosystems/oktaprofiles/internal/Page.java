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
 * Rows and columns, decoded from the bytes of a reply. The bytes are little-endian, with lengths before texts, see
 * {@code src/ffi/wire.rs}.
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
    // The buffer wraps a whole array, so the text is decoded without a copy of its bytes.
    String text = new String(bytes.array(), bytes.position(), length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + length);
    return text;
  }

  private static Long readNumber(ByteBuffer bytes) {
    return bytes.get() == 0 ? null : bytes.getLong();
  }

  /**
   * The number of rows.
   *
   * @return the number
   */
  public int rows() {
    return rows;
  }

  /**
   * Makes one value from each row.
   *
   * @param <T> the type of the values
   * @param make makes a value from a row
   * @return the values, in the order of the rows
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
   * @param index the number of the row, from 0
   * @return the row
   */
  public Row row(int index) {
    return new Row(index);
  }

  /**
   * Passes each row to a function.
   *
   * @param take the function
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
     * @param column the column
     * @return whether there is a value
     */
    public boolean has(Column column) {
      return cell(column) != null;
    }

    /**
     * A text.
     *
     * @param column the column
     * @return the text, or null
     */
    public String text(Column column) {
      return (String) cell(column);
    }

    /**
     * A number.
     *
     * @param column the column
     * @return the number, 0 for null
     */
    public long number(Column column) {
      Long number = numberOrNull(column);
      return number == null ? 0 : number;
    }

    /**
     * A number that may be missing.
     *
     * @param column the column
     * @return the number, or null
     */
    public Long numberOrNull(Column column) {
      return (Long) cell(column);
    }

    /**
     * A boolean.
     *
     * @param column the column
     * @return whether the cell is 1
     */
    public boolean truth(Column column) {
      return number(column) == 1;
    }

    /**
     * Words separated by blanks.
     *
     * @param column the column
     * @return the words; empty for null
     */
    public List<String> words(Column column) {
      String text = text(column);
      return text == null || text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    /**
     * Sentences, one on each line.
     *
     * @param column the column
     * @return the lines; empty for null
     */
    public List<String> lines(Column column) {
      String text = text(column);
      return text == null ? List.of() : text.lines().toList();
    }

    /**
     * A time span.
     *
     * @param column the column
     * @return the span, or null
     */
    public Duration span(Column column) {
      Long millis = numberOrNull(column);
      return millis == null ? null : Duration.ofMillis(millis);
    }

    /**
     * A time.
     *
     * @param column the column
     * @return the time, or null
     */
    public Instant time(Column column) {
      Long millis = numberOrNull(column);
      return millis == null ? null : Instant.ofEpochMilli(millis);
    }
  }
}
