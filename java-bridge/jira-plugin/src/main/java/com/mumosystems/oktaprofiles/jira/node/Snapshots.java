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
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Hands what a run changed to the other nodes, so that Okta is asked once per cluster. The engine writes and reads the
 * files on the shared home and brings the open directory to the newest state, whatever was torn, lost or restored.
 *
 * <p>Here stands what the engine does not know: a number for people, and how far the journal of matches made by hand is
 * in a state. A directory that was brought to a state has lost what this node did by itself since, so the journal is
 * applied from there.
 */
public final class Snapshots {
  private static final System.Logger LOG = JiraLog.of(Snapshots.class);
  private static final String FOLDER = "increments";
  /** The words of following after which the directory answers differently. */
  private static final Set<String> MOVED = Set.of("increments", "base");
  /** For how long whole copies, as earlier versions of the plugin read them, are left to nodes that still run one. */
  private static final Duration EARLIER_VERSIONS = Duration.ofDays(1);

  private final HomeFolders folders;
  private final NodeDirectory directory;
  private final String nodeId;
  private final BooleanSupplier clustered;
  private final SharedText<Manifest> notes = new SharedText<>(Manifest.class, Manifest::isSound);
  private final SharedFile<Head> head;
  private final SharedFile<Held> held;
  private volatile String seen = "";
  /** Whether this node runs alone and has taken over what a cluster left behind. */
  private volatile boolean left;

  /**
   * What is said of a published state.
   *
   * @param generation ascending, for people
   * @param node who made it
   * @param at when, ISO 8601
   * @param pins how far the pin journal is in it
   */
  public record Manifest(long generation, String node, String at, SharedJournal.Bookmark pins) {
    private boolean isSound() {
      return generation > 0 && node != null && at != null;
    }
  }

  /** What this class reads of the engine's file: the newest state, what was said of it, and the size of the base. */
  private record Head(String state, String note, Base base) {}

  private record Base(Seal file) {}

  private record Seal(long bytes) {}

  /** The state that this node's directory was at when the journal was last set to it. */
  private record Held(String state, long generation) {}

  /**
   * Reads nothing yet.
   *
   * @param folders local and shared folder
   * @param host tells the name of this node, and whether there may be others
   */
  public Snapshots(HomeFolders folders, NodeDirectory directory, Host host) {
    clustered = host::clustered;
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
   * @return what was said of it, if there is one
   */
  public Optional<Manifest> newest() {
    return head.read().flatMap(found -> manifest(found.note()));
  }

  /**
   * How large the newest whole copy is.
   *
   * @return its bytes; 0 if there is none
   */
  public long bytes() {
    return head.read().map(Head::base).map(Base::file).map(Seal::bytes).orElse(0L);
  }

  /**
   * Which state this node's directory has made or taken over.
   *
   * @return its generation; 0 for none
   */
  public long generation() {
    return held.read().map(Held::generation).orElse(0L);
  }

  /**
   * Publishes what changed in this node's directory. Only whoever holds the cluster's sync lock may call it.
   *
   * @param pins whose entries the directory has applied
   * @param keepBefore whether what was published before is left to nodes that still read it
   */
  public void publish(PinJournal pins, boolean keepBefore) {
    long generation = newest().map(Manifest::generation).orElse(0L) + 1;
    Manifest manifest = new Manifest(generation, nodeId, Instant.now().toString(), pins.bookmark());
    String note = new String(notes.write(manifest), StandardCharsets.UTF_8);
    Path folder = folder();
    Publication publication = directory.use(engine -> engine.cluster().publishTo(folder, note, !keepBefore));
    if (publication.published().equals("newer")) {
      LOG.log(System.Logger.Level.WARNING, "Nodes of a newer version publish already; this one must be updated");
    }
    // To the engine whoever publishes is part of a cluster again.
    left = false;
    takeOver(pins);
    removeWholeCopies(keepBefore ? EARLIER_VERSIONS : Duration.ZERO);
  }

  /**
   * Whether the shared home may name another state than when this node last followed; one look at one small file.
   *
   * @return whether to follow
   */
  public boolean hasMoved() {
    return !stamp().equals(seen);
  }

  /**
   * Whether something was delivered to any node that none has read yet.
   *
   * @return whether there is work for whoever refreshes
   */
  public boolean hasDeliveries() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder().resolve(Cluster.DELIVERIES))) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      // None was ever made, or the shared home is away: there is nothing to read now.
      return false;
    }
  }

  private String stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(folder().resolve(Cluster.HEAD), BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      // Not there yet, or the shared home is away: there is nothing to follow now.
      return seen;
    }
  }

  /**
   * Brings this node's directory to the newest state if it is at another one. A node that runs alone does so once after
   * its start, and then ends its part in the cluster that may have been.
   *
   * @param pins whose position the state sets
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
    // Nobody publishes any more, which is what ends deliveries on the shared home. Wherever that was, the engine knows.
    directory.use(engine -> {
      engine.cluster().leave();
      return null;
    });
    left = true;
    return moved;
  }

  private boolean follow(PinJournal pins) {
    Path folder = folder();
    if (!Files.isDirectory(folder)) {
      // No node has published, or there is no other: the engine must not take it for a folder that is shared.
      return false;
    }
    String stamp = stamp();
    Followed following = directory.use(engine -> engine.cluster().follow(folder));
    boolean moved = MOVED.contains(following.following());
    if (moved) {
      directory.answersDiffer();
    }
    Optional<Held> here = held.read();
    if (!following.state().isEmpty() && !Objects.equals(here.map(Held::state).orElse(null), following.state())) {
      Optional<Manifest> manifest = manifest(following.note());
      tellRestored(here, manifest);
      // First the journal: whoever is killed in between sets it again.
      pins.startFrom(manifest.map(Manifest::pins).orElse(null));
      held.write(new Held(following.state(), manifest.map(Manifest::generation).orElse(0L)));
    }
    seen = stamp;
    return moved;
  }

  private static void tellRestored(Optional<Held> here, Optional<Manifest> manifest) {
    long before = here.map(Held::generation).orElse(0L);
    if (manifest.isPresent() && manifest.get().generation() < before) {
      LOG.log(System.Logger.Level.WARNING,
          "The shared home was restored from a backup: this node follows its state {0} of {1}, and the next"
              + " synchronization brings it up to date", manifest.get().generation(), manifest.get().at());
    }
  }

  private Optional<Manifest> manifest(String note) {
    return notes.read(note.getBytes(StandardCharsets.UTF_8));
  }

  /** Whole copies of the directory, which earlier versions published. The file that names them goes first. */
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
      String what = "Copies of an earlier version stay behind in " + folders.shared() + ": " + e.getMessage();
      throw new OktaProfilesException(ErrorCode.SHARED_FOLDER_FAILED, what, e);
    }
  }
}
