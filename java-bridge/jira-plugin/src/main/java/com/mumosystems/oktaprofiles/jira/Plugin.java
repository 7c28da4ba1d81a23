package com.mumosystems.oktaprofiles.jira;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.host.UninstallListener;
import com.mumosystems.oktaprofiles.jira.host.UserEvents;
import com.mumosystems.oktaprofiles.jira.jmx.DirectoryBean;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.PinJournal;
import com.mumosystems.oktaprofiles.jira.node.Snapshots;
import com.mumosystems.oktaprofiles.jira.node.UserHints;
import com.mumosystems.oktaprofiles.jira.notice.Notices;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import com.mumosystems.oktaprofiles.jira.sync.ForgottenPeople;
import com.mumosystems.oktaprofiles.jira.sync.LiveBoard;
import com.mumosystems.oktaprofiles.jira.sync.LiveRefresh;
import com.mumosystems.oktaprofiles.jira.sync.OktaDoor;
import com.mumosystems.oktaprofiles.jira.sync.RunBoard;
import com.mumosystems.oktaprofiles.jira.sync.Schedule;
import com.mumosystems.oktaprofiles.jira.sync.SyncRunner;
import com.mumosystems.oktaprofiles.jira.web.EventGate;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * The running plugin and its parts.
 *
 * <p>The host makes servlets, panels and JQL functions itself, without knowing this object. So they get it from
 * {@link #current}.
 */
public final class Plugin {
  /** The plugin key, the same as the bundle's symbolic name. */
  public static final String KEY = "com.mumosystems.okta-profiles";

  /**
   * The message for a request while the plugin is stopped. It is a constant, because Jira's texts of the plugin are
   * gone then.
   */
  public static final String STOPPED = "Okta Profiles is stopped. Try again when it runs.";

  private static final System.Logger LOG = JiraLog.of(Plugin.class);
  private static volatile Plugin current;

  private final Host host;
  private final HomeFolders folders;
  private final SettingsStore settings;
  private final NodeDirectory directory;
  private final Snapshots snapshots;
  private final PinJournal pins;
  private final UserHints hints;
  private final RunBoard board;
  private final OktaDoor door;
  private final ForgottenPeople forgotten;
  private final Notices notices;
  private final SyncRunner runner;
  private final LiveBoard liveBoard;
  private final LiveRefresh live;
  private final Schedule schedule;
  private final EventGate eventGate;
  private Runnable endOfListening = () -> { };
  private Runnable endOfUserEvents = () -> { };
  private Runnable endOfFigures = () -> { };

  private Plugin(Host host) {
    this.host = host;
    folders = new HomeFolders(host);
    settings = new SettingsStore(host);
    directory = new NodeDirectory(host, folders, settings);
    hints = new UserHints(host, folders);
    snapshots = new Snapshots(folders, directory, hints, host);
    pins = new PinJournal(host, folders, directory);
    board = new RunBoard(folders, host.nodeId());
    door = new OktaDoor(host, directory, board);
    forgotten = new ForgottenPeople(host, folders, directory, snapshots, pins, hints, door);
    notices = new Notices(host, folders, directory, settings);
    runner = new SyncRunner(host, settings, directory, snapshots, pins, hints, board, door, forgotten, notices);
    eventGate = new EventGate(System::nanoTime, () -> directory.use(engine -> engine.live().secretDigests()));
    liveBoard = new LiveBoard(folders, host.nodeId());
    live = new LiveRefresh(host, settings, directory, snapshots, hints, door, runner, liveBoard);
    schedule = new Schedule(host, settings, directory, snapshots, pins, hints, runner, forgotten, live, notices);
  }

  /**
   * Starts the plugin, unless it is already running. It opens no file and no engine yet.
   *
   * @param host the services of Jira
   * @return the running plugin
   */
  public static synchronized Plugin start(Host host) {
    if (current == null) {
      current = new Plugin(host);
    }
    return current;
  }

  /** Stops running work, within ten seconds, and closes every file. Stopping again does nothing. */
  public static synchronized void stop() {
    Plugin plugin = current;
    current = null;
    if (plugin != null) {
      // Each step is tried separately: while Jira shuts down, the scheduler or the shared home may already be gone.
      attempt(plugin.endOfListening);
      attempt(plugin.endOfUserEvents);
      attempt(plugin.hints::end);
      attempt(plugin.endOfFigures);
      attempt(plugin.schedule::stop);
      attempt(plugin.live::stop);
      attempt(plugin.runner::stop);
      attempt(plugin.directory::close);
      attempt(plugin.schedule::awaitThreads);
      attempt(plugin.live::awaitThread);
    }
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "A step of stopping Okta Profiles failed; the others go on", e);
    }
  }

  /**
   * The plugin, for code that Jira may also call while the plugin is stopped.
   *
   * @return the plugin; empty if it is stopped
   */
  public static Optional<Plugin> running() {
    return Optional.ofNullable(current);
  }

  /**
   * The running plugin.
   *
   * @throws OktaProfilesException with CANCELLED if it does not run
   */
  public static Plugin current() {
    return running().orElseThrow(() -> new OktaProfilesException(ErrorCode.CANCELLED, STOPPED, null));
  }

  /** Called when the whole host is up: registers the jobs, and opens the directory in the background. */
  public void hostIsUp() {
    try {
      Optionally.run(
          "ending the scheduled runs when the plugin is uninstalled",
          () -> endOfListening = UninstallListener.listen(host, KEY, schedule::end));
      listenToUserEvents();
      Optionally.run("figures under JMX", () -> endOfFigures = DirectoryBean.register(directory));
      schedule.start();
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "Okta Profiles could not register its jobs", e);
    }
  }

  private void listenToUserEvents() {
    boolean listens = Optionally.run(
        "events about users of Jira, so each run compares all of them",
        () -> endOfUserEvents = UserEvents.listen(host, hints::changed, hints::missed));
    if (listens) {
      hints.begin();
    }
  }

  /** The services of Jira. */
  public Host host() {
    return host;
  }

  /** The folders where files are kept. */
  public HomeFolders folders() {
    return folders;
  }

  /** The settings of the plugin, the same on every node. */
  public SettingsStore settings() {
    return settings;
  }

  /** The directory of this node. */
  public NodeDirectory directory() {
    return directory;
  }

  /** Publishes a finished directory to the other nodes and takes over theirs. */
  public Snapshots snapshots() {
    return snapshots;
  }

  /** Matches made by hand, for every node. */
  public PinJournal pins() {
    return pins;
  }

  /** What all nodes know about the present run. */
  public RunBoard board() {
    return board;
  }

  /** The only way to call Okta; every call that may renew or replace the credential goes through it. */
  public OktaDoor door() {
    return door;
  }

  /**
   * Users of Jira who must be erased.
   *
   * @return the list of these users
   */
  public ForgottenPeople forgotten() {
    return forgotten;
  }

  /** The notices for administrators. */
  public Notices notices() {
    return notices;
  }

  /** Starts and stops runs; only one runs at a time in the cluster. */
  public SyncRunner runner() {
    return runner;
  }

  /** What all nodes know about live. */
  public LiveBoard liveBoard() {
    return liveBoard;
  }

  /** Reads the users again that Okta's events name. */
  public LiveRefresh live() {
    return live;
  }

  /** Decides which deliveries of Okta's event hook are handled. */
  public EventGate eventGate() {
    return eventGate;
  }

  /** The jobs in Jira's scheduler. */
  public Schedule schedule() {
    return schedule;
  }
}
