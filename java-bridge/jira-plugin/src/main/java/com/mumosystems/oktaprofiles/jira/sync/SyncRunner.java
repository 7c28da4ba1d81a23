package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.DryRun;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.Live;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SyncReport;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.JiraThreads;
import com.mumosystems.oktaprofiles.jira.host.JiraUsers;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.PinJournal;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
import com.mumosystems.oktaprofiles.jira.node.UserHints;
import com.mumosystems.oktaprofiles.jira.notice.Notices;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Starts and stops runs; only one runs at a time in the cluster.
 *
 * <p>The thread that calls the engine holds the cluster lock, from before its first look at the snapshot until the
 * new snapshot is published. A thread exists only while its run does.
 */
public final class SyncRunner {
  private static final System.Logger LOG = JiraLog.of(SyncRunner.class);
  private static final Duration PATIENCE = Duration.ofSeconds(9);
  /** For runs that only the page or the end of the plugin cancels. */
  private static final BooleanSupplier NEVER = () -> false;
  /** A shorter run is not announced: an administrator does not wait for a refresh of a few users. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private final Host host;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final UserHints hints;
  private final JiraHandOver jiraUsers;
  private final RunBoard board;
  private final OktaDoor door;
  private final ForgottenPeople forgotten;
  private final Notices notices;
  private volatile Thread running;
  private volatile boolean refreshing;
  private volatile boolean stopping;
  private volatile DryRun lastDryRun;

  /**
   * Starts nothing yet.
   *
   * @param host the services of Jira
   * @param settings must be sound before a run begins
   * @param directory the directory of this node
   * @param snapshots publishes the directory to the other nodes
   * @param pins matches made by hand
   * @param hints users of Jira who changed
   * @param board where the run is announced
   * @param door prevents that two nodes ask Okta at the same time
   * @param forgotten users who must not be in a publication
   * @param notices gets the result of each run
   */
  public SyncRunner(
      Host host,
      SettingsStore settings,
      NodeDirectory directory,
      Snapshots snapshots,
      PinJournal pins,
      UserHints hints,
      RunBoard board,
      OktaDoor door,
      ForgottenPeople forgotten,
      Notices notices) {
    this.notices = notices;
    this.door = door;
    this.forgotten = forgotten;
    this.host = host;
    this.settings = settings;
    this.directory = directory;
    this.snapshots = snapshots;
    this.pins = pins;
    this.hints = hints;
    this.jiraUsers = new JiraHandOver(host, hints);
    this.board = board;
  }

  /**
   * Whether this node runs.
   *
   * @return true while a run of this node is active; a {@link #refresh} does not count, the board announces it if
   *     it takes long
   */
  public boolean isRunning() {
    return running != null && !refreshing;
  }

  /**
   * Starts a run on a thread of its own. Returns when that thread has the cluster lock.
   *
   * @param request what is requested
   * @throws OktaProfilesException with {@link ErrorCode#BUSY} if any node is running
   */
  public void start(SyncRequest request) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    JiraThreads.start(host, "okta-profiles-sync", () -> runForPage(request, begun));
    try {
      begun.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof OktaProfilesException known ? known : unexpected(e.getCause());
    } catch (TimeoutException e) {
      throw new OktaProfilesException(ErrorCode.BUSY, "The lock of the cluster could not be obtained in time; try again.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OktaProfilesException(ErrorCode.CANCELLED, "The call was interrupted.", e);
    }
  }

  private void runForPage(SyncRequest request, CompletableFuture<Void> begun) {
    try {
      run(request, NEVER, begun);
    } catch (OktaProfilesException e) {
      begun.completeExceptionally(e);
      LOG.log(Level.INFO, "A run ended early: {0}", e.getMessage());
    } catch (RuntimeException e) {
      begun.completeExceptionally(e);
      LOG.log(Level.ERROR, "A run failed", e);
    }
  }

  /**
   * Runs on the calling thread.
   *
   * @param request what is requested
   * @param cancelled asked every second during the run; returns true when the run must stop
   * @throws OktaProfilesException if the run fails, or with {@link ErrorCode#BUSY} if any node is running
   */
  public SyncReport run(SyncRequest request, BooleanSupplier cancelled) {
    return run(request, cancelled, new CompletableFuture<>());
  }

  private SyncReport run(SyncRequest request, BooleanSupplier cancelled, CompletableFuture<Void> begun) {
    return alone(false, () -> runLocked(request, cancelled, begun));
  }

  /**
   * Reads the users again that events of Okta name, hands over users of Jira that came or changed, and publishes the
   * result to the other nodes.
   *
   * @return the run; empty if Okta was not asked
   * @throws OktaProfilesException if the run fails, or with {@link ErrorCode#BUSY} if any node is running
   */
  Optional<SyncReport> refresh() {
    return alone(true, this::refreshLocked);
  }

  /**
   * Makes a call about live that sends requests to Okta, and publishes its changes to the other nodes, because each
   * of them takes deliveries and must know their secret.
   *
   * @param <T> the type of the result
   * @return the result of the call
   * @throws OktaProfilesException if the call fails, or with {@link ErrorCode#BUSY} if any node is running
   */
  public <T> T share(Function<Live, T> call) {
    return door.hold(() -> {
      snapshots.takeOver(pins);
      try {
        return directory.use(engine -> call.apply(engine.live()));
      } finally {
        // Published after a failure too, because Okta may already have the new secret. Without a publication to
        // follow, this node may know less than the others, so it publishes nothing.
        if (snapshots.newest().isPresent()) {
          forgotten.publish();
        }
      }
    });
  }

  /** Runs work under the cluster's lock, as the only working thread of this node. */
  private <T> T alone(boolean refreshes, Supplier<T> work) {
    return door.hold(() -> {
      synchronized (this) {
        if (stopping || running != null) {
          throw new OktaProfilesException(ErrorCode.BUSY, "This node is stopping or running already.", null);
        }
        refreshing = refreshes;
        running = Thread.currentThread();
      }
      try {
        return work.get();
      } finally {
        running = null;
      }
    });
  }

  private Optional<SyncReport> refreshLocked() {
    board.forgetStop();
    SyncRequest request = SyncRequest.scheduled();
    try (RunMonitor monitor = new RunMonitor(host, board, directory, request, Instant.now(), SILENCE, NEVER)) {
      try {
        settings.requireSound();
        snapshots.takeOver(pins);
        pins.catchUp();
        boolean delivered = snapshots.hasDeliveries();
        Optional<SyncReport> report = directory.change(engine -> engine.live().refresh());
        boolean handedOver = hints.hasNews() && directory.change(jiraUsers::handOverNew);
        // Deliveries are removed from the shared home once it is published that they were read or still wait.
        if (report.isPresent() || delivered || handedOver) {
          pins.catchUp();
          forgotten.publish();
        }
        monitor.end(null);
        return report;
      } catch (OktaProfilesException e) {
        monitor.end(RunBoard.Fault.of(e));
        throw e;
      } catch (RuntimeException e) {
        monitor.end(RunBoard.Fault.of(unexpected(e)));
        throw e;
      }
    }
  }

  private SyncReport runLocked(SyncRequest request, BooleanSupplier cancelled, CompletableFuture<Void> begun) {
    Instant started = Instant.now();
    board.forgetStop();
    try (RunMonitor monitor = new RunMonitor(host, board, directory, request, started, Duration.ZERO, cancelled)) {
      begun.complete(null);
      try {
        settings.requireSound();
        snapshots.takeOverBeforeRun(pins);
        pins.catchUp();
        if (request.dryRun()) {
          DryRun dryRun = directory.use(engine ->
              JiraUsers.read(host, users -> engine.planning().dryRun(request.options(), 0, users)));
          lastDryRun = dryRun;
          monitor.end(null);
          return dryRun.report();
        }
        Optional<UserHints.Look> look = directory.change(engine -> jiraUsers.handOver(engine, request));
        monitor.failIfAskedToStop();
        SyncReport report = directory.change(engine -> engine.sync(request.options()));
        pins.catchUp();
        look.ifPresent(hints::note);
        forgotten.publish();
        look.ifPresent(hints::drop);
        monitor.end(null);
        notices.runEnded(null);
        return report;
      } catch (OktaProfilesException e) {
        monitor.end(RunBoard.Fault.of(e));
        tell(request, e);
        throw e;
      } catch (RuntimeException e) {
        monitor.end(RunBoard.Fault.of(unexpected(e)));
        tell(request, unexpected(e));
        throw e;
      }
    }
  }

  /** Sends notices about a failed run. A failed dry run does not count, because the directory stays up to date. */
  private void tell(SyncRequest request, OktaProfilesException failure) {
    if (!request.dryRun()) {
      notices.runEnded(failure);
    }
  }

  /**
   * The result of the last dry run of this node since its start. A dry run is recorded nowhere else.
   *
   * @return the result; empty if there was no dry run
   */
  public Optional<DryRun> lastDryRun() {
    return Optional.ofNullable(lastDryRun);
  }

  /** Cancels the run, on whatever node it is. The run can be resumed. */
  public void cancel() {
    board.askToStop();
    if (isRunning()) {
      directory.cancel();
    }
  }

  /** Continues the run of a node that was killed. */
  void takeOverAbandoned(BooleanSupplier cancelled) {
    if (board.abandoned().isPresent()) {
      alone(false, () -> {
        // Checked again under the lock: the other node may have been alive, with another clock, and have ended its run.
        board.abandoned().ifPresent(request -> {
          LOG.log(Level.INFO, "The node that synchronized is gone; this node continues its run.");
          runLocked(request, cancelled, new CompletableFuture<>());
        });
        return null;
      });
    }
  }

  /** Cancels this node's run and waits for it. */
  public void stop() {
    Thread thread;
    synchronized (this) {
      stopping = true;
      thread = running;
    }
    if (thread == null || thread == Thread.currentThread()) {
      return;
    }
    Instant end = Instant.now().plus(PATIENCE);
    while (running == thread && Instant.now().isBefore(end)) {
      directory.cancel();
      pause();
    }
    if (running == thread) {
      LOG.log(Level.ERROR, "A run did not stop within {0} seconds", PATIENCE.toSeconds());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static OktaProfilesException unexpected(Throwable cause) {
    return new OktaProfilesException(ErrorCode.INTERNAL, "The run failed: " + cause, cause);
  }
}
