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
    ClusterLock lock = host.require(ClusterLockService.class).getLockForName(LOCK);
    lock.lock();
    try {
      Path file = folders.shared().resolve(FILE);
      return HexFormat.of().parseHex(inService(host) ? fromService(host, file) : fromFile(file));
    } catch (IOException | IllegalArgumentException e) {
      String message = "The sealing key in " + folders.shared() + " cannot be used: " + e.getMessage();
      throw new OktaProfilesException(ErrorCode.SEALING_KEY_UNAVAILABLE, message, e);
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

  private static String fromService(Host host, Path file) throws IOException {
    PluginSecretService secrets = host.require(PluginSecretService.class);
    Optional<String> kept = secrets.get(NAME);
    if (kept.isPresent()) {
      return kept.get();
    }
    String key = Files.exists(file) ? Files.readString(file).strip() : random();
    secrets.put(NAME, key);
    Files.deleteIfExists(file);
    return key;
  }

  private static String fromFile(Path file) throws IOException {
    if (!Files.exists(file)) {
      HomeFolders.replace(file, random().getBytes(StandardCharsets.US_ASCII));
    }
    return Files.readString(file).strip();
  }

  private static String random() {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
