package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.PlainFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Which users of Jira changed, from Jira's events on all nodes, so that a run need not compare all users. An event
 * reaches only the node where it happens. So each node puts the names into one file in the shared home, and the node
 * that runs looks these users up.
 *
 * <p>The events are hints and not the truth: they can be missed. A mark connects the file and a state of the
 * directory. When names are removed from the file, both get a new mark. If the marks differ, as after a crash in
 * between, a restored backup or a damaged file, the state may lack users, and all users must be compared.
 */
public final class UserHints {
  private static final System.Logger LOG = JiraLog.of(UserHints.class);
  private static final String LOCK = "com.mumosystems.okta-profiles.jira-users.json";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SETTLING = Duration.ofMinutes(5);
  private static final int MOST_BYTES = 16 << 20;

  private final Host host;
  private final HomeFolders folders;
  private final SharedText<WaitingUsers> text = new SharedText<>(WaitingUsers.class, WaitingUsers::isSound);
  private final SharedFile<Mark> held;
  /** Held by a thread that writes. Events take another lock, because they must not wait for a file. */
  private final Object writing = new Object();
  private final Map<String, Long> queue = new HashMap<>();
  private long allQueued;
  private volatile boolean listening;
  private volatile String seen = "";
  private volatile String complaint = "";

  /**
   * What a state of the directory contains.
   *
   * @param id the mark of the file that contains the users whom the state lacks
   * @param comparedAt when all users were last compared, in milliseconds
   */
  public record Mark(String id, long comparedAt) {
    private boolean isSound() {
      return id != null;
    }
  }

  /** The users whom a run looks up. */
  public static final class Look {
    private final long at = System.currentTimeMillis();
    private final String next = UUID.randomUUID().toString();
    private final WaitingUsers waiting;
    private final Mark mark;
    private boolean everybody;

    private Look(WaitingUsers waiting, Mark mark) {
      this.waiting = waiting;
      this.mark = mark;
    }

    /** Whether these names are all users who may have changed. */
    public boolean isWhole() {
      return waiting.all() == 0 && mark != null && mark.id().equals(waiting.mark());
    }

    /** The names. */
    public Set<String> names() {
      return waiting.names().keySet();
    }

    /** The time since all users were last compared; negative if the clock was set back. */
    public Duration sinceComparison() {
      return Duration.ofMillis(at - mark.comparedAt());
    }

    /** Must be called when all users were compared. */
    public void compared() {
      everybody = true;
    }

    private boolean endsWaiting() {
      return waiting.endsBy(at, everybody);
    }
  }

  /**
   * Reads no file yet.
   *
   * @param host the services of Jira
   * @param folders local and shared folder
   */
  public UserHints(Host host, HomeFolders folders) {
    this.host = host;
    this.folders = folders;
    held = new SharedFile<>(() -> folders.local().resolve("jira-users.mark"), Mark.class, Mark::isSound);
  }

  private Path place() {
    return folders.shared().resolve("jira-users.json");
  }

  /** Must be called when this node begins to listen to events. Earlier ones were missed. */
  public void begin() {
    missed();
    listening = true;
  }

  /** Must be called when this node no longer listens. */
  public void end() {
    listening = false;
  }

  /** Whether this node listens to events. */
  public boolean isListening() {
    return listening;
  }

  /**
   * Notes that a user came, changed or went. Returns at once.
   *
   * @param name the user name
   */
  public synchronized void changed(String name) {
    long settled = System.currentTimeMillis() + SETTLING.toMillis();
    queue.put(Objects.requireNonNull(name), settled);
    if (queue.size() > WaitingUsers.MOST) {
      queue.clear();
      allQueued = settled;
    }
  }

  /** Notes that users changed whose names are not known. Returns at once. */
  public synchronized void missed() {
    allQueued = Math.max(allQueued, System.currentTimeMillis());
  }

  /** Whether users wait in the memory of this node. */
  public synchronized boolean hasQueued() {
    return allQueued > 0 || !queue.isEmpty();
  }

  /** Whether there may be users whom no {@link #look} of this node has seen. */
  public boolean hasNews() {
    return hasQueued() || !stamp().equals(seen);
  }

  private String stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(place(), BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      // There is no file yet, or the shared home is missing: there is nothing to look at now.
      return seen;
    }
  }

  private synchronized WaitingUsers take() {
    WaitingUsers taken = new WaitingUsers(null, allQueued, Map.copyOf(queue));
    queue.clear();
    allQueued = 0;
    return taken;
  }

  private synchronized void putBack(WaitingUsers taken) {
    WaitingUsers all = taken.and(take());
    allQueued = all.all();
    queue.putAll(all.names());
  }

  /**
   * Writes users who wait in memory into the file. The file loses its names if they are too many or wait too long.
   *
   * <p>Waits while another thread of this node does the same: until that thread has written, what it took from memory
   * is nowhere else.
   */
  public void passOn() {
    synchronized (writing) {
      WaitingUsers taken = take();
      try {
        if (!taken.isEmpty() || read().isOverdue(System.currentTimeMillis())) {
          update(waiting -> {
            WaitingUsers both = waiting.and(taken);
            return both.isOverdue(System.currentTimeMillis()) ? both.withoutNames() : both;
          });
        }
      } catch (RuntimeException e) {
        putBack(taken);
        throw e;
      }
    }
  }

  /**
   * The users whom a run must look up. The caller holds the cluster's lock.
   *
   * @return the users; empty if they cannot be read, and then all users must be compared
   */
  public Optional<Look> look() {
    try {
      passOn();
      seen = stamp();
      return Optional.of(new Look(read(), held.read().orElse(null)));
    } catch (OktaProfilesException e) {
      // A refresh may look every two seconds.
      if (!e.getMessage().equals(complaint)) {
        complaint = e.getMessage();
        LOG.log(Level.WARNING, "Which users of Jira changed is not known, so runs compare all of them: {0}", complaint);
      }
      return Optional.empty();
    }
  }

  /**
   * Notes that the directory contains the users of a look, before it is published. If the process is killed before
   * {@link #drop}, the marks differ.
   */
  public void note(Look look) {
    if (look.endsWaiting()) {
      startFrom(new Mark(look.next, look.everybody || look.mark == null ? look.at : look.mark.comparedAt()));
    }
  }

  /** Removes users from the file whom the directory contains, after it was published. */
  public void drop(Look look) {
    if (!look.endsWaiting()) {
      return;
    }
    try {
      // A file that somebody has exchanged meanwhile keeps its mark, so the next run compares all users.
      update(waiting -> Objects.equals(waiting.mark(), look.waiting.mark())
          ? waiting.after(look.waiting, look.at, look.everybody, look.next)
          : waiting);
    } catch (OktaProfilesException e) {
      LOG.log(Level.WARNING, "The next run compares all users of Jira: {0}", e.getMessage());
    }
  }

  /** Removes all names, because one of these people must be erased. The next run compares all users instead. */
  public void forgetNames() {
    synchronized (writing) {
      putBack(take().withoutNames());
      if (!read().names().isEmpty()) {
        update(WaitingUsers::withoutNames);
      }
    }
  }

  /** The mark of this node's directory; null if it has none. */
  Mark mark() {
    return held.read().orElse(null);
  }

  /**
   * Sets the mark of this node's directory, such as that of a state that was taken over.
   *
   * @param mark the mark; null if the state has none
   */
  void startFrom(Mark mark) {
    held.write(mark != null && mark.isSound() ? mark : new Mark("", 0));
  }

  /** What waits. A missing or damaged file has no mark, so all users are compared and the file is replaced. */
  private WaitingUsers read() {
    try {
      return PlainFile.read(place(), MOST_BYTES).flatMap(text::read).orElse(WaitingUsers.NONE);
    } catch (IOException e) {
      String message = "The file " + place() + " cannot be read: " + e.getMessage();
      throw new OktaProfilesException(ErrorCode.DIRECTORY_IO, message, e);
    }
  }

  private void update(UnaryOperator<WaitingUsers> change) {
    ClusterLocks.hold(host, LOCK, PATIENCE, () -> "Another node is writing " + place() + "; try again.", () -> {
      HomeFolders.replace(place(), text.write(change.apply(read())));
      return null;
    });
  }
}
