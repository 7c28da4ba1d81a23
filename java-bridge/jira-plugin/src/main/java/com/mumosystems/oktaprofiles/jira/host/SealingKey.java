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
 * The key that encrypts stored secrets, the same on every node. Jira's secret service keeps it if Jira has one;
 * otherwise a file of mode 0600 in the shared home does.
 *
 * <p>There is never a second key. During a rolling upgrade some nodes already have the service and others do not,
 * and the service may be missing for a moment. So the key is first copied into the service, and the file stays for
 * the other nodes until every upgrade is finished. Then a note replaces the content of the file. A node that finds
 * the note and no service fails with a message instead of making a new key.
 */
public final class SealingKey {
  /** How long the file stays after the service got the key; longer than any rolling upgrade. */
  static final Duration UPGRADE = Duration.ofDays(7);

  private static final String NAME = "sealing-key";
  private static final String FILE = "sealing.key";
  private static final String LOCK = "com.mumosystems.okta-profiles.key";
  private static final String NOTE = "The key is kept by Jira's secret service.\n";
  private static final int BYTES = 32;
  /** Far larger than a key or the note. */
  private static final int MOST_BYTES = 4096;

  private final Host host;
  private final Path file;

  private SealingKey(Host host, Path file) {
    this.host = host;
    this.file = file;
  }

  /**
   * The key. It is made if there is none yet.
   *
   * @param host the services of Jira
   * @param folders the shared folder
   * @return 32 bytes; the caller must wipe them
   */
  public static byte[] of(Host host, HomeFolders folders) {
    Path file = folders.shared().resolve(FILE);
    try {
      return HexFormat.of().parseHex(new SealingKey(host, file).key());
    } catch (OktaProfilesException e) {
      throw e;
    } catch (Exception e) {
      // The secret service may throw anything.
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
      // Jira before 12.0 does not have this package.
      return false;
    }
  }

  /** Looks without the lock first: after the first days nothing needs the lock any more. */
  private String key() throws IOException {
    Optional<String> inFile = inFile();
    Optional<String> inService = inService();
    if (inService.isPresent() && !isDue(inFile) && isThere()) {
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

  /** Makes the key, or moves it one step further. Only one node at a time. */
  private String makeOrMove() throws IOException {
    Optional<String> inFile = inFile();
    if (!inService(host)) {
      if (inFile.isEmpty() && isThere()) {
        throw unusable(file, "Jira's secret service has the key, but this node cannot find that service;"
            + " restart the node, or upgrade its Jira", null);
      }
      return inFile.isPresent() ? inFile.get() : keepInFile(random());
    }
    Optional<String> inService = inService();
    if (inService.isEmpty()) {
      if (inFile.isEmpty() && isThere()) {
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

  /** The key in the file; empty if there is no file or only the note. */
  private Optional<String> inFile() throws IOException {
    return content().filter(text -> !text.equals(NOTE)).map(String::strip);
  }

  private boolean isThere() throws IOException {
    return PlainFile.exists(file, MOST_BYTES);
  }

  private Optional<String> content() throws IOException {
    return PlainFile.read(file, MOST_BYTES).map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  private Optional<String> inService() {
    return inService(host) ? host.require(PluginSecretService.class).get(NAME) : Optional.empty();
  }

  /** Whether the file must be replaced by the note now; its time is the time of the copying. */
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
