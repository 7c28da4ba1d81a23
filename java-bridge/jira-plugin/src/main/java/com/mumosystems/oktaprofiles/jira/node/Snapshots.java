package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Hands a finished directory to the other nodes, so that Okta is asked once per cluster.
 *
 * <p>SQLite never works on the shared home: a backup is made on the local disk and streamed over, and comes back
 * the same way. The manifest is written last, names the file and its SHA-256, and is replaced as a whole; a node
 * that copies meets either a complete file or none. The snapshot before is kept for nodes that still read it.
 *
 * <p>A snapshot is known by its SHA-256. The shared home is right whenever a node holds another one than it names, also
 * when that is an older one: then the shared home was restored from a backup.
 */
public final class Snapshots {
  private static final System.Logger LOG = JiraLog.of(Snapshots.class);

  private final HomeFolders folders;
  private final NodeDirectory directory;
  private final String nodeId;
  private final SharedFile<Manifest> shared;
  private final SharedFile<Manifest> held;

  /**
   * What the shared home says of the newest snapshot.
   *
   * @param generation ascending
   * @param file its name
   * @param sha256 of its content, hex
   * @param bytes its size
   * @param node who made it
   * @param at when, ISO 8601
   * @param pins how far the pin journal is in it
   */
  public record Manifest(
      long generation,
      String file,
      String sha256,
      long bytes,
      String node,
      String at,
      SharedJournal.Bookmark pins) {
    private boolean isSound() {
      // The name comes from a shared disk and must not lead out of the folder.
      return generation > 0 && sha256 != null && node != null && file != null && file.matches("snapshot-\\d+\\.db");
    }
  }

  /**
   * Reads nothing yet.
   *
   * @param folders local and shared folder
   * @param nodeId the name of this node
   */
  public Snapshots(HomeFolders folders, NodeDirectory directory, String nodeId) {
    this.folders = folders;
    this.directory = directory;
    this.nodeId = nodeId;
    shared = manifest(() -> folders.shared().resolve("snapshot.json"));
    held = manifest(() -> folders.local().resolve(NodeDirectory.HELD));
  }

  private static SharedFile<Manifest> manifest(Supplier<Path> place) {
    return new SharedFile<>(place, Manifest.class, Manifest::isSound);
  }

  /**
   * The newest snapshot.
   *
   * @return its manifest, if there is one
   */
  public Optional<Manifest> newest() {
    return shared.read();
  }

  /**
   * Which snapshot this node's directory has made or taken over.
   *
   * @return its generation; 0 for none
   */
  public long generation() {
    return held.read().map(Manifest::generation).orElse(0L);
  }

  /**
   * Makes a snapshot of this node's directory. Only whoever holds the cluster's sync lock may call it.
   *
   * @param pins whose entries the directory has applied
   * @param keepBefore whether the snapshot before is left to nodes that still copy it
   */
  public void publish(PinJournal pins, boolean keepBefore) {
    Optional<Manifest> before = newest();
    long generation = before.map(Manifest::generation).orElse(0L) + 1;
    Path local = folders.local().resolve("outgoing.db");
    Path temporary = folders.shared().resolve(".snapshot-" + generation + ".incoming");
    Path published = folders.shared().resolve("snapshot-" + generation + ".db");
    try {
      Files.deleteIfExists(local);
      directory.use(engine -> {
        engine.backup(local);
        return null;
      });
      Files.deleteIfExists(temporary);
      String digest = copy(local, HomeFolders.createPrivate(temporary));
      HomeFolders.publish(temporary, published);
      Manifest manifest = new Manifest(generation, published.getFileName().toString(), digest, Files.size(published),
          nodeId, Instant.now().toString(), pins.bookmark());
      shared.write(manifest);
      held.write(manifest);
      Set<String> kept = new HashSet<>(Set.of(manifest.file()));
      before.filter(manifestBefore -> keepBefore).map(Manifest::file).ifPresent(kept::add);
      removeAllBut(kept);
    } catch (IOException e) {
      throw failure("The snapshot for the other nodes cannot be written to " + folders.shared(), e);
    } finally {
      removeQuietly(local);
    }
  }

  /**
   * Takes over the snapshot that the shared home names if this node holds another one.
   *
   * @param pins whose position the snapshot sets
   * @return whether the directory was exchanged
   */
  public boolean takeOver(PinJournal pins) {
    Optional<Manifest> here = held.read();
    Optional<Manifest> newest = newest().filter(other -> !other.sha256().equals(here.map(Manifest::sha256).orElse("")));
    if (newest.isEmpty()) {
      return false;
    }
    Manifest manifest = newest.get();
    if (here.isPresent() && manifest.generation() <= here.get().generation()) {
      LOG.log(System.Logger.Level.WARNING,
          "The shared home was restored from a backup: this node follows its snapshot {0} of {1}, and the next"
              + " synchronization brings it up to date", manifest.generation(), manifest.at());
    }
    try {
      Path copy = directory.fileFor(manifest.generation());
      String digest = copy(folders.shared().resolve(manifest.file()), HomeFolders.createPrivate(copy));
      if (!digest.equals(manifest.sha256())) {
        Files.delete(copy);
        throw new IOException("its SHA-256 is not that of the manifest");
      }
      directory.replaceBy(copy);
      held.write(manifest);
      pins.startFrom(manifest.pins());
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

  private void removeAllBut(Set<String> kept) throws IOException {
    try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(folders.shared(), "{snapshot-*.db,.snapshot-*}")) {
      for (Path snapshot : snapshots) {
        if (!kept.contains(snapshot.getFileName().toString())) {
          Files.deleteIfExists(snapshot);
        }
      }
    }
  }

  private static void removeQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, file + " stays behind", e);
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
