package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.DryRun;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SyncReport;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.JiraThreads;
import com.mumosystems.oktaprofiles.jira.host.JiraUsers;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.PinJournal;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
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

/**
 * Runs, one at a time in the cluster.
 *
 * <p>The cluster lock belongs to the thread that blocks in the engine, from before the first look at the
 * snapshot until the new one is published. A thread exists only while its run does.
 */
public final class SyncRunner {
  private static final System.Logger LOG = JiraLog.of(SyncRunner.class);
  private static final Duration PATIENCE = Duration.ofSeconds(9);
  /** For runs that nobody but the page or the plugin's end cancels. */
  private static final BooleanSupplier NEVER = () -> false;

  private final Host host;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final RunBoard board;
  private final OktaDoor door;
  private final ForgottenPeople forgotten;
  private volatile Thread running;
  private volatile boolean stopping;
  private volatile DryRun lastDryRun;

  /**
   * Runs nothing yet.
   *
   * @param host the services of Jira
   * @param settings which must be sound
   * @param directory the directory of this node
   * @param snapshots how it gets to the other nodes
   * @param pins matches made by hand
   * @param board where the run is announced
   * @param door what keeps two nodes from asking Okta at a time
   * @param forgotten who must not be in what a run publishes
   */
  public SyncRunner(
      Host host,
      SettingsStore settings,
      NodeDirectory directory,
      Snapshots snapshots,
      PinJournal pins,
      RunBoard board,
      OktaDoor door,
      ForgottenPeople forgotten) {
    this.door = door;
    this.forgotten = forgotten;
    this.host = host;
    this.settings = settings;
    this.directory = directory;
    this.snapshots = snapshots;
    this.pins = pins;
    this.board = board;
  }

  /**
   * Whether this node runs.
   *
   * @return whether a run of this node goes on
   */
  public boolean isRunning() {
    return running != null;
  }

  /**
   * Begins a run on a thread of its own and returns once it has the cluster lock.
   *
   * @param request what is asked for
   * @throws OktaProfilesException with {@link ErrorCode#BUSY} if any node runs
   */
  public void start(SyncRequest request) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    JiraThreads.start(host, "okta-profiles-sync", () -> runForPage(request, begun));
    try {
      begun.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof OktaProfilesException known ? known : unexpected(e.getCause());
    } catch (TimeoutException e) {
      throw new OktaProfilesException(ErrorCode.BUSY, "The cluster lock cannot be had; try again.", e);
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
   * @param request what is asked for
   * @param cancelled asked every second while the run goes on: whether it is to stop
   * @throws OktaProfilesException if the run fails, or with {@link ErrorCode#BUSY} if any node runs
   */
  public SyncReport run(SyncRequest request, BooleanSupplier cancelled) {
    return run(request, cancelled, new CompletableFuture<>());
  }

  private SyncReport run(SyncRequest request, BooleanSupplier cancelled, CompletableFuture<Void> begun) {
    return door.hold(() -> {
      synchronized (this) {
        if (stopping || running != null) {
          throw new OktaProfilesException(ErrorCode.BUSY, "This node is stopping or running already.", null);
        }
        running = Thread.currentThread();
      }
      try {
        return runLocked(request, cancelled, begun);
      } finally {
        running = null;
      }
    });
  }

  private SyncReport runLocked(SyncRequest request, BooleanSupplier cancelled, CompletableFuture<Void> begun) {
    Instant started = Instant.now();
    board.forgetStop();
    try (RunMonitor monitor = new RunMonitor(host, board, directory, request, started, cancelled)) {
      begun.complete(null);
      try {
        settings.requireSound();
        snapshots.takeOver(pins);
        pins.catchUp();
        if (request.dryRun()) {
          DryRun dryRun = directory.use(engine ->
              JiraUsers.read(host, users -> engine.planning().dryRun(request.options(), 0, users)));
          lastDryRun = dryRun;
          monitor.end(null);
          return dryRun.report();
        }
        SyncReport report = directory.change(engine -> {
          JiraUsers.read(host, users -> engine.matching().replaceJiraUsers(users, request.confirmJiraLoss()));
          monitor.failIfAskedToStop();
          return engine.sync(request.options());
        });
        pins.catchUp();
        forgotten.publish();
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

  /**
   * What the last dry run of this node found since it started. Nothing of a dry run is recorded.
   *
   * @return the dry run, if there was one
   */
  public Optional<DryRun> lastDryRun() {
    return Optional.ofNullable(lastDryRun);
  }

  /** Stops the run, on whatever node it is. It can be resumed. */
  public void cancel() {
    board.askToStop();
    if (isRunning()) {
      directory.cancel();
    }
  }

  /** Goes on with the run of a node that was killed. */
  void takeOverAbandoned(BooleanSupplier cancelled) {
    board.abandoned().ifPresent(request -> {
      LOG.log(Level.INFO, "The node that synchronized is gone; this one goes on.");
      run(request, cancelled);
    });
  }

  /** Stops this node's run and waits for it. */
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
