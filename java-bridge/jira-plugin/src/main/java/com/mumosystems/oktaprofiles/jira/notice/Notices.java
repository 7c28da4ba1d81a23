package com.mumosystems.oktaprofiles.jira.notice;

import com.mumosystems.oktaprofiles.ErrorClass;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.TokenStatus;
import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.host.Optionally;
import com.mumosystems.oktaprofiles.jira.node.ClusterLocks;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import com.mumosystems.oktaprofiles.jira.node.SharedFile;
import com.mumosystems.oktaprofiles.jira.settings.SettingsStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells administrators about problems that last: by mail, once for each cause in the whole cluster, and on the
 * pages that ask for notices. The notices that were sent are recorded on the shared home, because the next run may
 * be on another node.
 */
public final class Notices {
  private static final System.Logger LOG = JiraLog.of(Notices.class);
  private static final String LOCK = "com.mumosystems.okta-profiles.notices";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int IN_A_ROW = 3;
  /**
   * How many causes are remembered: the newest of each kind, and some more, so that a cause that lasts is not sent
   * twice.
   */
  private static final int REMEMBERED = 10;
  /** Errors of a run that say nothing about the next run. */
  private static final Set<ErrorCode> NO_FAILURES = Set.of(ErrorCode.CANCELLED, ErrorCode.BUSY, ErrorCode.NOT_CONNECTED);

  private static final Set<ErrorCode> PASSING = Set.of(ErrorCode.CANCELLED, ErrorCode.BUSY, ErrorCode.INVALID_HANDLE);

  private final Host host;
  private final NodeDirectory directory;
  private final SettingsStore settings;
  private final SharedFile<Noted> file;

  /**
   * The results of the last runs, and the notices that were sent.
   *
   * @param failures how many runs failed since the last complete one
   * @param words the message of the last failure
   * @param refused whether the last failure was a guard's refusal
   * @param since when the last complete run ended; empty if there was none yet
   * @param told the causes for which a mail was sent
   */
  private record Noted(int failures, String words, boolean refused, String since, List<String> told) {
    static Noted beginning() {
      return new Noted(0, "", false, "", List.of());
    }

    boolean isSound() {
      return failures >= 0 && words != null && since != null && told != null;
    }
  }

  /**
   * Sends no notice yet.
   *
   * @param host the services of Jira
   * @param folders the shared home
   * @param directory the directory of this node
   * @param settings the addresses for mails
   */
  public Notices(Host host, HomeFolders folders, NodeDirectory directory, SettingsStore settings) {
    this.host = host;
    this.directory = directory;
    this.settings = settings;
    file = new SharedFile<>(() -> folders.shared().resolve("notices.json"), Noted.class, Noted::isSound);
  }

  /**
   * Notes how a run ended, and sends the notices that follow from it. If a notice fails, the run is not affected.
   *
   * @param failure the error of the run; null if the run is complete
   */
  public void runEnded(OktaProfilesException failure) {
    if (failure != null && NO_FAILURES.contains(failure.code())) {
      return;
    }
    guarded(() -> {
      locked(() -> file.write(after(noted(), failure)));
      tell();
    });
  }

  private static Noted after(Noted before, OktaProfilesException failure) {
    if (failure == null) {
      return new Noted(0, "", false, Instant.now().toString(), before.told());
    }
    boolean refused = failure.code().errorClass() == ErrorClass.CONFIRM;
    return new Noted(before.failures() + 1, failure.getMessage(), refused, before.since(), before.told());
  }

  /**
   * The problems that administrators should know now.
   *
   * @return the problems; empty if there are none
   */
  public List<Concern> concerns() {
    return concerns(noted());
  }

  private List<Concern> concerns(Noted now) {
    List<Concern> concerns = new ArrayList<>();
    if (now.refused()) {
      concerns.add(new Concern(Concern.Kind.GUARD_REFUSED, "guard " + now.since(), now.words()));
    } else if (now.failures() >= IN_A_ROW) {
      concerns.add(new Concern(Concern.Kind.RUNS_FAIL, "runs " + now.since(), now.words()));
    }
    TokenStatus status = directory.use(engine -> engine.credentials().status());
    if (status.signInWarning()) {
      String ends = status.signInEnds().atZone(ZoneId.systemDefault()).toLocalDate().toString();
      concerns.add(new Concern(Concern.Kind.SIGN_IN_ENDS, "sign-in " + ends, ends));
    }
    return concerns;
  }

  /** Sends the mails that were not sent before, if there is an address to send them to. */
  public void tell() {
    guarded(() -> {
      if (!settings.read().noticesTo().isEmpty() && !untold(noted()).isEmpty()) {
        locked(this::mail);
      }
    });
  }

  private List<Concern> untold(Noted now) {
    return concerns(now).stream().filter(concern -> !now.told().contains(concern.cause())).toList();
  }

  private void mail() {
    Noted now = noted();
    List<Concern> news = untold(now);
    List<String> told = Stream.concat(now.told().stream(), news.stream().map(Concern::cause)).toList();
    told = told.subList(Math.max(0, told.size() - REMEMBERED), told.size());
    // First recorded, then sent: after a crash in between one mail is missing; the other way round there would be
    // one every minute.
    file.write(new Noted(now.failures(), now.words(), now.refused(), now.since(), told));
    for (Concern concern : news) {
      for (String address : settings.read().noticesTo()) {
        Optionally.run("notices by mail", () -> Mail.send(host, address, concern));
      }
    }
  }

  private Noted noted() {
    return file.read().orElseGet(Noted::beginning);
  }

  private void locked(Runnable work) {
    ClusterLocks.hold(host, LOCK, PATIENCE, () -> "Another node is sending notices to administrators.", () -> {
      work.run();
      return null;
    });
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | LinkageError e) {
      // The plugin is stopping, or another node sends the notices: nothing is wrong.
      if (!(e instanceof OktaProfilesException known) || !PASSING.contains(known.code())) {
        LOG.log(Level.WARNING, "The notices about runs could not be sent to administrators", e);
      }
    }
  }
}
