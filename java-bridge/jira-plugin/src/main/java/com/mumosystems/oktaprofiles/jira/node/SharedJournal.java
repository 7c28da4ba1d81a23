package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.PlainFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A file of JSON lines. Every node appends to it, and every node continues to read where it stopped.
 *
 * <p>A line that cannot be read stays in place, so that later lines keep their numbers; readers skip it and log
 * that once. An incomplete last line counts only after another append has ended it, because its writer may still be
 * writing it.
 *
 * @param <T> the record of a line
 */
public final class SharedJournal<T> {
  /** A line is some hundred bytes: far more than people decide by hand. */
  private static final int MOST_BYTES = 64 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final System.Logger LOG = JiraLog.of(SharedJournal.class);

  private final Host host;
  private final Supplier<Path> place;
  private final SharedText<T> text;
  private final Set<Integer> complaints = new HashSet<>();

  /**
   * The position of a reader.
   *
   * @param position how many lines the reader has read
   * @param digest SHA-256 of these lines; it shows whether the journal was restored or rewritten since
   */
  public record Bookmark(long position, String digest) {
    /** The beginning of any journal. */
    public static final Bookmark BEGINNING = new Bookmark(0, "");

    boolean isSound() {
      return position >= 0 && digest != null;
    }

    // Written by hand, because the JDK remembers the last record class whose equals it made, and with it the
    // plugin's class loader.
    @Override
    public boolean equals(Object other) {
      return other instanceof Bookmark that && position == that.position && Objects.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
      return Objects.hash(position, digest);
    }
  }

  /**
   * Reads no file yet.
   *
   * @param host the services of Jira
   * @param place the path of the file
   * @param type the record of a line
   * @param sound whether a record contains everything that its readers need
   */
  public SharedJournal(Host host, Supplier<Path> place, Class<T> type, Predicate<T> sound) {
    this.host = host;
    this.place = place;
    text = new SharedText<>(type, sound);
  }

  /**
   * Passes every record after a bookmark to a reader; all records if the bookmark belongs to another journal.
   *
   * @param reader takes the records
   * @return the bookmark of the end
   */
  public Bookmark follow(Bookmark from, Consumer<T> reader) {
    List<byte[]> lines = lines();
    boolean known = from.position() <= lines.size() && bookmark(lines, (int) from.position()).equals(from);
    for (byte[] line : lines.subList(known ? (int) from.position() : 0, lines.size())) {
      read(line).ifPresent(reader);
    }
    return bookmark(lines, lines.size());
  }

  /**
   * Appends a record on a line of its own, even if the file ends in the middle of a line.
   *
   * @param record the record
   */
  public void append(T record) {
    locked(() -> {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      line.writeBytes(text.write(record));
      line.write('\n');
      append(line.toByteArray());
    });
  }

  /**
   * Removes a name from the journal: every record is changed. If the change returns null, an empty line stays, so
   * that later lines keep their numbers. A line that cannot be read is emptied if it contains the name.
   *
   * @param change returns the new record, or null
   */
  public void rewrite(String name, UnaryOperator<T> change) {
    locked(() -> {
      List<byte[]> before = lines();
      List<byte[]> after = before.stream().map(line -> rewritten(line, name, change)).toList();
      if (!bookmark(before, before.size()).equals(bookmark(after, after.size()))) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] line : after) {
          content.writeBytes(line);
          content.write('\n');
        }
        HomeFolders.replace(place.get(), content.toByteArray());
      }
    });
  }

  private byte[] rewritten(byte[] line, String name, UnaryOperator<T> change) {
    Optional<T> record = text.read(line);
    if (record.isEmpty()) {
      return new String(line, StandardCharsets.UTF_8).contains(name) ? new byte[0] : line;
    }
    return record.map(change).map(text::write).orElse(new byte[0]);
  }

  private void append(byte[] line) throws IOException {
    Path file = place.get();
    if (!PlainFile.exists(file, MOST_BYTES)) {
      HomeFolders.createPrivate(file);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      long end = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      boolean torn = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
      ByteBuffer left = ByteBuffer.wrap(line);
      channel.position(end);
      try {
        if (torn) {
          channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    }
  }

  private Optional<T> read(byte[] line) {
    Optional<T> record = text.read(line);
    if (record.isEmpty() && line.length > 0 && complaints.add(Arrays.hashCode(line))) {
      LOG.log(Level.WARNING, "A line of {0} is damaged or belongs to a newer version; it is skipped", place.get());
    }
    return record;
  }

  /**
   * All complete lines. The last one counts without its line end too if it is a whole record, because then only the
   * line end was lost.
   */
  private List<byte[]> lines() {
    byte[] content;
    try {
      content = PlainFile.read(place.get(), MOST_BYTES).orElse(new byte[0]);
    } catch (IOException e) {
      throw failure(e);
    }
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Arrays.copyOfRange(content, start, i));
        start = i + 1;
      }
    }
    byte[] tail = Arrays.copyOfRange(content, start, content.length);
    if (text.read(tail).isPresent()) {
      lines.add(tail);
    }
    return lines;
  }

  private static Bookmark bookmark(List<byte[]> lines, int position) {
    if (position == 0) {
      return Bookmark.BEGINNING;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] line : lines.subList(0, position)) {
        digest.update(line);
        digest.update((byte) '\n');
      }
      return new Bookmark(position, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** A step that reads or writes files. */
  private interface Step {
    void run() throws IOException;
  }

  private void locked(Step step) {
    String name = "com.mumosystems.okta-profiles." + place.get().getFileName();
    ClusterLocks.hold(host, name, PATIENCE, () -> "Another node is writing " + place.get() + "; try again.", () -> {
      try {
        step.run();
        return null;
      } catch (IOException e) {
        throw failure(e);
      }
    });
  }

  private OktaProfilesException failure(IOException cause) {
    String message = "The journal " + place.get() + " cannot be used: " + cause.getMessage();
    return new OktaProfilesException(ErrorCode.DIRECTORY_IO, message, cause);
  }
}
