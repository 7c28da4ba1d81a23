package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.beehive.ClusterLock;
import com.atlassian.beehive.ClusterLockService;
import com.atlassian.secrets.api.plugins.PluginSecretService;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key that seals secrets at rest, the same for every node: kept by Jira's secret service where it has one,
 * otherwise in a file of mode 0600 in the shared home.
 *
 * <p>There is never a second key. In a rolling upgrade some nodes have the service already and others do not, and a
 * service may be away for a moment. So the key is copied into the service first, the file stays for the other nodes
 * until an upgrade is surely over, and then a note takes the file's place: who finds the note and no service fails
 * with words.
 */
public final class SealingKey {
  /** How long the file stays once the service has the key: longer than any rolling upgrade takes. */
  static final Duration UPGRADE = Duration.ofDays(7);

  private static final String NAME = "sealing-key";
  private static final String FILE = "sealing.key";
  private static final String LOCK = "com.mumosystems.okta-profiles.key";
  private static final String NOTE = "The key is kept by Jira's secret service.\n";
  private static final int BYTES = 32;

  private final Host host;
  private final Path file;

  private SealingKey(Host host, Path file) {
    this.host = host;
    this.file = file;
  }

  /**
   * The key; made if there is none yet.
   *
   * @param host the services of Jira
   * @param folders the shared folder
   * @return 32 bytes, to be wiped by the caller
   */
  public static byte[] of(Host host, HomeFolders folders) {
    Path file = folders.shared().resolve(FILE);
    try {
      return HexFormat.of().parseHex(new SealingKey(host, file).key());
    } catch (OktaProfilesException e) {
      throw e;
    } catch (Exception e) {
      // Also what the secret service throws, which may be anything.
      throw unusable(file, e.getMessage(), e);
    }
  }

  /**
   * Whether Jira keeps the key.
   *
   * @param host the services of Jira
   * @return whether there is a secret service
   */
  public static boolean inService(Host host) {
    try {
      return host.find(PluginSecretService.class).isPresent();
    } catch (LinkageError e) {
      // Jira before 12.0 has no such package.
      return false;
    }
  }

  /** Looks without a lock first: after the first days nothing is left to be done under one. */
  private String key() throws IOException {
    Optional<String> inFile = inFile();
    Optional<String> inService = inService();
    if (inService.isPresent() && !isDue(inFile) && Files.exists(file)) {
      return inService.get();
    }
    if (!inService(host) && inFile.isPresent()) {
      return inFile.get();
    }
    ClusterLock lock = host.require(ClusterLockService.class).getLockForName(LOCK);
    lock.lock();
    try {
      return makeOrMove();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the key or moves it one step further; one node at a time. */
  private String makeOrMove() throws IOException {
    Optional<String> inFile = inFile();
    if (!inService(host)) {
      if (inFile.isEmpty() && Files.exists(file)) {
        throw unusable(file, "Jira's secret service has the key, but this node does not find that service", null);
      }
      return inFile.isPresent() ? inFile.get() : keepInFile(random());
    }
    Optional<String> inService = inService();
    if (inService.isEmpty()) {
      if (inFile.isEmpty() && Files.exists(file)) {
        throw unusable(file, "Jira's secret service has lost the key; remove the file and connect again", null);
      }
      String key = inFile.orElseGet(SealingKey::random);
      host.require(PluginSecretService.class).put(NAME, key);
      if (inFile.isPresent()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return key;
      }
      inService = Optional.of(key);
    }
    if (inFile.isEmpty() || isDue(inFile)) {
      HomeFolders.replace(file, NOTE.getBytes(StandardCharsets.US_ASCII));
    }
    return inService.get();
  }

  private String keepInFile(String key) {
    HomeFolders.replace(file, key.getBytes(StandardCharsets.US_ASCII));
    return key;
  }

  /** The key in the file; nothing if there is no file or only the note. */
  private Optional<String> inFile() throws IOException {
    return Files.exists(file)
        ? Optional.of(Files.readString(file)).filter(text -> !text.equals(NOTE)).map(String::strip)
        : Optional.empty();
  }

  private Optional<String> inService() {
    return inService(host) ? host.require(PluginSecretService.class).get(NAME) : Optional.empty();
  }

  /** Whether the file is to go: its time is that of the copying. */
  private boolean isDue(Optional<String> inFile) throws IOException {
    return inFile.isPresent() && Files.getLastModifiedTime(file).toInstant().plus(UPGRADE).isBefore(Instant.now());
  }

  private static OktaProfilesException unusable(Path file, String why, Exception cause) {
    return new OktaProfilesException(
        ErrorCode.SEALING_KEY_UNAVAILABLE, "The sealing key of " + file + " cannot be used: " + why + ".", cause);
  }

  private static String random() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
