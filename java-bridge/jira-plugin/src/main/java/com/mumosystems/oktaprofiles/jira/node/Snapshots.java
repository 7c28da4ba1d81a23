package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.Cluster;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.Followed;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.Publication;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Gives the result of a run to the other nodes, so that only one node of the cluster asks Okta. The engine writes
 * and reads the files on the shared home. It brings the open directory to the newest state, even if files were
 * torn, lost or restored.
 *
 * <p>This class adds what the engine does not know: a number for people, up to which position a state contains
 * the journal of matches made by hand, and which changed users of Jira it lacks. When the directory is brought to a
 * state, it loses what this node did by itself since, so the journal is applied again from that position.
 */
public final class Snapshots {
  private static final System.Logger LOG = JiraLog.of(Snapshots.class);
  private static final String FOLDER = "increments";
  /** The results of following after which the directory answers differently. */
  private static final Set<String> MOVED = Set.of("increments", "base");
  /** How long whole copies of earlier versions are kept for nodes that still run such a version. */
  private static final Duration EARLIER_VERSIONS = Duration.ofDays(1);

  private final HomeFolders folders;
  private final NodeDirectory directory;
  private final UserHints hints;
  private final String nodeId;
  private final BooleanSupplier clustered;
  private final SharedText<Manifest> notes = new SharedText<>(Manifest.class, Manifest::isSound);
  private final SharedFile<Head> head;
  private final SharedFile<Held> held;
  private volatile String seen = "";
  /** Whether this node runs alone and has already taken over what a cluster left. */
  private volatile boolean left;

  /**
   * What is recorded about a published state.
   *
   * @param generation an ascending number, for people
   * @param node the node that made it
   * @param at the time, ISO 8601
   * @param pins up to which position it contains the journal of matches
   * @param users which changed users of Jira it lacks; null from versions before this existed
   */
  public record Manifest(
      long generation, String node, String at, SharedJournal.Bookmark pins, UserHints.Mark users) {
    private boolean isSound() {
      return generation > 0 && node != null && at != null;
    }
  }

  /** The parts of the engine's file that this class reads: the newest state, its note, and the size of the base. */
  private record Head(String state, String note, Base base) {}

  private record Base(Seal file) {}

  private record Seal(long bytes) {}

  /** The state of this node's directory when the journal's position was last set from it. */
  private record Held(String state, long generation) {}

  /**
   * Reads no file yet.
   *
   * @param folders local and shared folder
   * @param hints knows which changed users of Jira a state lacks
   * @param host the services of Jira; they know the name of this node and whether there may be others
   */
  public Snapshots(HomeFolders folders, NodeDirectory directory, UserHints hints, Host host) {
    clustered = host::clustered;
    this.hints = hints;
    this.folders = folders;
    this.directory = directory;
    nodeId = host.nodeId();
    head = new SharedFile<>(
        () -> folder().resolve(Cluster.HEAD), Head.class, found -> found.state() != null && found.note() != null);
    held = new SharedFile<>(
        () -> folders.local().resolve(NodeDirectory.HELD), Held.class, found -> found.state() != null);
  }

  private Path folder() {
    return folders.shared().resolve(FOLDER);
  }

  /**
   * The newest state.
   *
   * @return what is recorded about it; empty if there is none
   */
  public Optional<Manifest> newest() {
    return head.read().flatMap(found -> manifest(found.note()));
  }

  /**
   * The size of the newest whole copy.
   *
   * @return the number of bytes; 0 if there is none
   */
  public long bytes() {
    return head.read().map(Head::base).map(Base::file).map(Seal::bytes).orElse(0L);
  }

  /**
   * The state that this node's directory has made or taken over.
   *
   * @return the number of that state; 0 for none
   */
  public long generation() {
    return held.read().map(Held::generation).orElse(0L);
  }

  /**
   * Publishes the changes of this node's directory. The caller must hold the cluster's sync lock.
   *
   * @param pins the journal whose entries the directory has applied
   * @param keepBefore whether to keep earlier publications for nodes that still read them
   * @return whether the other nodes can follow; false while nodes with a newer version publish
   */
  public boolean publish(PinJournal pins, boolean keepBefore) {
    long generation = newest().map(Manifest::generation).orElse(0L) + 1;
    Manifest manifest = new Manifest(generation, nodeId, Instant.now().toString(), pins.bookmark(), hints.mark());
    String note = new String(notes.write(manifest), StandardCharsets.UTF_8);
    Path folder = folder();
    Publication publication = directory.use(engine -> engine.cluster().publishTo(folder, note, !keepBefore));
    boolean published = !publication.published().equals("newer");
    if (!published) {
      LOG.log(System.Logger.Level.WARNING,
          "Nodes with a newer version already publish, so this node publishes nothing; update it");
    }
    // A node that publishes joins a cluster again, so it must leave once more when it runs alone.
    left = false;
    takeOver(pins);
    removeWholeCopies(keepBefore ? EARLIER_VERSIONS : Duration.ZERO);
    return published;
  }

  /**
   * Whether the shared home may have a newer state than this node. It looks at one small file only.
   *
   * @return whether to follow
   */
  public boolean hasMoved() {
    return !stamp().equals(seen);
  }

  /**
   * Whether any node has deliveries that no node has read yet.
   *
   * @return true if there is something to refresh
   */
  public boolean hasDeliveries() {
    Path folder = folder().resolve(Cluster.DELIVERIES);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, Snapshots::isDelivery)) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      // There were never deliveries, or the shared home is missing: there is nothing to read now.
      return false;
    }
  }

  /** Other names mean nothing here, such as the part of a delivery whose node was killed: it would stay for ever. */
  private static boolean isDelivery(Path file) {
    return file.getFileName().toString().matches(Cluster.DELIVERY) && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  private String stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(folder().resolve(Cluster.HEAD), BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      // There is no publication yet, or the shared home is missing: there is nothing to follow now.
      return seen;
    }
  }

  /**
   * Brings this node's directory to the newest state if it is at another one. A node that runs alone does this once
   * after its start, and then leaves the cluster that may have existed.
   *
   * @param pins the journal; the state sets its position
   * @return whether the directory answers differently now
   */
  public boolean takeOver(PinJournal pins) {
    if (clustered.getAsBoolean()) {
      left = false;
      return follow(pins);
    }
    if (left) {
      return false;
    }
    boolean moved = follow(pins);
    // Nobody publishes any more, so nobody would remove deliveries from the shared home. The engine knows which
    // folder that was.
    directory.use(engine -> {
      engine.cluster().leave();
      return null;
    });
    left = true;
    return moved;
  }

  /**
   * As {@link #takeOver}, before a run. Where no way leads to the newest state, as after a restore that brought back only
   * some of the files, the run is made with what this node has, and what it publishes takes the place of what is damaged:
   * nothing else would do that. Only a run may: what it publishes is complete, however old this directory is now.
   *
   * @param pins whose position the state sets
   */
  public void takeOverBeforeRun(PinJournal pins) {
    try {
      takeOver(pins);
    } catch (OktaProfilesException e) {
      if (e.code() != ErrorCode.SHARED_FOLDER_FAILED) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, "This run replaces what is damaged: {0}", e.getMessage());
    }
  }

  private boolean follow(PinJournal pins) {
    Path folder = folder();
    if (!Files.isDirectory(folder)) {
      // No node has published, or there is no other node. The engine must not treat the folder as shared.
      return false;
    }
    String stamp = stamp();
    Followed following = following(folder, stamp);
    boolean moved = MOVED.contains(following.following());
    if (moved) {
      directory.answersDiffer();
    }
    Optional<Held> here = held.read();
    if (!following.state().isEmpty() && !Objects.equals(here.map(Held::state).orElse(null), following.state())) {
      Optional<Manifest> manifest = manifest(following.note());
      tellRestored(here, manifest);
      // These come first: if the process is killed in between, they are simply set again.
      pins.startFrom(manifest.map(Manifest::pins).orElse(null));
      hints.startFrom(manifest.map(Manifest::users).orElse(null));
      held.write(new Held(following.state(), manifest.map(Manifest::generation).orElse(0L)));
    }
    seen = stamp;
    return moved;
  }

  private Followed following(Path folder, String stamp) {
    try {
      return directory.use(engine -> engine.cluster().follow(folder));
    } catch (OktaProfilesException e) {
      if (e.code() == ErrorCode.SHARED_FOLDER_FAILED) {
        // Files that lead nowhere are read again every minute, and not every two seconds.
        seen = stamp;
      }
      throw e;
    }
  }

  private void tellRestored(Optional<Held> here, Optional<Manifest> manifest) {
    long before = here.map(Held::generation).orElse(0L);
    if (manifest.isPresent() && manifest.get().generation() < before) {
      LOG.log(System.Logger.Level.WARNING,
          "The shared home was restored from a backup: this node goes back to its state {0} of {1}, and the next"
              + " synchronization brings it up to date", manifest.get().generation(), manifest.get().at());
      // The names of users who changed since were in files that are gone.
      hints.missed();
    }
  }

  private Optional<Manifest> manifest(String note) {
    return notes.read(note.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Removes whole copies of the directory, which earlier versions published. The file that names them is removed
   * first.
   */
  private void removeWholeCopies(Duration age) {
    Path manifest = folders.shared().resolve("snapshot.json");
    try {
      Instant youngest = Instant.now().minus(age);
      if (Files.exists(manifest) && Files.getLastModifiedTime(manifest).toInstant().isAfter(youngest)) {
        return;
      }
      Files.deleteIfExists(manifest);
      try (DirectoryStream<Path> copies = Files.newDirectoryStream(folders.shared(), "{snapshot-*.db,.snapshot-*}")) {
        for (Path copy : copies) {
          Files.deleteIfExists(copy);
        }
      }
    } catch (IOException e) {
      String what = "Copies of an earlier version could not be removed from " + folders.shared() + ": " + e.getMessage();
      throw new OktaProfilesException(ErrorCode.SHARED_FOLDER_FAILED, what, e);
    }
  }
}
