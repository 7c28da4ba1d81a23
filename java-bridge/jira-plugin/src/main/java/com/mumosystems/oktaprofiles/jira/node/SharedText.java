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
 * One kind of JSON text that every node writes and reads. If a broken disk, a killed process or a newer version has
 * changed it so that it cannot be read, that is no failure: the result is empty.
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
   * @param sound whether a record contains everything that its readers need; Gson sets a missing member to null
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

  /** After a power cut a file may begin with NUL bytes, where it had already grown. The text after them is complete. */
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
