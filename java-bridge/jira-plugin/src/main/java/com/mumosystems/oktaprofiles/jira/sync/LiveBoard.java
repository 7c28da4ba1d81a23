package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.LiveStatus;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.node.SharedFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which node has the duty of live, and how well live works: one small file in the shared home, which that node
 * replaces as a whole. One node must do it, because there is one System Log to read, with one position in it.
 *
 * <p>The duty only saves work. If two nodes both take it, they read the same events one after the other, under the
 * cluster's lock, and the engine recognises those that it already knows.
 */
public final class LiveBoard {
  /** If the node with the duty has not written for this long, another node takes the duty. */
  private static final Duration STALE = Duration.ofSeconds(30);
  private static final long REPEAT_MILLIS = 10_000;

  private final String nodeId;
  private final SharedFile<Duty> notices;
  private List<Object> told = List.of();
  private long written;

  /**
   * The content of the file.
   *
   * @param node the node that has the duty
   * @param updated when this was written, milliseconds of the epoch
   * @param status how well live works, as that node knows it
   * @param problem why live does not work; null if it works
   */
  public record Duty(String node, long updated, LiveFigures status, RunBoard.Fault problem) {
    private boolean isSound() {
      return node != null && status != null;
    }
  }

  /**
   * How well live works, in a form for JSON: times are milliseconds of the epoch, null for never.
   *
   * @param source off, log or hook
   * @param lastEvent when the newest event happened
   * @param lastReceived when an event last arrived
   * @param lagMs the time from the oldest event of the last refresh until readers saw its change
   * @param pending things that wait to be read again
   * @param held deletions that the guard left for the next full run
   * @param events events that arrived; each counts once
   * @param missed changes that a run found although an event should have reported them
   * @param missedAt when a run last found such a change
   * @param gapAt when events may last have been lost
   * @param gap why events may have been lost
   * @param polled when the System Log was last read to its end
   * @param intervalMs how often the System Log is read
   * @param hookUrl the address that Okta delivers to
   * @param hookVerified whether the event hook was active and verified when Okta was last asked
   * @param verifiedAt when Okta's challenge was last answered
   * @param deliveredToday events that hooks delivered in the present day of Okta's cap
   * @param dailyCap how many events Okta delivers at most in a day
   * @param capNearFrom the number of events from which on Okta warns
   */
  public record LiveFigures(
      String source,
      Long lastEvent,
      Long lastReceived,
      Long lagMs,
      long pending,
      long held,
      long events,
      long missed,
      Long missedAt,
      Long gapAt,
      String gap,
      Long polled,
      Long intervalMs,
      String hookUrl,
      boolean hookVerified,
      Long verifiedAt,
      long deliveredToday,
      long dailyCap,
      long capNearFrom) {
    /**
     * Makes them from the engine's figures.
     *
     * @param status the engine's figures
     */
    public static LiveFigures of(LiveStatus status) {
      return new LiveFigures(
          status.source().toString(),
          millis(status.lastEvent()),
          millis(status.lastReceived()),
          millis(status.lag()),
          status.pending(),
          status.held(),
          status.events(),
          status.missed(),
          millis(status.missedAt()),
          millis(status.gapAt()),
          status.gap(),
          millis(status.polled()),
          millis(status.interval()),
          status.hookUrl(),
          status.hookVerified(),
          millis(status.verifiedAt()),
          status.deliveredToday(),
          status.dailyCap(),
          status.capNearFrom());
    }

    private static Long millis(Instant at) {
      return at == null ? null : at.toEpochMilli();
    }

    private static Long millis(Duration span) {
      return span == null ? null : span.toMillis();
    }
  }

  /**
   * Reads no file yet.
   *
   * @param folders the shared folder
   * @param nodeId the name of this node
   */
  public LiveBoard(HomeFolders folders, String nodeId) {
    this.nodeId = nodeId;
    notices = new SharedFile<>(() -> folders.shared().resolve("live.json"), Duty.class, Duty::isSound);
  }

  /**
   * What the node with the duty reports.
   *
   * @return the last report; empty if no node has the duty now
   */
  public Optional<Duty> read() {
    return notices.read().filter(notice -> !isStale(notice));
  }

  /** Whether this node has the duty. It is also true if no other node has it. */
  boolean isOurs() {
    return read().map(notice -> notice.node().equals(nodeId)).orElse(true);
  }

  /** Reports how well live works; this takes or keeps the duty. */
  synchronized void tell(LiveFigures status, RunBoard.Fault problem) {
    long now = System.currentTimeMillis();
    List<Object> telling = telling(status, problem);
    if (!telling.equals(told) || !isOurs() || now - written >= REPEAT_MILLIS) {
      notices.write(new Duty(nodeId, now, status, problem));
      told = telling;
      written = now;
    }
  }

  /**
   * The values whose change must be written at once. They are a list and not the records themselves, because the
   * JDK keeps the class of the last compared record, and with it all classes of a plugin that is stopped.
   */
  private static List<Object> telling(LiveFigures status, RunBoard.Fault problem) {
    return Arrays.asList(
        status.source(),
        status.events(),
        status.pending(),
        status.held(),
        status.missed(),
        status.lagMs(),
        status.gapAt(),
        status.polled(),
        status.hookUrl(),
        status.hookVerified(),
        status.verifiedAt(),
        problem == null ? null : problem.message());
  }

  private static boolean isStale(Duty notice) {
    return RunBoard.isOld(notice.updated(), STALE);
  }
}
