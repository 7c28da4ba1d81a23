package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.Live;
import com.mumosystems.oktaprofiles.LogPoll;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.JiraThreads;
import com.mumosystems.oktaprofiles.jira.host.MissingService;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
import com.mumosystems.oktaprofiles.jira.node.UserHints;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Live: reads the users again that Okta's events name, on a thread that exists while live is on. Jira's scheduler
 * cannot run a job every few seconds.
 *
 * <p>Every node takes deliveries, and the engine keeps them where all nodes find them. Only the node with the duty
 * reads the System Log, reads again what events on any node name, and checks the hook. It also hands over new and
 * changed users of Jira.
 */
public final class LiveRefresh {
  private static final System.Logger LOG = JiraLog.of(LiveRefresh.class);
  private static final Duration TURN = Duration.ofSeconds(2);
  /** How often to look for work that must wait for Okta, such as a user that Okta does not show yet. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(4);
  private static final Duration CHECK_EVERY = Duration.ofHours(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final long PATIENCE_MILLIS = 3_000;

  private final Host host;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final UserHints hints;
  private final OktaDoor door;
  private final SyncRunner runner;
  private final LiveBoard board;
  private final Semaphore bell = new Semaphore(0);
  private volatile boolean stopped;
  private volatile boolean on;
  private volatile RunBoard.Fault problem;
  private volatile RunBoard.Fault hookProblem;
  /** Whether there may be work that this node does not know of yet: after a start, and after a delivery. */
  private volatile boolean told = true;
  private Thread thread;
  private long nextPoll;
  private long nextLook;
  private long nextCheck;
  private volatile long notBefore;
  private Duration pause = TURN;

  /**
   * Starts nothing yet.
   *
   * @param host the services of Jira
   * @param settings where live is switched on
   * @param directory the directory of this node
   * @param snapshots knows whether other nodes have deliveries
   * @param hints knows whether users of Jira have changed
   * @param door the door to Okta
   * @param runner runs
   * @param board where the status of live is reported
   */
  public LiveRefresh(
      Host host,
      SettingsStore settings,
      NodeDirectory directory,
      Snapshots snapshots,
      UserHints hints,
      OktaDoor door,
      SyncRunner runner,
      LiveBoard board) {
    this.hints = hints;
    this.snapshots = snapshots;
    this.host = host;
    this.settings = settings;
    this.directory = directory;
    this.door = door;
    this.runner = runner;
    this.board = board;
    nextPoll = System.nanoTime();
    nextLook = nextPoll;
    notBefore = nextPoll;
    nextCheck = nextPoll + CHECK_EVERY.toNanos();
  }

  /** Starts live, or continues it with other settings, because these may cure a problem of the earlier ones. */
  public void begin() {
    keepOn();
    hookProblem = null;
    notBefore = System.nanoTime();
    wake();
  }

  /** Starts the thread if live is on. The thread ends by itself when live is off. */
  synchronized void keepOn() {
    on = isOn();
    if (thread == null && !stopped && on) {
      told = true;
      thread = JiraThreads.startLasting("okta-profiles-live", this::work);
    }
  }

  /**
   * Must be called after a delivery or a change of settings: this node then looks for work at once if it has the
   * duty.
   */
  public void wake() {
    told = true;
    bell.release();
  }

  private boolean isOn() {
    return !settings.read().live().source().equals("off");
  }

  private void work() {
    try {
      do {
        if (bell.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
          bell.drainPermits();
        }
        lookWithin();
      } while (!hasEnded());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One turn. A failure in one turn does not end the thread. */
  private void lookWithin() {
    try {
      JiraThreads.within(host, this::look);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "A turn of live failed; the next turn follows", e);
    }
  }

  private void look() {
    try {
      on = isOn();
    } catch (RuntimeException e) {
      // Jira's database cannot be read. That does not mean that live was switched off, so the thread stays.
      return;
    }
    if (on && !stopped && System.nanoTime() >= notBefore) {
      attempt();
    }
  }

  private synchronized boolean hasEnded() {
    if (stopped) {
      return true;
    }
    if (!on) {
      thread = null;
    }
    return !on;
  }

  private void attempt() {
    boolean ours = false;
    try {
      ours = board.isOurs();
      directory.refreshSettings();
      if (ours) {
        turn();
      }
      problem = null;
      pause = TURN;
    } catch (OktaProfilesException e) {
      putOff(e);
    } catch (LinkageError e) {
      putOff(MissingService.of(e));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Live failed; it tries again in a while", e);
      putOff(new OktaProfilesException(ErrorCode.INTERNAL, "Live failed: " + e, e));
    }
    if (ours) {
      tell();
    }
  }

  private void turn() {
    JiraSettings.Live live = settings.read().live();
    long now = System.nanoTime();
    if (live.source().equals("log") && now >= nextPoll) {
      poll();
    }
    if (live.source().equals("hook") && now >= nextCheck) {
      checkHook();
      nextCheck = now + CHECK_EVERY.toNanos();
    }
    if (told
        || hints.hasNews()
        || (host.clustered() && snapshots.hasDeliveries())
        || (now >= nextLook && isWaiting())) {
      refresh();
    }
  }

  /**
   * Checks the hook, because Okta no longer delivers if somebody has switched it off. A problem of the hook stops
   * nothing else.
   */
  private void checkHook() {
    try {
      runner.share(Live::check);
      hookProblem = null;
    } catch (OktaProfilesException e) {
      if (e.code() == ErrorCode.BUSY) {
        throw e;
      }
      LOG.log(Level.WARNING, "The event hook needs the help of an administrator: {0}", e.getMessage());
      hookProblem = RunBoard.Fault.of(e);
    }
  }

  private boolean isWaiting() {
    return directory.use(engine -> engine.live().status()).pending() > 0;
  }

  private void refresh() {
    boolean before = told;
    told = false;
    try {
      // The next turn reads what one run leaves.
      told |= runner.refresh().isPresent();
      nextLook = System.nanoTime() + LOOK_AGAIN.toNanos();
    } catch (RuntimeException e) {
      told |= before;
      throw e;
    }
  }

  private void poll() {
    // While this node runs, it holds the door, and no other node asks Okta.
    LogPoll poll = runner.isRunning()
        ? directory.use(engine -> engine.live().poll())
        : door.ask(engine -> engine.live().poll());
    nextPoll = System.nanoTime() + (poll.more() ? 0 : poll.nextIn().toNanos());
    told |= poll.events() > 0;
  }

  /** Chooses when to try again: soon if another run only has to end, and ever later after a refusal. */
  private void putOff(OktaProfilesException e) {
    if (stopped || e.code() == ErrorCode.CANCELLED) {
      return;
    }
    if (e.code() == ErrorCode.BUSY) {
      notBefore = System.nanoTime() + TURN.toNanos();
      return;
    }
    RunBoard.Fault fault = RunBoard.Fault.of(e);
    // A missing credential is not logged, because the page shows it. Every other problem is logged once.
    boolean known = problem != null && fault.message().equals(problem.message());
    if (!known && e.code() != ErrorCode.NOT_CONNECTED) {
      LOG.log(Level.WARNING, "Live waits: {0}", e.getMessage());
    }
    problem = fault;
    pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    Duration asked = e.retryAfter().orElse(Duration.ZERO);
    notBefore = System.nanoTime() + (asked.compareTo(pause) > 0 ? asked : pause).toNanos();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void tell() {
    try {
      // Another node may have taken the duty meanwhile.
      if (!stopped && board.isOurs()) {
        LiveBoard.LiveFigures figures = LiveBoard.LiveFigures.of(directory.use(engine -> engine.live().status()));
        board.tell(figures, problem != null ? problem : hookProblem);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The status of live cannot be written: {0}", e.getMessage());
    }
  }

  /** Ends the thread. Its call in the engine ends when the engine closes. */
  public void stop() {
    stopped = true;
    bell.release();
  }

  /** Waits a little for the thread, after everything that it might use was closed. */
  public void awaitThread() {
    Thread last;
    synchronized (this) {
      last = thread;
    }
    try {
      if (last != null) {
        last.join(PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
