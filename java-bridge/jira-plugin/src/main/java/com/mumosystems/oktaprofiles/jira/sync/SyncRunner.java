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
  /** What takes no longer is told to nobody: reading a few users again is no run that an administrator waits for. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private final Host host;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final RunBoard board;
  private final OktaDoor door;
  private final ForgottenPeople forgotten;
  private final Notices notices;
  private volatile Thread running;
  private volatile boolean refreshing;
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
   * @param notices told how each run ended
   */
  public SyncRunner(
      Host host,
      SettingsStore settings,
      NodeDirectory directory,
      Snapshots snapshots,
      PinJournal pins,
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
    this.board = board;
  }

  /**
   * Whether this node runs.
   *
   * @return whether a run of this node goes on; not what {@link #refresh} does, which the board tells if it takes long
   */
  public boolean isRunning() {
    return running != null && !refreshing;
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
    return alone(false, () -> runLocked(request, cancelled, begun));
  }

  /**
   * Reads again what events told to have moved, and hands it to the other nodes.
   *
   * @return the run; none if nothing was to be done
   * @throws OktaProfilesException if the run fails, or with {@link ErrorCode#BUSY} if any node runs
   */
  Optional<SyncReport> refresh() {
    return alone(true, this::refreshLocked);
  }

  /**
   * Makes a call about live that asks Okta, and hands what it changed to the other nodes: each of them takes deliveries
   * and must know their secret.
   *
   * @param <T> what the call gives
   * @return what it gives
   * @throws OktaProfilesException if the call fails, or with {@link ErrorCode#BUSY} if any node runs
   */
  public <T> T share(Function<Live, T> call) {
    return door.hold(() -> {
      snapshots.takeOver(pins);
      try {
        return directory.use(engine -> call.apply(engine.live()));
      } finally {
        // Also after a failure: the secret may be at Okta already. Without a state that others follow this node may know
        // less than they do.
        if (snapshots.newest().isPresent()) {
          forgotten.publish();
        }
      }
    });
  }

  /** Works under the cluster's lock, as the one thread of this node that does. */
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
        // What was delivered goes from the shared home once it is published, read again or still waiting.
        if (report.isPresent() || delivered) {
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

  /** A dry run that fails keeps nothing from being fresh. */
  private void tell(SyncRequest request, OktaProfilesException failure) {
    if (!request.dryRun()) {
      notices.runEnded(failure);
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
