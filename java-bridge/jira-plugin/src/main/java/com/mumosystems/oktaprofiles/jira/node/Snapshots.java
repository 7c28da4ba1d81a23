package com.mumosystems.oktaprofiles.jira.node;

import com.google.gson.Gson;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Hands a finished directory to the other nodes, so that Okta is asked once per cluster.
 *
 * <p>SQLite never works on the shared home: a backup is made on the local disk and streamed over, and comes back
 * the same way. The manifest is written last, names the file and its SHA-256, and is replaced as a whole; a node
 * that copies meets either a complete file or none. The snapshot before is kept for nodes that still read it.
 */
public final class Snapshots {
  private static final Gson GSON = new Gson();
  private static final String MANIFEST = "snapshot.json";

  private final HomeFolders folders;
  private final NodeDirectory directory;
  private final String nodeId;

  /**
   * What the shared home says of the newest snapshot.
   *
   * @param generation ascending
   * @param file its name
   * @param sha256 of its content, hex
   * @param bytes its size
   * @param node who made it
   * @param at when, ISO 8601
   * @param pinsThrough position of the last entry of the pin journal that is in it
   */
  public record Manifest(
      long generation, String file, String sha256, long bytes, String node, String at, long pinsThrough) {}

  /**
   * Reads nothing yet.
   *
   * @param folders local and shared folder
   * @param directory the directory of this node
   * @param nodeId the name of this node
   */
  public Snapshots(HomeFolders folders, NodeDirectory directory, String nodeId) {
    this.folders = folders;
    this.directory = directory;
    this.nodeId = nodeId;
  }

  /**
   * The newest snapshot.
   *
   * @return its manifest, if there is one
   */
  public Optional<Manifest> newest() {
    Path file = folders.shared().resolve(MANIFEST);
    try {
      return Files.exists(file)
          ? Optional.ofNullable(GSON.fromJson(Files.readString(file), Manifest.class))
          : Optional.empty();
    } catch (IOException e) {
      throw failure(file + " cannot be read", e);
    }
  }

  /**
   * Which snapshot this node's directory has made or taken over.
   *
   * @return its generation; 0 for none
   */
  public long generation() {
    return LocalNumber.read(folders.local().resolve("generation"));
  }

  /**
   * Makes a snapshot of this node's directory. Only whoever holds the cluster's sync lock may call it.
   *
   * @param pinsThrough position of the pin journal that the directory has reached
   */
  public void publish(long pinsThrough) {
    long generation = newest().map(Manifest::generation).orElse(0L) + 1;
    Path local = folders.local().resolve("outgoing.db");
    Path temporary = folders.shared().resolve(".snapshot-" + generation + ".incoming");
    Path shared = folders.shared().resolve("snapshot-" + generation + ".db");
    try {
      Files.deleteIfExists(local);
      directory.use(engine -> {
        engine.backup(local);
        return null;
      });
      Files.deleteIfExists(temporary);
      String digest = copy(local, HomeFolders.createPrivate(temporary));
      HomeFolders.publish(temporary, shared);
      Manifest manifest = new Manifest(generation, shared.getFileName().toString(), digest, Files.size(shared),
          nodeId, Instant.now().toString(), pinsThrough);
      HomeFolders.replace(
          folders.shared().resolve(MANIFEST), GSON.toJson(manifest).getBytes(StandardCharsets.UTF_8));
      LocalNumber.write(folders.local().resolve("generation"), generation);
      removeOlderThan(generation - 1);
    } catch (IOException e) {
      throw failure("The snapshot for the other nodes cannot be written to " + folders.shared(), e);
    } finally {
      removeQuietly(local);
    }
  }

  /**
   * Takes over the newest snapshot if this node has not got it.
   *
   * @param pins whose position the snapshot sets
   * @return whether the directory was exchanged
   */
  public boolean takeOver(PinJournal pins) {
    Optional<Manifest> newest = newest();
    if (newest.isEmpty() || newest.get().generation() <= generation()) {
      return false;
    }
    Manifest manifest = newest.get();
    try {
      Path copy = directory.fileFor(manifest.generation());
      String digest = copy(folders.shared().resolve(manifest.file()), HomeFolders.createPrivate(copy));
      if (!digest.equals(manifest.sha256())) {
        Files.delete(copy);
        throw new IOException("its SHA-256 is not that of the manifest");
      }
      directory.replaceBy(copy);
      LocalNumber.write(folders.local().resolve("generation"), manifest.generation());
      pins.startFrom(manifest.pinsThrough());
      return true;
    } catch (IOException e) {
      throw failure("The snapshot " + manifest.file() + " of node " + manifest.node() + " cannot be taken over", e);
    }
  }

  private static String copy(Path from, Path to) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(from), digest);
        OutputStream out = Files.newOutputStream(to, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      in.transferTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void removeOlderThan(long generation) throws IOException {
    try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(folders.shared(), "snapshot-*.db")) {
      for (Path snapshot : snapshots) {
        String number = snapshot.getFileName().toString().replaceAll("\\D", "");
        if (number.isEmpty() || Long.parseLong(number) < generation) {
          Files.deleteIfExists(snapshot);
        }
      }
    }
  }

  private static void removeQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      JiraLog.of(Snapshots.class).log(System.Logger.Level.WARNING, file + " stays behind", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static OktaProfilesException failure(String what, IOException cause) {
    return new OktaProfilesException(ErrorCode.BACKUP_FAILED, what + ": " + cause.getMessage(), cause);
  }
}
