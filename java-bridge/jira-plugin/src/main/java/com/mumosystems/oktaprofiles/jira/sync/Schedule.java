package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.JiraThreads;
import com.mumosystems.oktaprofiles.jira.host.MissingService;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.PinJournal;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
import com.mumosystems.oktaprofiles.jira.node.UserHints;
import com.mumosystems.oktaprofiles.jira.notice.Notices;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The plugin's two jobs in Jira's scheduler: the run itself, once per cluster, and on each node every minute a look
 * at the work of the other nodes.
 */
public final class Schedule {
  private static final System.Logger LOG = JiraLog.of(Schedule.class);
  private static final String SYNC = "sync";
  private static final String FOLLOW = "follow";
  private static final String JOBS = "synchronizing on a schedule and following the other nodes";
  private static final Duration FOLLOW_EVERY = Duration.ofMinutes(1);
  private static final long PATIENCE_MILLIS = 3_000;
  /** How often a small file on the shared home is checked, so that a change of another node arrives here soon. */
  private static final long LOOK_EVERY_MILLIS = 2_000;

  private final Host host;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final UserHints hints;
  private final SyncRunner runner;
  private final ForgottenPeople forgotten;
  private final LiveRefresh live;
  private final Notices notices;
  private final EngineLog engineLog;
  private final ReentrantLock following = new ReentrantLock();
  private Set<String> lastFailures = Set.of();
  private boolean started;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Thread opening;
  private Thread watching;

  /**
   * Schedules nothing yet.
   *
   * @param host the services of Jira
   * @param settings contains the interval
   * @param directory the directory of this node
   * @param snapshots takes over the publications of other nodes
   * @param pins matches made by hand
   * @param hints users of Jira who changed
   * @param runner starts runs
   * @param forgotten users who must be erased
   * @param live has a schedule of its own
   * @param notices the notices for administrators
   */
  public Schedule(
      Host host,
      SettingsStore settings,
      NodeDirectory directory,
      Snapshots snapshots,
      PinJournal pins,
      UserHints hints,
      SyncRunner runner,
      ForgottenPeople forgotten,
      LiveRefresh live,
      Notices notices) {
    this.live = live;
    this.notices = notices;
    this.forgotten = forgotten;
    this.host = host;
    this.settings = settings;
    this.directory = directory;
    this.snapshots = snapshots;
    this.pins = pins;
    this.hints = hints;
    this.runner = runner;
    engineLog = new EngineLog(directory);
  }

  /** Registers the jobs and begins to follow the cluster. */
  public synchronized void start() {
    started = true;
    opening = JiraThreads.start(host, "okta-profiles-start", () -> follow(() -> false));
    if (host.clustered()) {
      watching = JiraThreads.start(host, "okta-profiles-watch", this::watch);
    }
    withScheduler(scheduler -> {
      scheduler.register(SYNC, this::runSync);
      scheduler.register(FOLLOW, this::runFollow);
      scheduler.everywhere(FOLLOW, FOLLOW_EVERY);
    });
    plan();
  }

  /**
   * Follows as soon as another node has published, and passes on which users of Jira changed. Jira's scheduler cannot
   * run a job every few seconds.
   */
  private void watch() {
    try {
      while (!stopped.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        if (snapshots.hasMoved() || hints.hasQueued()) {
          follow(() -> false);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Okta Profiles follows the cluster only every minute", e);
    }
  }

  /** Puts the interval of the settings in force. If it has not changed, the time of the next run stays. */
  public void plan() {
    withScheduler(scheduler -> {
      int minutes = settings.read().intervalMinutes();
      if (minutes > 0) {
        scheduler.oncePerCluster(SYNC, Duration.ofMinutes(minutes));
      } else {
        scheduler.unschedule(SYNC);
      }
    });
    withLive(live::begin);
  }

  /** Ends the scheduled runs for the whole cluster, before the plugin is uninstalled. */
  public void end() {
    withScheduler(scheduler -> scheduler.unschedule(SYNC));
  }

  private void withScheduler(Consumer<JiraScheduler> work) {
    Optionally.run(JOBS, () -> work.accept(new JiraScheduler(host)));
  }

  /** Without readable settings there is neither live nor a schedule; the log says so once. */
  private static void withLive(Runnable work) {
    Optionally.run(JOBS, work);
  }

  private String runSync(BooleanSupplier cancelled) {
    try {
      return "run " + runner.run(SyncRequest.scheduled(), cancelled).run();
    } finally {
      engineLog.passOn();
    }
  }

  private String runFollow(BooleanSupplier cancelled) {
    follow(cancelled);
    engineLog.passOn();
    // Live may have been switched on on another node.
    withLive(live::keepOn);
    return "followed";
  }

  /**
   * Takes over what other nodes finished, decided or left behind. If another thread is already doing that, nothing
   * is done.
   */
  private void follow(BooleanSupplier cancelled) {
    if (!following.tryLock()) {
      return;
    }
    try {
      if (!runner.isRunning()) {
        catchUp(cancelled);
      }
    } finally {
      following.unlock();
    }
  }

  private void catchUp(BooleanSupplier cancelled) {
    Set<String> failures = new HashSet<>();
    // All steps need the settings. Each of the others runs even if another one fails: a state that cannot be followed
    // must not stop the erasure of a user.
    if (attempt(directory::refreshSettings, failures)) {
      for (Runnable step : List.<Runnable>of(
          hints::passOn,
          () -> snapshots.takeOver(pins),
          pins::catchUp,
          forgotten::followWishes,
          () -> runner.takeOverAbandoned(cancelled),
          notices::tell)) {
        attempt(step, failures);
      }
    }
    lastFailures = failures;
  }

  /** Runs a step and logs its failure; false if it failed. */
  private boolean attempt(Runnable step, Set<String> failures) {
    try {
      step.run();
      return true;
    } catch (OktaProfilesException e) {
      // A cancel or a stop of the plugin needs no message. If a node is publishing right now, it is followed next
      // time.
      if (e.code() != ErrorCode.CANCELLED && e.code() != ErrorCode.BUSY) {
        tell(e, failures);
      }
    } catch (LinkageError e) {
      tell(MissingService.of(e), failures);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Okta Profiles cannot follow the cluster", e);
    }
    return false;
  }

  /**
   * Logs a failure once as long as it stays the same, and not every minute. Failures while the plugin stops are not
   * logged.
   */
  private void tell(OktaProfilesException failure, Set<String> failures) {
    boolean told = !failures.add(failure.getMessage()) || lastFailures.contains(failure.getMessage());
    if (stopped.getCount() > 0 && !told) {
      LOG.log(Level.WARNING, "Okta Profiles cannot follow the cluster: {0}", failure.getMessage());
    }
  }

  /** Removes the jobs of this node from the scheduler, which would keep the plugin's classes alive. */
  public synchronized void stop() {
    stopped.countDown();
    if (!started) {
      return;
    }
    started = false;
    withScheduler(scheduler -> {
      scheduler.unschedule(FOLLOW);
      scheduler.unregister(FOLLOW);
      // The job of the cluster stays, because other nodes still run it.
      scheduler.unregister(SYNC);
    });
  }

  /** Waits a little for the threads of {@link #start}, after everything that they might use was closed. */
  public void awaitThreads() {
    for (Thread thread : new Thread[] {opening, watching}) {
      try {
        if (thread != null) {
          thread.join(PATIENCE_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
