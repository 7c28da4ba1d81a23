package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.JiraThreads;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * Works while a run is active: writes the progress to the board, and cancels the run when a node or Jira's
 * scheduler requests that. Its thread lives as long as the run.
 */
final class RunMonitor implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1_000;

  private final RunBoard board;
  private final NodeDirectory directory;
  private final SyncRequest request;
  private final Instant started;
  private final BooleanSupplier cancelled;
  private final Thread thread;
  private final long silentUntil;
  private boolean told;
  private boolean ended;

  /**
   * Begins to watch.
   *
   * @param silence how long a run may take before it is announced on the board; a short refresh never is
   * @param cancelled asked every second; returns true when the run must stop
   */
  RunMonitor(
      Host host,
      RunBoard board,
      NodeDirectory directory,
      SyncRequest request,
      Instant started,
      Duration silence,
      BooleanSupplier cancelled) {
    this.cancelled = cancelled;
    this.board = board;
    this.directory = directory;
    this.request = request;
    this.started = started;
    silentUntil = System.nanoTime() + silence.toNanos();
    if (silence.isZero()) {
      tell(RunBoard.Figures.starting());
    }
    thread = JiraThreads.start(host, "okta-profiles-progress", this::watch);
  }

  private synchronized void watch() {
    while (!ended) {
      try {
        wait(PERIOD_MILLIS);
        if (!ended) {
          if (isToStop()) {
            directory.cancel();
          }
          if (System.nanoTime() >= silentUntil) {
            tell(directory.use(engine -> RunBoard.Figures.running(engine.progress())));
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // The shared home may be missing for a while; the run itself does not need it.
        JiraLog.of(RunMonitor.class).log(Level.WARNING, "The progress of the run cannot be written to the shared home", e);
      }
    }
  }

  private void tell(RunBoard.Figures figures) {
    board.running(request, started, figures);
    told = true;
  }

  private boolean isToStop() {
    return cancelled.getAsBoolean() || board.isAskedToStop();
  }

  /** Checks for a cancel while the engine cannot be cancelled yet. */
  void failIfAskedToStop() {
    if (isToStop()) {
      throw new OktaProfilesException(ErrorCode.CANCELLED, "The run was cancelled; it can be resumed.", null);
    }
  }

  /** Writes to the board how the run ended. Nothing is written after this. */
  synchronized void end(RunBoard.Fault error) {
    ended = true;
    notifyAll();
    if (told) {
      board.ended(request, started, lastFigures(), error);
    }
  }

  private RunBoard.Figures lastFigures() {
    try {
      return directory.use(engine -> RunBoard.Figures.of(engine.progress()));
    } catch (OktaProfilesException e) {
      return null;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(PERIOD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
