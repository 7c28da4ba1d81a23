package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.node.ClusterLocks;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one door through which the cluster asks Okta. Whoever asks may renew the credential, and a renewal makes the one
 * before worthless where Okta rotates them: two nodes that renew at a time end the sign-in.
 */
public final class OktaDoor {
  private static final String LOCK = "com.mumosystems.okta-profiles.sync";
  /** For a call of the page that somebody else's page has just begun. A run takes longer and is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Host host;
  private final NodeDirectory directory;
  private final RunBoard board;

  /**
   * Opens nothing yet.
   *
   * @param host the services of Jira
   * @param board where runs are announced
   */
  public OktaDoor(Host host, NodeDirectory directory, RunBoard board) {
    this.host = host;
    this.directory = directory;
    this.board = board;
  }

  /**
   * Makes one call that asks Okta, or replaces what Okta is asked with.
   *
   * @param <T> what the call gives
   * @return what it gives
   * @throws com.mumosystems.oktaprofiles.OktaProfilesException with BUSY if another call or a run goes on
   */
  public <T> T ask(Function<OktaProfiles, T> call) {
    return hold(() -> directory.use(call));
  }

  /** Works while no other thread of the cluster asks Okta. */
  <T> T hold(Supplier<T> work) {
    Duration patience = run().isPresent() ? Duration.ZERO : PATIENCE;
    return ClusterLocks.hold(host, LOCK, patience, this::whoIsBusy, work);
  }

  private Optional<RunBoard.Notice> run() {
    return board.read().filter(RunBoard.Notice::running).filter(board::isFresh);
  }

  private String whoIsBusy() {
    return run()
        .map(notice -> "A synchronization is running on node " + notice.node()
            + ". Stop it or wait for its end, then try again.")
        .orElse("The connection to Okta is being used by another page or node; try again in a moment.");
  }
}
