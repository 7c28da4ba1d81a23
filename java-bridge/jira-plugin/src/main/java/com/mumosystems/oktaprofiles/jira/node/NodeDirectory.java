package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.OpenReport;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.SealingKey;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The directory of this node: the one open engine, lent for one call at a time.
 *
 * <p>It is opened by the first call and can be exchanged for a newer file while calls go on: those that began
 * before end on the old engine, which is closed and erased when the last of them has given it back.
 */
public final class NodeDirectory {
  private static final System.Logger LOG = JiraLog.of(NodeDirectory.class);
  private static final String POINTER = "current";
  private static final String FIRST = "directory-0.db";
  /** Says which snapshot the directory of this node has made or taken over. */
  static final String HELD = "snapshot.json";

  private final Host host;
  private final HomeFolders folders;
  private final SettingsStore store;
  private final AtomicLong generation = new AtomicLong();
  private final LookUpTimes lookUpTimes = new LookUpTimes();
  private Opened current;
  private volatile String damage;
  private boolean closed;

  /** An engine with the number of calls that use it. */
  private static final class Opened {
    private final OktaProfiles engine;
    private final Path file;
    private Map<String, String> settings;
    private int calls;
    private boolean replaced;

    Opened(OktaProfiles engine, Path file, Map<String, String> settings) {
      this.engine = engine;
      this.file = file;
      this.settings = settings;
    }
  }

  /**
   * Opens nothing yet.
   *
   * @param host the services of Jira
   * @param folders where the file is
   */
  public NodeDirectory(Host host, HomeFolders folders, SettingsStore store) {
    this.host = host;
    this.folders = folders;
    this.store = store;
  }

  /**
   * Makes one call. The engine must not be kept.
   *
   * @param <T> what the call gives
   * @return what it gives
   */
  public <T> T use(Function<OktaProfiles, T> call) {
    Opened opened = borrow();
    try {
      return call.apply(opened.engine);
    } finally {
      giveBack(opened);
    }
  }

  /** Makes one call for somebody who waits for a page. The engine must not be kept. */
  public <T> T lookUp(Function<OktaProfiles, T> call) {
    return lookUpTimes.time(() -> use(call));
  }

  public LookUpTimes lookUpTimes() {
    return lookUpTimes;
  }

  /**
   * Makes one call that changes what the directory answers. The engine must not be kept.
   *
   * @param <T> what the call gives
   * @return what it gives
   */
  public <T> T change(Function<OktaProfiles, T> call) {
    try {
      return use(call);
    } finally {
      // Also after a failure: a run that ended early may have published.
      generation.incrementAndGet();
    }
  }

  /**
   * Which state of the directory is answered from: what was remembered of another one is out of date.
   *
   * @return a number that grows with every change
   */
  public long generation() {
    return generation.get();
  }

  private synchronized Opened borrow() {
    if (closed) {
      throw new OktaProfilesException(ErrorCode.CANCELLED, "Okta Profiles is stopping.", null);
    }
    if (current == null) {
      Path file = currentFile();
      current = open(file);
      removeStrays(file);
    }
    current.calls++;
    return current;
  }

  private void giveBack(Opened opened) {
    boolean last;
    synchronized (this) {
      opened.calls--;
      last = opened.replaced && opened.calls == 0;
    }
    if (last) {
      retire(opened);
    }
  }

  /** Stops calls of the engine that run now, as an administrator wants it. */
  public void cancel() {
    Opened opened;
    synchronized (this) {
      opened = current;
    }
    if (opened != null) {
      opened.engine.cancel();
    }
  }

  /** Hands changed settings to the engine and matches anew if the rules changed. */
  public void refreshSettings() {
    Opened opened = borrow();
    try {
      boolean rules = apply(opened);
      if (rules) {
        opened.engine.matching().rematch();
        generation.incrementAndGet();
      }
    } finally {
      giveBack(opened);
    }
  }

  /** Read under the lock: of two who refresh at a time, the later one must not put older settings back in force. */
  private synchronized boolean apply(Opened opened) {
    Map<String, String> wanted = EngineSettings.of(store.read(), folders);
    boolean rules = !wanted.get(EngineSettings.RULES).equals(opened.settings.get(EngineSettings.RULES));
    wanted.forEach((key, value) -> {
      if (!value.equals(opened.settings.get(key))) {
        opened.engine.set(key, value);
      }
    });
    opened.settings = wanted;
    return rules;
  }

  /**
   * A name for a file that is to replace the present one.
   *
   * @param generation number of the snapshot
   * @return a file in the local folder that does not exist
   * @throws IOException if an old file of this name cannot be removed
   */
  public Path fileFor(long generation) throws IOException {
    Path file = folders.local().resolve("directory-" + generation + ".db");
    if (file.equals(currentFile())) {
      file = folders.local().resolve("directory-" + generation + "b.db");
    }
    removeFamily(file);
    return file;
  }

  /**
   * Puts a complete file in the place of the present one.
   *
   * @param file a file of {@link #fileFor}
   */
  public void replaceBy(Path file) {
    Opened next = open(file);
    Opened before;
    boolean idle;
    synchronized (this) {
      if (closed) {
        next.engine.close();
        return;
      }
      HomeFolders.replace(folders.local().resolve(POINTER), file.getFileName().toString().getBytes(
          StandardCharsets.UTF_8));
      before = current;
      current = next;
      generation.incrementAndGet();
      idle = before != null && before.calls == 0;
      if (before != null) {
        before.replaced = true;
      }
    }
    if (idle) {
      retire(before);
    }
  }

  /** Stops what runs, waits for it and closes every file. */
  public void close() {
    Opened opened;
    synchronized (this) {
      closed = true;
      opened = current;
      current = null;
    }
    if (opened != null) {
      opened.engine.close();
    }
  }

  private Opened open(Path file) {
    Map<String, String> settings = EngineSettings.of(store.read(), folders);
    Path nativeFolder = folders.local().resolve("native");
    byte[] key = SealingKey.of(host, folders);
    try {
      OktaProfiles engine = OktaProfiles.open(file, settings, nativeFolder, key);
      tellDamage(engine.opened());
      return new Opened(engine, file, settings);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** A directory that began anew holds no snapshot any more: what the node holds is forgotten, so that it takes one. */
  private void tellDamage(OpenReport opened) {
    if (opened.damagedMovedTo() != null) {
      String saved = opened.carriedOver().isEmpty() ? "nothing" : String.join(", ", opened.carriedOver());
      damage = "The directory of this node was damaged and began anew at " + Instant.now() + "; saved out of it: " + saved
          + "; the damaged file is " + opened.damagedMovedTo() + " until a snapshot takes its place.";
      LOG.log(System.Logger.Level.WARNING, damage);
    }
    if (opened.created()) {
      try {
        Files.deleteIfExists(folders.local().resolve(HELD));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "This node takes over the next snapshot only", e);
      }
    }
  }

  /**
   * What was found damaged since the plugin started.
   *
   * @return the last damage in words, if there was any
   */
  public Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  private Path currentFile() {
    Path pointer = folders.local().resolve(POINTER);
    try {
      // Byte by byte, so that a damaged pointer is no failure: it names no file of ours.
      String name = Files.exists(pointer) ? Files.readString(pointer, StandardCharsets.ISO_8859_1).strip() : FIRST;
      boolean ours = name.matches("directory-\\d+b?\\.db") && Files.exists(folders.local().resolve(name));
      return folders.local().resolve(ours ? name : FIRST);
    } catch (IOException e) {
      throw new OktaProfilesException(ErrorCode.DIRECTORY_IO, pointer + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void retire(Opened opened) {
    opened.engine.close();
    try {
      removeFamily(opened.file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "An old directory file stays behind: " + opened.file, e);
    }
  }

  /** What a killed process could not remove: files that were replaced, copies that were never finished. */
  private void removeStrays(Path file) {
    try (DirectoryStream<Path> strays = Files.newDirectoryStream(folders.local(), "{directory-,outgoing}*")) {
      for (Path stray : strays) {
        if (!stray.getFileName().toString().startsWith(file.getFileName().toString())) {
          Files.deleteIfExists(stray);
        }
      }
      Instant start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
      HomeFolders.removeUnfinished(folders.local(), start);
      // Other nodes write here too, by clocks of their own.
      HomeFolders.removeUnfinished(folders.shared(), start.minus(Duration.ofDays(1)));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Old files stay behind in " + folders.local(), e);
    }
  }

  /** Removes a database file with everything that stands beside it. */
  private static void removeFamily(Path file) throws IOException {
    try (DirectoryStream<Path> family = Files.newDirectoryStream(file.getParent(), file.getFileName() + "*")) {
      for (Path member : family) {
        Files.deleteIfExists(member);
      }
    }
  }
}
