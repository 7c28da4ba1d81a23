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
 * The directory of this node: the one open engine, used for one call at a time.
 *
 * <p>It is opened by the first call and stays open until the plugin stops: what other nodes did is taken over into the
 * open directory.
 */
public final class NodeDirectory {
  private static final System.Logger LOG = JiraLog.of(NodeDirectory.class);
  /** Names the file where an earlier version has exchanged it for another node's copy. */
  private static final String POINTER = "current";
  private static final String FIRST = "directory-0.db";
  /** Says which state the directory of this node has made or taken over. */
  static final String HELD = "state.json";

  private final Host host;
  private final HomeFolders folders;
  private final SettingsStore store;
  private final AtomicLong generation = new AtomicLong();
  private final LookUpTimes lookUpTimes = new LookUpTimes();
  private Opened current;
  private volatile String damage;
  private boolean closed;

  /** An engine with the settings that it was given. */
  private static final class Opened {
    private final OktaProfiles engine;
    private Map<String, String> settings;

    Opened(OktaProfiles engine, Map<String, String> settings) {
      this.engine = engine;
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
    return call.apply(opened().engine);
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

  /** To be called when another node's changes were taken over: what was remembered is out of date. */
  void answersDiffer() {
    generation.incrementAndGet();
  }

  private synchronized Opened opened() {
    if (closed) {
      throw new OktaProfilesException(ErrorCode.CANCELLED, "Okta Profiles is stopping.", null);
    }
    if (current == null) {
      Path file = currentFile();
      current = open(file);
      removeStrays(file);
    }
    return current;
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
    Opened opened = opened();
    if (apply(opened)) {
      opened.engine.matching().rematch();
      generation.incrementAndGet();
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
      return new Opened(engine, settings);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** A directory that began anew is at no state: what was noted of the one before is forgotten. */
  private void tellDamage(OpenReport opened) {
    if (opened.damagedMovedTo() != null) {
      String saved = opened.carriedOver().isEmpty() ? "nothing" : String.join(", ", opened.carriedOver());
      damage = "The directory of this node was damaged and began anew at " + Instant.now() + "; saved out of it: " + saved
          + "; the damaged file is " + opened.damagedMovedTo() + ".";
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

  /** What a killed process, or an earlier version, could not remove: files that were replaced, unfinished copies. */
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
}
