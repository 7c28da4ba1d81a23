package com.mumosystems.oktaprofiles.jira.node;

import com.atlassian.beehive.ClusterLock;
import com.atlassian.beehive.ClusterLockService;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Matches made by hand, for every node: a journal in the shared home that each node applies to its own directory.
 *
 * <p>Without it, a match made on a node that does not synchronize would be lost with the next snapshot. Each line
 * is one entry; its position is its line number. Applying an entry twice does no harm.
 */
public final class PinJournal {
  private static final System.Logger LOG = JiraLog.of(PinJournal.class);
  private static final Gson GSON = new GsonBuilder().create();
  private static final String LOCK = "com.mumosystems.okta-profiles.pins";
  private static final long LOCK_SECONDS = 5;

  private final Host host;
  private final HomeFolders folders;
  private final NodeDirectory directory;

  /** One line: a pin, or the end of one where {@code oktaId} is null. */
  private record Entry(String jiraKey, String oktaId, String by, String at) {}

  /**
   * Reads nothing yet.
   *
   * @param host the services of Jira
   * @param folders local and shared folder
   * @param directory the directory of this node
   */
  public PinJournal(Host host, HomeFolders folders, NodeDirectory directory) {
    this.host = host;
    this.folders = folders;
    this.directory = directory;
  }

  /**
   * Ties two users by hand, here and on every node.
   *
   * @param oktaId Okta's user id
   * @param jiraKey Jira's user key
   * @param by key of the administrator
   */
  public void pin(String oktaId, String jiraKey, String by) {
    directory.use(engine -> {
      engine.matching().pin(oktaId, jiraKey);
      return null;
    });
    append(new Entry(jiraKey, oktaId, by, Instant.now().toString()));
    catchUp();
  }

  /**
   * Removes a match made by hand, here and on every node.
   *
   * @param jiraKey Jira's user key
   * @param by key of the administrator
   */
  public void unpin(String jiraKey, String by) {
    directory.use(engine -> {
      engine.matching().unpin(jiraKey);
      return null;
    });
    append(new Entry(jiraKey, null, by, Instant.now().toString()));
    catchUp();
  }

  /** Applies what other nodes have written. */
  public synchronized void catchUp() {
    List<String> lines = lines();
    long applied = position();
    if (lines.size() > applied) {
      directory.use(engine -> {
        lines.subList((int) applied, lines.size()).forEach(line -> apply(engine, line));
        return null;
      });
      startFrom(lines.size());
    }
  }

  /**
   * How many entries this node's directory has applied.
   *
   * @return the position of the last one
   */
  public long position() {
    return LocalNumber.read(folders.local().resolve("pins.applied"));
  }

  /**
   * Sets where {@link #catchUp} goes on: what a snapshot has applied already.
   *
   * @param position the position of the last entry applied
   */
  void startFrom(long position) {
    LocalNumber.write(folders.local().resolve("pins.applied"), position);
  }

  private static void apply(OktaProfiles engine, String line) {
    Entry entry = GSON.fromJson(line, Entry.class);
    try {
      if (entry.oktaId() == null) {
        engine.matching().unpin(entry.jiraKey());
      } else {
        engine.matching().pin(entry.oktaId(), entry.jiraKey());
      }
    } catch (OktaProfilesException e) {
      // A user that this directory has not got: gone from Okta, or from Jira.
      LOG.log(System.Logger.Level.INFO, "A match made by hand does not apply: {0}", e.getMessage());
    }
  }

  private void append(Entry entry) {
    ClusterLock lock = host.require(ClusterLockService.class).getLockForName(LOCK);
    try {
      if (!lock.tryLock(LOCK_SECONDS, TimeUnit.SECONDS)) {
        throw new OktaProfilesException(ErrorCode.BUSY, "Another node is writing a match; try again.", null);
      }
      try {
        write((GSON.toJson(entry) + "\n").getBytes(StandardCharsets.UTF_8));
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OktaProfilesException(ErrorCode.CANCELLED, "The call was interrupted.", e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void write(byte[] line) throws IOException {
    if (!Files.exists(file())) {
      HomeFolders.createPrivate(file());
    }
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap(line));
      channel.force(true);
    }
  }

  private List<String> lines() {
    try {
      return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Path file() {
    return folders.shared().resolve("pins.jsonl");
  }

  private OktaProfilesException failure(IOException cause) {
    String message = "The journal of matches " + file() + " cannot be used: " + cause.getMessage();
    return new OktaProfilesException(ErrorCode.DIRECTORY_IO, message, cause);
  }
}
