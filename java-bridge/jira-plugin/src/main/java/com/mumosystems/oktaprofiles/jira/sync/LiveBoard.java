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
 * Which node has the duty of live, and how well that goes: one small file in the shared home, replaced as a whole by
 * that node. There is one System Log to read, and one place in it.
 *
 * <p>The duty spares work and decides nothing: two nodes that take themselves for the one read twice what the engine
 * then knows already, one after the other under the cluster's lock.
 */
public final class LiveBoard {
  /** A node that has not written for this long has given the duty away. Less than what of the log is read twice. */
  private static final Duration STALE = Duration.ofSeconds(30);
  private static final long REPEAT_MILLIS = 10_000;

  private final String nodeId;
  private final SharedFile<Duty> notices;
  private List<Object> told = List.of();
  private long written;

  /**
   * What the file says.
   *
   * @param node the node that has the duty
   * @param updated when this was written, milliseconds of the epoch
   * @param status how live works, as that node knows it
   * @param problem what keeps it from working; null if nothing does
   */
  public record Duty(String node, long updated, LiveFigures status, RunBoard.Fault problem) {
    private boolean isSound() {
      return node != null && status != null;
    }
  }

  /**
   * How live works, in what JSON can hold: moments are milliseconds of the epoch, null for never.
   *
   * @param source off, log or hook
   * @param lastEvent when the newest event happened
   * @param lastReceived when an event last came
   * @param lagMs how long the oldest event of the last refresh took until readers saw what it told of
   * @param pending things that wait to be read again
   * @param held deletions that the guard left to the next full run
   * @param events events that came, each once
   * @param missed changes that a run found although an event should have told of them
   * @param missedAt when a run last found one
   * @param gapAt when events may last have been lost
   * @param gap why
   * @param polled when the System Log was last read to its end
   * @param intervalMs how often it is read
   * @param hookUrl the address that Okta delivers to
   * @param hookVerified whether the event hook was active and verified when Okta was last asked
   * @param verifiedAt when Okta's challenge was last answered
   * @param deliveredToday events that came by hooks in the present day of Okta's cap
   * @param dailyCap how many Okta delivers in a day
   * @param capNearFrom from how many on Okta warns
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
     * From the engine's figures.
     *
     * @param status what the engine says
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
   * Reads nothing yet.
   *
   * @param folders the shared folder
   * @param nodeId the name of this node
   */
  public LiveBoard(HomeFolders folders, String nodeId) {
    this.nodeId = nodeId;
    notices = new SharedFile<>(() -> folders.shared().resolve("live.json"), Duty.class, Duty::isSound);
  }

  /**
   * What the node with the duty says.
   *
   * @return the last notice, unless nobody has the duty any more
   */
  public Optional<Duty> read() {
    return notices.read().filter(notice -> !isStale(notice));
  }

  /** Whether this node has the duty; it has it also if nobody else does. */
  boolean isOurs() {
    return read().map(notice -> notice.node().equals(nodeId)).orElse(true);
  }

  /** Tells how it goes, which takes the duty or keeps it. */
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
   * What is worth a file at once. Not the records themselves: the JDK keeps the class of the record that was compared
   * last, and with it all classes of a plugin that is stopped.
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
    return Instant.ofEpochMilli(notice.updated()).plus(STALE).isBefore(Instant.now());
  }
}
