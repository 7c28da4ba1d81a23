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
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key that seals secrets at rest, the same for every node: kept by Jira's secret service where it has one,
 * otherwise in a file of mode 0600 in the shared home. A key in the file moves to the service when Jira gets one.
 */
public final class SealingKey {
  private static final String NAME = "sealing-key";
  private static final String FILE = "sealing.key";
  private static final String LOCK = "com.mumosystems.okta-profiles.key";
  private static final int BYTES = 32;

  private SealingKey() {}

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
      Optional<String> kept = kept(host, file);
      return HexFormat.of().parseHex(kept.isPresent() ? kept.get() : make(host, file));
    } catch (IOException | IllegalArgumentException e) {
      String message = "The sealing key in " + folders.shared() + " cannot be used: " + e.getMessage();
      throw new OktaProfilesException(ErrorCode.SEALING_KEY_UNAVAILABLE, message, e);
    }
  }

  /** The key where it belongs in this Jira. */
  private static Optional<String> kept(Host host, Path file) throws IOException {
    if (inService(host)) {
      return host.require(PluginSecretService.class).get(NAME);
    }
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  /** Makes the key, or moves it to the service; one node at a time, the others find it. */
  private static String make(Host host, Path file) throws IOException {
    ClusterLock lock = host.require(ClusterLockService.class).getLockForName(LOCK);
    lock.lock();
    try {
      Optional<String> meanwhile = kept(host, file);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      String key = Files.exists(file) ? Files.readString(file).strip() : random();
      if (inService(host)) {
        host.require(PluginSecretService.class).put(NAME, key);
        Files.deleteIfExists(file);
      } else {
        HomeFolders.replace(file, key.getBytes(StandardCharsets.US_ASCII));
      }
      return key;
    } finally {
      lock.unlock();
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
      // Jira before 11.4 has no such package.
      return false;
    }
  }

  private static String random() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
