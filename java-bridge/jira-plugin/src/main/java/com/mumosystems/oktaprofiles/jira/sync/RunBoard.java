package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.Phase;
import com.mumosystems.oktaprofiles.Progress;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.node.SharedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What every node can know about the present run, or the last one: one small file in the shared home. The node that
 * runs replaces it as a whole.
 */
public final class RunBoard {
  /** If a running node has not written for this long and has lost the cluster lock too, it counts as dead. */
  static final Duration STALE = Duration.ofSeconds(20);
  /** By how much the clocks of two nodes may differ. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private final HomeFolders folders;
  private final String nodeId;
  private final SharedFile<Notice> notices;

  /**
   * The content of the file.
   *
   * @param running whether a run is active
   * @param node the node that runs or ran
   * @param process identifies one start of that node
   * @param request what was requested
   * @param started when the run began, milliseconds of the epoch
   * @param updated when this was written, milliseconds of the epoch
   * @param progress the progress of the run
   * @param error the error that ended the last run; null if there was none
   */
  public record Notice(
      boolean running,
      String node,
      String process,
      SyncRequest request,
      long started,
      long updated,
      Figures progress,
      Fault error) {
    private boolean isSound() {
      return node != null && process != null && request != null && request.isKnown();
    }
  }

  /**
   * The progress of a run, as the page shows it.
   *
   * @param phase what the run is doing
   * @param usersSeen users committed so far
   * @param usersExpected the expected number of users; 0 if unknown
   * @param pages pages committed
   * @param requests requests sent
   * @param waitedMs time spent waiting
   * @param waitLeftMs how much longer the present wait takes
   * @param elapsedMs time since the call began
   * @param groupsToRead groups whose members have to be read; 0 before they are listed
   * @param groupsRead how many of these groups are done
   * @param membershipsRead memberships of these groups that were read
   */
  public record Figures(
      String phase,
      long usersSeen,
      long usersExpected,
      long pages,
      long requests,
      long waitedMs,
      long waitLeftMs,
      long elapsedMs,
      long groupsToRead,
      long groupsRead,
      long membershipsRead) {
    /**
     * The progress of a running run. While the engine is still idle, its figures belong to the run before, so zeros
     * are shown.
     *
     * @param progress the engine's figures
     */
    public static Figures running(Progress progress) {
      return progress.phase() == Phase.IDLE ? starting() : of(progress);
    }

    /**
     * The progress of a run that has just begun.
     *
     * @return zeros
     */
    static Figures starting() {
      return new Figures(Phase.STARTING.name(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * The progress from the engine's figures.
     *
     * @param progress the engine's figures
     */
    static Figures of(Progress progress) {
      return new Figures(
          progress.phase().name(),
          progress.usersSeen(),
          progress.usersExpected(),
          progress.pages(),
          progress.requests(),
          progress.waited().toMillis(),
          progress.waitLeft().toMillis(),
          progress.elapsed().toMillis(),
          progress.groupsToRead(),
          progress.groupsRead(),
          progress.membershipsRead());
    }
  }

  /**
   * The error that ended a run.
   *
   * @param code number of the error
   * @param name the name of the error
   * @param message the message for an administrator
   */
  public record Fault(int code, String name, String message) {
    static Fault of(OktaProfilesException error) {
      return new Fault(error.number(), error.code().name(), error.getMessage());
    }
  }

  /**
   * Reads no file yet.
   *
   * @param folders the shared folder
   * @param nodeId the name of this node
   */
  public RunBoard(HomeFolders folders, String nodeId) {
    this.folders = folders;
    this.nodeId = nodeId;
    notices = new SharedFile<>(() -> folders.shared().resolve("run.json"), Notice.class, Notice::isSound);
  }

  /**
   * The last notice.
   *
   * @return the notice; empty if no run has ever begun
   */
  public Optional<Notice> read() {
    return notices.read();
  }

  /**
   * Whether the last run ended without a notice, because its node was killed.
   *
   * @return what had been requested; empty if the last run has ended or is still active
   */
  Optional<SyncRequest> abandoned() {
    return read()
        .filter(Notice::running)
        .filter(notice -> !notice.process().equals(process()) && isStale(notice))
        .map(Notice::request)
        .filter(request -> !request.dryRun());
  }

  /**
   * Whether the node that wrote a notice still writes.
   *
   * @param notice the notice
   * @return true unless the node counts as dead
   */
  public boolean isFresh(Notice notice) {
    return !isStale(notice) || notice.process().equals(process());
  }

  private boolean isStale(Notice notice) {
    return notice.node().equals(nodeId) || isOld(notice.updated(), STALE);
  }

  /**
   * Whether a notice is older than something that is repeated may be. One that comes from far ahead counts as old: its
   * node's clock was wrong, and nobody could wait until that moment has come.
   */
  static boolean isOld(long written, Duration most) {
    Duration age = Duration.between(Instant.ofEpochMilli(written), Instant.now());
    return age.compareTo(most) > 0 || age.compareTo(AHEAD.negated()) < 0;
  }

  void running(SyncRequest request, Instant started, Figures progress) {
    notices.write(new Notice(true, nodeId, process(), request, started.toEpochMilli(), now(), progress, null));
  }

  void ended(SyncRequest request, Instant started, Figures progress, Fault error) {
    notices.write(new Notice(false, nodeId, process(), request, started.toEpochMilli(), now(), progress, error));
  }

  /** Asks the running node to stop. */
  void askToStop() {
    HomeFolders.replace(stopFile(), Long.toString(now()).getBytes(StandardCharsets.US_ASCII));
  }

  boolean isAskedToStop() {
    return Files.exists(stopFile());
  }

  void forgetStop() {
    try {
      Files.deleteIfExists(stopFile());
    } catch (IOException e) {
      JiraLog.of(RunBoard.class).log(System.Logger.Level.WARNING, "cannot remove " + stopFile(), e);
    }
  }

  private Path stopFile() {
    return folders.shared().resolve("run.stop");
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private static String process() {
    ProcessHandle self = ProcessHandle.current();
    return self.pid() + "@" + self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
