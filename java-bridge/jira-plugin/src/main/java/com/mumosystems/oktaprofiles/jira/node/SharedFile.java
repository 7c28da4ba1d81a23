package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.PlainFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A small file that holds one record and is replaced as a whole. A file that cannot be read counts as missing: it
 * is copied to another name, the log says so once, and the next writer replaces it. It is copied and not renamed,
 * because a node with a newer version may still be able to read it.
 *
 * @param <T> the record
 */
public final class SharedFile<T> {
  /** Far larger than any record. A larger file is not ours. */
  private static final int MOST_BYTES = 1 << 20;

  private static final System.Logger LOG = JiraLog.of(SharedFile.class);

  private final Supplier<Path> place;
  private final SharedText<T> text;
  private volatile String lastComplaint = "";

  /**
   * Reads no file yet.
   *
   * @param place the path of the file
   * @param type the record
   * @param sound whether a record contains everything that its readers need
   */
  public SharedFile(Supplier<Path> place, Class<T> type, Predicate<T> sound) {
    this.place = place;
    text = new SharedText<>(type, sound);
  }

  /**
   * The record.
   *
   * @return the record; empty if the file is missing or cannot be read
   */
  public Optional<T> read() {
    Path file = place.get();
    try {
      Optional<byte[]> content = PlainFile.read(file, MOST_BYTES);
      Optional<T> value = content.flatMap(text::read);
      if (content.isPresent() && value.isEmpty()) {
        keepAside(file, content.get());
      }
      return value;
    } catch (IOException e) {
      complainOnce(String.valueOf(e), file + " cannot be read and counts as missing: " + e);
      return Optional.empty();
    }
  }

  /**
   * Replaces the record.
   *
   * @param value the record
   */
  public void write(T value) {
    HomeFolders.replace(place.get(), text.write(value));
  }

  private void keepAside(Path file, byte[] content) {
    Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
    complainOnce(
        content.length + " bytes, " + Arrays.hashCode(content),
        file + " is damaged or belongs to a newer version, so it counts as missing; " + aside.getFileName()
            + " keeps a copy.");
    try {
      if (content.length > 0 && !Arrays.equals(PlainFile.read(aside, MOST_BYTES).orElse(null), content)) {
        HomeFolders.replace(aside, content);
      }
    } catch (IOException | RuntimeException e) {
      complainOnce(String.valueOf(e), aside + " cannot be written: " + e);
    }
  }

  private void complainOnce(String what, String words) {
    if (!what.equals(lastComplaint)) {
      lastComplaint = what;
      LOG.log(Level.WARNING, words);
    }
  }
}
