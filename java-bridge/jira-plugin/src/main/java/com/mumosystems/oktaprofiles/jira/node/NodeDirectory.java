package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.OpenReport;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.PlainFile;
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
 * The directory of this node: the one open engine. Callers get it for one call at a time.
 *
 * <p>The first call opens it, and it stays open until the plugin stops. Changes of other nodes are taken over into
 * the open directory.
 */
public final class NodeDirectory {
  private static final System.Logger LOG = JiraLog.of(NodeDirectory.class);
  /** Contains the name of the directory file, if an earlier version replaced the file by another node's copy. */
  private static final String POINTER = "current";
  private static final String FIRST = "directory-0.db";
  /** Says which published state the directory of this node is at. */
  static final String HELD = "state.json";

  private final Host host;
  private final HomeFolders folders;
  private final SettingsStore store;
  private final AtomicLong generation = new AtomicLong();
  private final LookUpTimes lookUpTimes = new LookUpTimes();
  private Opened current;
  private volatile String damage;
  private boolean closed;

  /** An open engine, and the settings that it was given. */
  private static final class Opened {
    private final OktaProfiles engine;
    private Map<String, String> settings;

    Opened(OktaProfiles engine, Map<String, String> settings) {
      this.engine = engine;
      this.settings = settings;
    }
  }

  /**
   * Opens no file yet.
   *
   * @param host the services of Jira
   * @param folders the folder of the file
   */
  public NodeDirectory(Host host, HomeFolders folders, SettingsStore store) {
    this.host = host;
    this.folders = folders;
    this.store = store;
  }

  /**
   * Makes one call. The call must not keep the engine.
   *
   * @param <T> the type of the result
   * @return the result of the call
   */
  public <T> T use(Function<OktaProfiles, T> call) {
    return call.apply(opened().engine);
  }

  /** Makes one call for a person who waits for a page, and measures it. The call must not keep the engine. */
  public <T> T lookUp(Function<OktaProfiles, T> call) {
    return lookUpTimes.time(() -> use(call));
  }

  public LookUpTimes lookUpTimes() {
    return lookUpTimes;
  }

  /**
   * Makes one call that changes the answers of the directory. The call must not keep the engine.
   *
   * @param <T> the type of the result
   * @return the result of the call
   */
  public <T> T change(Function<OktaProfiles, T> call) {
    try {
      return use(call);
    } finally {
      // Counted after a failure too, because a run that ended early may have published.
      generation.incrementAndGet();
    }
  }

  /**
   * The state of the directory that answers come from. An answer remembered with another number is out of date.
   *
   * @return a number that grows with every change
   */
  public long generation() {
    return generation.get();
  }

  /** Must be called after changes of another node were taken over, because remembered answers are out of date then. */
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

  /** Cancels the running calls of the engine, on an administrator's request. */
  public void cancel() {
    Opened opened;
    synchronized (this) {
      opened = current;
    }
    if (opened != null) {
      opened.engine.cancel();
    }
  }

  /** Passes changed settings to the engine, and matches again if the rules changed. */
  public void refreshSettings() {
    Opened opened = opened();
    if (apply(opened)) {
      opened.engine.matching().rematch();
      generation.incrementAndGet();
    }
  }

  /**
   * The settings are read under the lock: if two threads refresh at once, the later one must not put older settings
   * in force.
   */
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

  /** Cancels running work, waits for it and closes every file. */
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

  /** Reports the damage. A new directory is at no published state, so the note about the state is removed. */
  private void tellDamage(OpenReport opened) {
    if (opened.damagedMovedTo() != null) {
      String saved = opened.carriedOver().isEmpty() ? "nothing" : String.join(", ", opened.carriedOver());
      damage = "The directory of this node was damaged and was replaced by a new one at " + Instant.now()
          + "; saved from it: " + saved + "; the damaged file is " + opened.damagedMovedTo() + ".";
      LOG.log(System.Logger.Level.WARNING, damage);
    }
    if (opened.created()) {
      try {
        Files.deleteIfExists(folders.local().resolve(HELD));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "This node cannot follow the present snapshot and takes over the next one", e);
      }
    }
  }

  /**
   * The damage that was found since the plugin started.
   *
   * @return the last damage in words; empty if there was none
   */
  public Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  private Path currentFile() {
    Path pointer = folders.local().resolve(POINTER);
    try {
      // Every byte is a letter in this encoding, so a damaged pointer cannot fail to be read; it just names no file
      // of ours.
      String name = PlainFile.read(pointer, 256)
          .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip())
          .orElse(FIRST);
      boolean ours = name.matches("directory-\\d+b?\\.db") && Files.exists(folders.local().resolve(name));
      return folders.local().resolve(ours ? name : FIRST);
    } catch (IOException e) {
      throw new OktaProfilesException(ErrorCode.DIRECTORY_IO, pointer + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Removes files that a killed process or an earlier version left: replaced files and unfinished copies. */
  private void removeStrays(Path file) {
    try (DirectoryStream<Path> strays = Files.newDirectoryStream(folders.local(), "{directory-,outgoing}*")) {
      for (Path stray : strays) {
        if (!stray.getFileName().toString().startsWith(file.getFileName().toString())) {
          Files.deleteIfExists(stray);
        }
      }
      Instant start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
      HomeFolders.removeUnfinished(folders.local(), start);
      // Other nodes write here too, and their clocks may differ.
      HomeFolders.removeUnfinished(folders.shared(), start.minus(Duration.ofDays(1)));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Old files could not be removed from " + folders.local(), e);
    }
  }
}
