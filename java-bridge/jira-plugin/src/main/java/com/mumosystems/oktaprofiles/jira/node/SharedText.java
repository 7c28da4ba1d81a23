package com.mumosystems.oktaprofiles.jira.node;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One kind of JSON text that every node writes and reads. What a broken disk, a kill or a newer version made of it is
 * no failure: it gives nothing.
 *
 * @param <T> the record
 */
final class SharedText<T> {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private final Class<T> type;
  private final Predicate<T> sound;

  /**
   * One kind of text.
   *
   * @param type the record
   * @param sound whether a record holds everything that its readers rely on; Gson leaves null what is missing
   */
  SharedText(Class<T> type, Predicate<T> sound) {
    this.type = type;
    this.sound = sound;
  }

  Optional<T> read(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(withoutHoles(bytes)).toString();
      return Optional.ofNullable(GSON.fromJson(text, type)).filter(sound);
    } catch (CharacterCodingException | JsonParseException e) {
      return Optional.empty();
    }
  }

  byte[] write(T value) {
    return GSON.toJson(value).getBytes(StandardCharsets.UTF_8);
  }

  /** A power cut leaves NUL bytes where a file had grown already; what was written after them is whole. */
  private static ByteBuffer withoutHoles(byte[] bytes) {
    int from = 0;
    int to = bytes.length;
    while (from < to && bytes[from] == 0) {
      from++;
    }
    while (to > from && bytes[to - 1] == 0) {
      to--;
    }
    return ByteBuffer.wrap(bytes, from, to - from);
  }
}
